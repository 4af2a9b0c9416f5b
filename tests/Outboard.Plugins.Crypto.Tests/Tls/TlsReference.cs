using System.Buffers.Binary;
using System.Security.Cryptography;
using Outboard.Security;

namespace Outboard.Plugins.Crypto.Tests.Tls;

/// <summary>Records by the letter of the standards and the ciphers of the platform: what the device is compared with.</summary>
internal static class TlsReference
{
    /// <summary>Bytes of the MAC and its key; 0 for an AEAD.</summary>
    public static int MacLength(TlsCipherSuite suite) => suite switch
    {
        <= TlsCipherSuite.AesCcm => 0,
        TlsCipherSuite.AesCbcHmacSha256 or TlsCipherSuite.NullHmacSha256 => 32,
        TlsCipherSuite.AesCbcHmacSha384 => 48,
        _ => 20,
    };

    /// <summary>Bytes of a CBC block; 0 where there is none.</summary>
    public static int BlockLength(TlsCipherSuite suite) => suite switch
    {
        TlsCipherSuite.TripleDesCbcHmacSha1 => 8,
        > TlsCipherSuite.AesCcm and < TlsCipherSuite.NullHmacSha1 => 16,
        _ => 0,
    };

    /// <summary>Bytes of explicit IV or nonce.</summary>
    public static int ExplicitLength(TlsRecordTransform t) => t.CipherSuite is TlsCipherSuite.AesGcm or TlsCipherSuite.AesCcm
        ? t.Version == TlsVersion.Tls13 ? 0 : 8 : BlockLength(t.CipherSuite);

    /// <summary>The least padding of a CBC record.</summary>
    public static int LeastPadding(TlsRecordTransform t, int length)
    {
        int block = BlockLength(t.CipherSuite);
        return block == 0 ? 0 : block - ((length + (t.EncryptThenMac ? 0 : MacLength(t.CipherSuite))) % block);
    }

    /// <summary>The padding that the standards ask for.</summary>
    public static byte[] Padding(int length) => [.. Enumerable.Repeat((byte)(length - 1), length)];

    /// <summary>A record.</summary>
    /// <param name="t">Version, suite and keys.</param>
    /// <param name="sequence">The sequence number, without the epoch.</param>
    /// <param name="fragment">The fragment.</param>
    /// <param name="type">The content type.</param>
    /// <param name="padding">What stands behind fragment or MAC: for CBC with the byte that counts, for TLS 1.3 zeros.</param>
    /// <param name="iv">The explicit IV or nonce; null for the number.</param>
    public static byte[] Record(
        TlsRecordTransform t, ulong sequence, byte[] fragment, byte type, byte[] padding, byte[]? iv = null)
    {
        bool datagram = t.Version == TlsVersion.Dtls12;
        ushort version = t.WireVersion != 0 ? t.WireVersion : datagram ? (ushort)0xFEFD : (ushort)0x0303;
        byte[] number = Bytes((datagram ? (ulong)t.Epoch << 48 : 0) | sequence, 8);
        iv ??= ExplicitLength(t) == 8 ? number : [];
        byte[] Pseudo(int length) => [.. number, type, .. Bytes(version, 2), .. Bytes((ulong)length, 2)];
        byte[] Header(byte shown, int length) =>
            [shown, .. Bytes(version, 2), .. datagram ? number : [], .. Bytes((ulong)length, 2)];
        if (t.Version == TlsVersion.Tls13)
        {
            byte[] inner = [.. fragment, type, .. padding];
            byte[] outer = Header(23, inner.Length + 16);
            return [.. outer, .. Seal(t, Masked(t, number), inner, outer)];
        }

        byte[] body;
        if (MacLength(t.CipherSuite) == 0)
        {
            byte[] nonce = t.CipherSuite == TlsCipherSuite.ChaCha20Poly1305 ? Masked(t, number) : [.. t.Iv.Span, .. iv];
            body = [.. iv, .. Seal(t, nonce, fragment, Pseudo(fragment.Length))];
        }
        else if (t.EncryptThenMac)
        {
            byte[] ciphered = [.. iv, .. Cbc(t, iv, [.. fragment, .. padding])];
            body = [.. ciphered, .. Mac(t, [.. Pseudo(ciphered.Length), .. ciphered])];
        }
        else
        {
            byte[] text = [.. fragment, .. Mac(t, [.. Pseudo(fragment.Length), .. fragment]), .. padding];
            body = [.. iv, .. BlockLength(t.CipherSuite) == 0 ? text : Cbc(t, iv, text)];
        }

        return [.. Header(type, body.Length), .. body];
    }

    /// <summary>The MAC over anything under the keys of a session.</summary>
    public static byte[] Mac(TlsRecordTransform t, byte[] data) => CryptographicOperations.HmacData(
        MacLength(t.CipherSuite) switch
        {
            20 => HashAlgorithmName.SHA1,
            32 => HashAlgorithmName.SHA256,
            _ => HashAlgorithmName.SHA384,
        },
        t.MacKey.ToArray(),
        data);

    /// <summary>CBC over whole blocks under the keys of a session.</summary>
    public static byte[] Cbc(TlsRecordTransform t, byte[] iv, byte[] text)
    {
#pragma warning disable CA5350 // The oracle of a suite that peers of before still ask for.
        using SymmetricAlgorithm cipher = BlockLength(t.CipherSuite) == 8 ? System.Security.Cryptography.TripleDES.Create() : Aes.Create();
#pragma warning restore CA5350
        cipher.Key = t.Key.ToArray();
        return cipher.EncryptCbc(text, iv, PaddingMode.None);
    }

    private static byte[] Seal(TlsRecordTransform t, byte[] nonce, byte[] text, byte[] associated)
    {
        byte[] ciphertext = new byte[text.Length], tag = new byte[16];
        switch (t.CipherSuite)
        {
            case TlsCipherSuite.AesGcm:
                using (var gcm = new System.Security.Cryptography.AesGcm(t.Key.Span, 16))
                {
                    gcm.Encrypt(nonce, text, ciphertext, tag, associated);
                }

                break;
            case TlsCipherSuite.AesCcm:
                using (var ccm = new System.Security.Cryptography.AesCcm(t.Key.Span))
                {
                    ccm.Encrypt(nonce, text, ciphertext, tag, associated);
                }

                break;
            default:
                using (var chacha = new System.Security.Cryptography.ChaCha20Poly1305(t.Key.Span))
                {
                    chacha.Encrypt(nonce, text, ciphertext, tag, associated);
                }

                break;
        }

        return [.. ciphertext, .. tag];
    }

    private static byte[] Masked(TlsRecordTransform t, byte[] number)
    {
        byte[] nonce = t.Iv.ToArray();
        for (int i = 0; i < 8; i++)
        {
            nonce[4 + i] ^= number[i];
        }

        return nonce;
    }

    private static byte[] Bytes(ulong value, int length)
    {
        byte[] bytes = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, value);
        return bytes[^length..];
    }
}
