using Outboard.Crypto;
using Outboard.Plugins.Crypto.Keys;

namespace Outboard.Plugins.Crypto.Simd;

/// <summary>A cipher, an authentication, both in either order, or an AEAD.</summary>
internal sealed class SymmetricSession : SimdSession
{
    public SymmetricSession(KeyStore store, CryptoTransform transform)
    {
        ReadOnlyMemory<byte> cipherKey = default, authKey = default;
        Steps = transform.Next is null ? 1 : 2;
        AuthFirst = transform is AuthTransform;
        for (CryptoTransform? one = transform; one is not null; one = one.Next)
        {
            switch (one)
            {
                case CipherTransform cipher:
                    HasCipher = true;
                    IsCounterMode = cipher.Algorithm == CipherAlgorithm.AesCtr;
                    IvLength = cipher.IvLength;
                    cipherKey = cipher.Key;
                    break;
                case AuthTransform auth:
                    Auth = auth.Algorithm;
                    HasAuth = true;
                    Verify = auth.Operation == AuthOperation.Verify;
                    AuthIvLength = auth.IvLength;
                    DigestLength = auth.DigestLength;
                    authKey = auth.Key;
                    break;
                case AeadTransform aead:
                    IsAead = true;
                    Encrypt = aead.Operation == CipherOperation.Encrypt;
                    IvLength = aead.IvLength;
                    DigestLength = aead.DigestLength;
                    AadLength = aead.AadLength;
                    cipherKey = aead.Key;
                    break;
            }
        }

        SetKeys(store, cipherKey.Span, authKey.Span);
    }

    /// <summary>How many transforms.</summary>
    public int Steps { get; }

    /// <summary>Whether the authentication comes first, or stands alone.</summary>
    public bool AuthFirst { get; }

    public bool HasCipher { get; }

    /// <summary>AES-CTR; a cipher that is not is the null cipher.</summary>
    public bool IsCounterMode { get; }

    public bool HasAuth { get; }

    public AuthAlgorithm Auth { get; }

    /// <summary>Whether the digest is compared, not written.</summary>
    public bool Verify { get; }

    public bool IsAead { get; }

    /// <summary>The direction of an AEAD.</summary>
    public bool Encrypt { get; }

    public int IvLength { get; }

    public int AuthIvLength { get; }

    public int DigestLength { get; }

    public int AadLength { get; }
}
