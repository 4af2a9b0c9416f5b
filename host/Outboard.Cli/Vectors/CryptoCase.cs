using Outboard.Crypto;
using Outboard.Security;

namespace Outboard.Cli.Vectors;

/// <summary>One known answer for a crypto device.</summary>
/// <param name="Id">The case in its file.</param>
/// <param name="IsValid">True: must be accepted; false: must be refused; null: may be either.</param>
internal abstract record CryptoCase(string Id, bool? IsValid);

/// <summary>A cipher without authentication.</summary>
internal sealed record CipherCase(
    string Id, bool? IsValid, CipherAlgorithm Algorithm, byte[] Key, byte[] Iv, byte[] Plaintext, byte[] Ciphertext)
    : CryptoCase(Id, IsValid)
{
    /// <summary>The range in bits where it is not whole bytes; what lies around it is the same on both sides.</summary>
    public BitRange? Bits { get; init; }
}

/// <summary>CBC with the padding of PKCS #7, which the device leaves to its caller.</summary>
internal sealed record PaddedCipherCase(
    string Id, bool? IsValid, CipherAlgorithm Algorithm, byte[] Key, byte[] Iv, byte[] Plaintext, byte[] Ciphertext)
    : CryptoCase(Id, IsValid);

/// <summary>A message authentication code; the key is empty for a digest.</summary>
internal sealed record AuthCase(
    string Id, bool? IsValid, AuthAlgorithm Algorithm, byte[] Key, byte[] Iv, byte[] Message, byte[] Code)
    : CryptoCase(Id, IsValid)
{
    /// <summary>The length of the message in bits where it is given in bits.</summary>
    public int? BitLength { get; init; }
}

/// <summary>Authenticated encryption.</summary>
internal sealed record AeadCase(
    string Id, bool? IsValid, AeadAlgorithm Algorithm, byte[] Key, byte[] Iv, byte[] Associated, byte[] Plaintext, byte[] Ciphertext, byte[] Tag)
    : CryptoCase(Id, IsValid)
{
    /// <summary>Whether the IV is the sixteen bytes of a GCM counter block J0, not a nonce.</summary>
    public bool IsReadyCounter { get; init; }
}

/// <summary>Offset and length in bits.</summary>
internal readonly record struct BitRange(int Offset, int Length)
{
    /// <summary>Whether both are whole bytes.</summary>
    public bool IsWhole => ((Offset | Length) & 7) == 0;
}

/// <summary>One of the two algorithms of a chain.</summary>
/// <param name="Algorithm">Which.</param>
/// <param name="Key">Its key.</param>
/// <param name="Iv">Its IV as the file has it, whether or not the algorithm takes one.</param>
/// <param name="Range">What it runs over.</param>
internal sealed record ChainPart<TAlgorithm>(TAlgorithm Algorithm, byte[] Key, byte[] Iv, BitRange Range)
    where TAlgorithm : struct, Enum;

/// <summary>An authentication, then a cipher over a range that may hold the code.</summary>
internal sealed record ChainCase(
    string Id,
    ChainPart<CipherAlgorithm> Cipher,
    ChainPart<AuthAlgorithm> Auth,
    int CodeOffset,
    int CodeLength,
    byte[] Input,
    byte[] Output)
    : CryptoCase(Id, true);

/// <summary>A cipher, then a code over the ciphertext.</summary>
internal sealed record EncryptThenCodeCase(
    string Id, ChainPart<CipherAlgorithm> Cipher, ChainPart<AuthAlgorithm> Auth, byte[] Plaintext, byte[] Ciphertext, byte[] Code)
    : CryptoCase(Id, true);

/// <summary>An asymmetric operation.</summary>
/// <param name="Id">The case in its file.</param>
/// <param name="IsValid">Whether the answer must come out, must not, or may.</param>
/// <param name="Transform">The session; with the private key where the operation needs it.</param>
/// <param name="Operation">Verify, Sign or SharedSecret.</param>
/// <param name="Message">The message, its digest, or the peer's public key.</param>
/// <param name="Answer">The signature or the shared secret.</param>
internal sealed record AsymmetricCase(
    string Id, bool? IsValid, AsymmetricTransform Transform, AsymmetricOperation Operation, byte[] Message, byte[] Answer)
    : CryptoCase(Id, IsValid)
{
    /// <summary>The private key of a signature that is not the same each time: what it makes must verify too.</summary>
    public byte[] SigningKey { get; init; } = [];
}

/// <summary>A TLS record, and the fragment it protects.</summary>
/// <param name="Id">The case in its file.</param>
/// <param name="IsValid">Whether the record opens.</param>
/// <param name="Transform">The session that writes it.</param>
/// <param name="ContentType">The content type.</param>
/// <param name="PaddingLength">Padding beyond what there must be.</param>
/// <param name="ExplicitIv">The IV or nonce that the record carries.</param>
/// <param name="Fragment">The fragment.</param>
/// <param name="Record">The record with its header.</param>
/// <param name="OnlyOpen">Whether the record is one that can be read and would not be written.</param>
internal sealed record TlsCase(
    string Id,
    bool? IsValid,
    TlsRecordTransform Transform,
    byte ContentType,
    int PaddingLength,
    byte[] ExplicitIv,
    byte[] Fragment,
    byte[] Record,
    bool OnlyOpen)
    : CryptoCase(Id, IsValid);

/// <summary>A PDCP PDU with its header in the packet on both sides.</summary>
internal sealed record PdcpCase(string Id, PdcpTransform Transform, byte[] Input, byte[] Output)
    : CryptoCase(Id, true);

/// <summary>A case of something that the device class knows no transform for.</summary>
/// <param name="Id">The case in its file.</param>
/// <param name="What">What is not offered; the report names the device.</param>
internal sealed record NotOfferedCase(string Id, string What)
    : CryptoCase(Id, null);

/// <summary>A case that the file does not give whole or right.</summary>
internal sealed record UnknownCase(string Id, string Reason)
    : CryptoCase(Id, null);
