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
    : CryptoCase(Id, IsValid);

/// <summary>A message authentication code; the key is empty for a digest.</summary>
internal sealed record AuthCase(
    string Id, bool? IsValid, AuthAlgorithm Algorithm, byte[] Key, byte[] Iv, byte[] Message, byte[] Code)
    : CryptoCase(Id, IsValid);

/// <summary>Authenticated encryption.</summary>
internal sealed record AeadCase(
    string Id, bool? IsValid, AeadAlgorithm Algorithm, byte[] Key, byte[] Iv, byte[] Associated, byte[] Plaintext, byte[] Ciphertext, byte[] Tag)
    : CryptoCase(Id, IsValid)
{
    /// <summary>Whether the IV is the sixteen bytes of a GCM counter block J0, not a nonce.</summary>
    public bool IsReadyCounter { get; init; }
}

/// <summary>An authentication, then a cipher over a range that may hold the code.</summary>
internal sealed record ChainCase(
    string Id,
    CipherAlgorithm Cipher,
    byte[] CipherKey,
    byte[] CipherIv,
    Range CipherRange,
    AuthAlgorithm Auth,
    byte[] AuthKey,
    Range AuthRange,
    int CodeOffset,
    int CodeLength,
    byte[] Input,
    byte[] Output)
    : CryptoCase(Id, true);

/// <summary>A cipher, then a code over the ciphertext.</summary>
internal sealed record EncryptThenCodeCase(
    string Id,
    CipherAlgorithm Cipher,
    byte[] CipherKey,
    byte[] CipherIv,
    int CipherOffset,
    AuthAlgorithm Auth,
    byte[] AuthKey,
    int AuthOffset,
    byte[] Plaintext,
    byte[] Ciphertext,
    byte[] Code)
    : CryptoCase(Id, true);

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

/// <summary>A case of something that the device class knows no transform for, or the file does not give whole.</summary>
internal sealed record UnknownCase(string Id, string Reason)
    : CryptoCase(Id, null);
