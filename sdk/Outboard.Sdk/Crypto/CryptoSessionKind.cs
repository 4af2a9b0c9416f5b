namespace Outboard.Crypto;

/// <summary>What an op's session is.</summary>
public enum CryptoSessionKind : byte
{
    /// <summary>None is set.</summary>
    None,

    /// <summary>A symmetric session.</summary>
    Symmetric,

    /// <summary>An asymmetric session.</summary>
    Asymmetric,

    /// <summary>A security session.</summary>
    Security,

    /// <summary>The op carries its transform itself.</summary>
    Sessionless,
}
