namespace Outboard.Plugins.Crypto.Tests.Simd;

/// <summary>Where the digest of a case lies.</summary>
internal enum DigestPlace
{
    InOp,
    Apart,
    Appended,
    Encrypted,
}
