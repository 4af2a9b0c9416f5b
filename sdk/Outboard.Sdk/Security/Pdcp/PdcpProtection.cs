namespace Outboard.Security.Pdcp;

/// <summary>Algorithms and keys of a bearer, the same in both directions.</summary>
/// <remarks>The entity copies the keys into its sessions and keeps no other trace of them than a hash.</remarks>
public sealed record PdcpProtection
{
    /// <summary>No ciphering and a MAC-I of zeros: a signalling bearer before security is activated.</summary>
    public static PdcpProtection NullWithCode { get; } = new() { Integrity = PdcpIntegrity.Nia0 };

    /// <summary>The ciphering algorithm.</summary>
    public PdcpCipher Cipher { get; init; } = PdcpCipher.Nea0;

    /// <summary>Its key, 16 bytes; empty for NEA0.</summary>
    public ReadOnlyMemory<byte> CipherKey { get; init; }

    /// <summary>The integrity algorithm.</summary>
    public PdcpIntegrity Integrity { get; init; } = PdcpIntegrity.None;

    /// <summary>Its key, 16 bytes; empty for none and NIA0.</summary>
    public ReadOnlyMemory<byte> IntegrityKey { get; init; }
}
