using Outboard.Plugins.Crypto.Keys;

namespace Outboard.Plugins.Crypto.Simd;

/// <summary>A session of the driver. Managed part: what to do; the keys lie in locked native memory.</summary>
internal abstract unsafe class SimdSession
{
    /// <summary>The key of the cipher or AEAD; null where there is none.</summary>
    public AesKey* CipherKey { get; private set; }

    /// <summary>The key of the authentication; null where there is none.</summary>
    public AesKey* AuthKey { get; private set; }

    /// <summary>Takes key memory and fills it, empty keys take none, and wipes the keys there were before.</summary>
    protected void SetKeys(KeyStore store, ReadOnlySpan<byte> cipherKey, ReadOnlySpan<byte> authKey)
    {
        AesKey* oldCipher = CipherKey, oldAuth = AuthKey;
        AesKey* cipher = cipherKey.IsEmpty ? null : store.Expand(cipherKey);
        try
        {
            AuthKey = authKey.IsEmpty ? null : store.Expand(authKey);
        }
        catch
        {
            store.Return(cipher);
            throw;
        }

        CipherKey = cipher;
        store.Return(oldCipher);
        store.Return(oldAuth);
    }

    /// <summary>Wipes the keys and gives their memory back.</summary>
    public void Release(KeyStore store)
    {
        store.Return(CipherKey);
        store.Return(AuthKey);
        CipherKey = null;
        AuthKey = null;
    }
}
