using System.Security.Cryptography;
using Outboard.Security;

namespace Outboard.Plugins.Crypto.Tests.Tls.OpenSsl;

/// <summary>One version and cipher suite as both sides call it.</summary>
/// <param name="Version">The protocol.</param>
/// <param name="Name">The suite's name in the openssl program.</param>
/// <param name="Suite">The suite here.</param>
/// <param name="KeyLength">Bytes of its key.</param>
/// <param name="EncryptThenMac">Whether the peers are to agree on RFC 7366.</param>
/// <param name="Sha384">Whether the key schedule uses SHA-384, not SHA-256.</param>
public sealed record PeerSuite(
    TlsVersion Version, string Name, TlsCipherSuite Suite, int KeyLength, bool EncryptThenMac = false, bool Sha384 = false)
{
    /// <summary>The hash of the key schedule.</summary>
    public HashAlgorithmName Hash => Sha384 ? HashAlgorithmName.SHA384 : HashAlgorithmName.SHA256;

    /// <summary>Bytes of the write IV.</summary>
    public int IvLength => Suite > TlsCipherSuite.AesCcm ? 0
        : Version == TlsVersion.Tls13 || Suite == TlsCipherSuite.ChaCha20Poly1305 ? 12 : 4;

    /// <summary>Bytes of the MAC's key.</summary>
    public int MacKeyLength => Suite switch
    {
        <= TlsCipherSuite.AesCcm => 0,
        TlsCipherSuite.AesCbcHmacSha256 or TlsCipherSuite.NullHmacSha256 => 32,
        TlsCipherSuite.AesCbcHmacSha384 => 48,
        _ => 20,
    };

    /// <summary>The program's option for the version.</summary>
    public string VersionOption => Version switch
    {
        TlsVersion.Tls12 => "-tls1_2",
        TlsVersion.Tls13 => "-tls1_3",
        _ => "-dtls1_2",
    };

    /// <inheritdoc/>
    public override string ToString() => $"{Version} {Name}{(EncryptThenMac ? " encrypt-then-MAC" : string.Empty)}";
}
