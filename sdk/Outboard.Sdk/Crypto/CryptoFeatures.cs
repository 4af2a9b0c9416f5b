namespace Outboard.Crypto;

/// <summary>What a crypto device can do beyond its algorithms.</summary>
/// <remarks><i>Source</i>: cryptodev's feature flags.</remarks>
[Flags]
public enum CryptoFeatures
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Symmetric ops.</summary>
    Symmetric = 1 << 0,

    /// <summary>Asymmetric ops.</summary>
    Asymmetric = 1 << 1,

    /// <summary>Chains of a cipher and an authentication.</summary>
    Chaining = 1 << 2,

    /// <summary>In-place ops on mbuf chains.</summary>
    InPlaceScatterGather = 1 << 3,

    /// <summary>Out-of-place ops.</summary>
    OutOfPlace = 1 << 4,

    /// <summary>Out-of-place ops on mbuf chains, on either side.</summary>
    OutOfPlaceScatterGather = 1 << 5,

    /// <summary>A digest inside the range that is ciphered.</summary>
    DigestEncrypted = 1 << 6,

    /// <summary>Symmetric ops without a session (<see cref="CryptoOp.SetSessionless"/>).</summary>
    Sessionless = 1 << 7,

    /// <summary>Offsets and lengths that are not whole bytes, for the algorithms that count bits.</summary>
    BitLengths = 1 << 8,

    /// <summary>The synchronous face (<see cref="CryptoDevice.Process"/>).</summary>
    Synchronous = 1 << 9,

    /// <summary>Security sessions (<see cref="CryptoDevice.Security"/>).</summary>
    Security = 1 << 10,
}
