namespace Outboard.Crypto;

/// <summary>What the ops of a pool have room for besides symmetric ops with a session.</summary>
[Flags]
public enum CryptoOpRoom : byte
{
    /// <summary>Nothing more.</summary>
    None = 0,

    /// <summary>Ops that carry their transforms themselves.</summary>
    Sessionless = 1 << 0,

    /// <summary>Asymmetric ops.</summary>
    Asymmetric = 1 << 1,
}
