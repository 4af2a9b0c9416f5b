using Outboard.Plugins.Crypto.Tests.Simd;
using Outboard.Security;

namespace Outboard.Plugins.Crypto.Tests.Tls;

/// <summary>Every version, cipher suite and key length that there is.</summary>
internal static class TlsCases
{
    /// <summary>A session of each kind that there is, writing, with random keys and a number that is not zero.</summary>
    public static IEnumerable<TlsRecordTransform> All(Random random)
    {
        foreach (TlsVersion version in Enum.GetValues<TlsVersion>())
        {
            foreach (TlsCipherSuite suite in Enum.GetValues<TlsCipherSuite>())
            {
                bool aead = suite <= TlsCipherSuite.AesCcm;
                if (version == TlsVersion.Tls13 && !aead)
                {
                    continue;
                }

                foreach (int keyLength in KeyLengths(suite))
                {
                    yield return Make(random, version, suite, keyLength);
                    if (!aead && suite < TlsCipherSuite.NullHmacSha1)
                    {
                        yield return Make(random, version, suite, keyLength) with { EncryptThenMac = true };
                    }
                }
            }
        }
    }

    /// <summary>A session that writes, with random keys.</summary>
    public static TlsRecordTransform Make(Random random, TlsVersion version, TlsCipherSuite suite, int keyLength) => new()
    {
        Operation = SecurityOperation.Protect,
        Version = version,
        CipherSuite = suite,
        Key = Bench.Random(random, keyLength),
        Iv = Bench.Random(
            random,
            suite > TlsCipherSuite.AesCcm ? 0 : version == TlsVersion.Tls13 || suite == TlsCipherSuite.ChaCha20Poly1305 ? 12 : 4),
        MacKey = Bench.Random(random, TlsReference.MacLength(suite)),
        SequenceNumber = (ulong)random.NextInt64(1L << 40),
        Epoch = (ushort)(version == TlsVersion.Dtls12 ? random.Next(1, 65536) : 0),
    };

    /// <summary>The session that reads what another writes.</summary>
    public static TlsRecordTransform Reading(TlsRecordTransform writing) =>
        writing with { Operation = SecurityOperation.Unprotect, IvPerPacket = false };

    private static int[] KeyLengths(TlsCipherSuite suite) => suite switch
    {
        TlsCipherSuite.ChaCha20Poly1305 => [32],
        TlsCipherSuite.TripleDesCbcHmacSha1 => [24],
        TlsCipherSuite.NullHmacSha1 or TlsCipherSuite.NullHmacSha256 => [0],
        _ => [16, 32],
    };
}
