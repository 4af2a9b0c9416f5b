namespace Outboard.Crypto;

/// <summary>What a <see cref="SessionlessTransform"/> is.</summary>
public enum SessionlessTransformKind : byte
{
    /// <summary>Nothing: the end of the chain.</summary>
    None,

    /// <summary>A cipher.</summary>
    Cipher,

    /// <summary>An authentication.</summary>
    Auth,

    /// <summary>An AEAD.</summary>
    Aead,
}
