namespace Outboard.Crypto;

/// <summary>The direction of an authentication.</summary>
public enum AuthOperation
{
    /// <summary>Writes the digest.</summary>
    Generate,

    /// <summary>Compares the digest, in constant time.</summary>
    Verify,
}
