namespace Outboard.Crypto;

/// <summary>What a device notes on an op besides its status.</summary>
[Flags]
public enum CryptoOpFlags : byte
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The session's soft limit (packets, or the HFN threshold) is reached: re-key soon.</summary>
    SoftExpiry = 1 << 0,
}
