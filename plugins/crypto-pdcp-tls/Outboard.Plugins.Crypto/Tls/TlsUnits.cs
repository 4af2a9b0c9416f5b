using Outboard.Crypto;
using Outboard.Plugins.Crypto.Engine;
using Outboard.Security;

namespace Outboard.Plugins.Crypto.Tls;

/// <summary>The units that a cipher suite is made of.</summary>
internal static class TlsUnits
{
    /// <summary>The cipher or AEAD; null for the suites without one.</summary>
    public static CryptoUnit? Cipher(AlgorithmTable table, TlsCipherSuite suite) => suite switch
    {
        TlsCipherSuite.AesGcm => table.Find(AeadAlgorithm.AesGcm)?.Unit,
        TlsCipherSuite.AesCcm => table.Find(AeadAlgorithm.AesCcm)?.Unit,
        TlsCipherSuite.ChaCha20Poly1305 => table.Find(AeadAlgorithm.ChaCha20Poly1305)?.Unit,
        TlsCipherSuite.TripleDesCbcHmacSha1 => table.Find(CipherAlgorithm.TripleDesCbc)?.Unit,
        TlsCipherSuite.NullHmacSha1 or TlsCipherSuite.NullHmacSha256 => null,
        _ => table.Find(CipherAlgorithm.AesCbc)?.Unit,
    };

    /// <summary>The MAC; null for an AEAD.</summary>
    public static CryptoUnit? Mac(AlgorithmTable table, TlsCipherSuite suite) => TlsRecordShape.MacLength(suite) switch
    {
        20 => table.Find(AuthAlgorithm.HmacSha1)?.Unit,
        32 => table.Find(AuthAlgorithm.HmacSha256)?.Unit,
        48 => table.Find(AuthAlgorithm.HmacSha384)?.Unit,
        _ => null,
    };

    /// <summary>What takes the deciphered fragment of a CBC record apart, for the suites that put the MAC inside; with the key of the MAC.</summary>
    public static CryptoUnit? Opener(AlgorithmTable table, TlsCipherSuite suite) => table.FindTlsCbc(TlsRecordShape.MacLength(suite));

    /// <summary>What a device with these algorithms offers.</summary>
    public static IEnumerable<TlsRecordCapability> Capabilities(AlgorithmTable table)
    {
        const int WindowMax = 4096;
        foreach (TlsVersion version in (TlsVersion[])[TlsVersion.Tls12, TlsVersion.Tls13, TlsVersion.Dtls12])
        {
            int window = version == TlsVersion.Dtls12 ? WindowMax : 0;
            (TlsCipherSuite[] Suites, int[] KeyLengths)[] rows =
            [
                ([TlsCipherSuite.AesGcm, TlsCipherSuite.AesCcm], [16, 32]),
                ([TlsCipherSuite.ChaCha20Poly1305], [32]),
                ([TlsCipherSuite.AesCbcHmacSha1, TlsCipherSuite.AesCbcHmacSha256, TlsCipherSuite.AesCbcHmacSha384], [16, 32]),
                ([TlsCipherSuite.TripleDesCbcHmacSha1], [24]),
                ([TlsCipherSuite.NullHmacSha1, TlsCipherSuite.NullHmacSha256], [0]),
            ];
            foreach ((TlsCipherSuite[] suites, int[] keyLengths) in rows)
            {
                TlsCipherSuite[] offered = [.. suites.Where(suite => IsOffered(table, version, suite))];
                bool cbc = new TlsRecordShape(version, suites[0], encryptThenMac: false).IsCbc;
                if (offered.Length != 0)
                {
                    yield return new TlsRecordCapability(version, offered, keyLengths, window, EncryptThenMac: cbc);
                }
            }
        }
    }

    private static bool IsOffered(AlgorithmTable table, TlsVersion version, TlsCipherSuite suite)
    {
        var shape = new TlsRecordShape(version, suite, encryptThenMac: false);
        bool hasCipher = shape.IsCbc ? Cipher(table, suite) is not null && Opener(table, suite) is not null
            : !shape.IsAead || Cipher(table, suite) is not null;
        return hasCipher && (shape.IsAead || (version != TlsVersion.Tls13 && Mac(table, suite) is not null));
    }
}
