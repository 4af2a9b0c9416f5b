using Outboard.Crypto;

namespace Outboard.Cli.Bench;

/// <summary>A symmetric algorithm, or a chain of two, as the benchmark runs it.</summary>
/// <param name="Name">Its name; the peers' where they have it.</param>
/// <param name="Cipher">The cipher, encrypting, or null.</param>
/// <param name="Auth">The authentication, generating, or null.</param>
/// <param name="Aead">The AEAD, encrypting, or null.</param>
/// <param name="AuthFirst">Whether a chain authenticates what is not yet encrypted, as PDCP does.</param>
internal sealed record CryptoBenchAlgorithm(
    string Name, CipherTransform? Cipher = null, AuthTransform? Auth = null, AeadTransform? Aead = null, bool AuthFirst = false)
{
    /// <summary>Whether the two directions differ, so that the case says which it is.</summary>
    private bool IsDirected => Aead is not null || (Cipher is not null && (Auth is null ? BlockLength != 1 : !AuthFirst));

    /// <summary>The block that the cipher's length is a multiple of, in bytes.</summary>
    public int BlockLength => Cipher?.Algorithm switch
    {
        CipherAlgorithm.AesCbc => 16,
        CipherAlgorithm.TripleDesCbc => 8,
        _ => 1,
    };

    /// <summary>What can be asked of it.</summary>
    public bool Offers(CryptoBenchOperation operation) =>
        (operation is CryptoBenchOperation.Encrypt or CryptoBenchOperation.Decrypt) == (Aead is not null || Cipher is not null);

    /// <summary>The case's name without the size.</summary>
    public string CaseName(CryptoBenchOperation operation) => operation switch
    {
        CryptoBenchOperation.Encrypt => IsDirected ? $"{Name}-enc" : Name,
        CryptoBenchOperation.Decrypt => $"{Name}-dec",
        CryptoBenchOperation.Generate => Name,
        _ => $"{Name}-verify",
    };

    /// <summary>The session that makes ciphertext or codes.</summary>
    public CryptoTransform Forward =>
        (CryptoTransform?)Aead ?? (AuthFirst ? Auth! with { Next = Cipher } : Cipher is null ? Auth! : Cipher with { Next = Auth });

    /// <summary>The session of the way back.</summary>
    public CryptoTransform Backward
    {
        get
        {
            if (Aead is not null)
            {
                return Aead with { Operation = CipherOperation.Decrypt };
            }

            CipherTransform? cipher = Cipher is null ? null : Cipher with { Operation = CipherOperation.Decrypt };
            AuthTransform? auth = Auth is null ? null : Auth with { Operation = AuthOperation.Verify };
            return auth is null ? cipher! : cipher is null ? auth : AuthFirst ? cipher with { Next = auth } : auth with { Next = cipher };
        }
    }
}
