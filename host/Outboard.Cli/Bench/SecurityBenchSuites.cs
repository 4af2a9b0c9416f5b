using Outboard.Security;

namespace Outboard.Cli.Bench;

/// <summary>What a device's capabilities say it protects, one suite for each combination.</summary>
internal static class SecurityBenchSuites
{
    public const string Pdcp = "pdcp";

    /// <summary>The protocols as a person names them.</summary>
    public static readonly string[] Protocols = [Pdcp, "tls12", "tls13", "dtls12"];

    private static readonly byte[] s_key = MakeKey();

    /// <summary>Every suite.</summary>
    public static IEnumerable<SecurityBenchSuite> Of(IEnumerable<SecurityCapability> capabilities) => capabilities.SelectMany(one => one switch
    {
        PdcpCapability { Domain: not PdcpDomain.ShortMac } pdcp => Bearers(pdcp),
        TlsRecordCapability tls => Records(tls),
        _ => [],
    });

    private static IEnumerable<SecurityBenchSuite> Bearers(PdcpCapability offered)
    {
        foreach (PdcpCipher cipher in offered.Ciphers)
        {
            foreach (PdcpIntegrity integrity in offered.Integrities)
            {
                string algorithm = $"{cipher}-{integrity}".ToLowerInvariant();
                foreach (int bits in offered.SequenceNumberBits)
                {
                    string plane = offered.Domain == PdcpDomain.ControlPlane ? "-cp" : string.Empty;
                    yield return new SecurityBenchSuite(
                        Pdcp,
                        algorithm,
                        $"{Pdcp}{plane}-{algorithm}-{bits}",
                        Bearer(offered.Domain, bits, cipher, integrity),
                        IsUsual: (int)cipher == (int)integrity - 1 && cipher != PdcpCipher.Nea0);
                }
            }
        }
    }

    private static PdcpTransform Bearer(PdcpDomain domain, int bits, PdcpCipher cipher, PdcpIntegrity integrity) => new()
    {
        Operation = SecurityOperation.Protect,
        Domain = domain,
        Direction = PdcpDirection.Uplink,
        Bearer = 3,
        SequenceNumberBits = bits,
        Cipher = cipher,
        CipherKey = cipher == PdcpCipher.Nea0 ? default : s_key.AsMemory(0, 16),
        Integrity = integrity,
        IntegrityKey = integrity is PdcpIntegrity.None or PdcpIntegrity.Nia0 ? default : s_key.AsMemory(16, 16),
        HfnPerPacket = true,
    };

    private static IEnumerable<SecurityBenchSuite> Records(TlsRecordCapability offered)
    {
        string protocol = offered.Version switch
        {
            TlsVersion.Tls12 => "tls12",
            TlsVersion.Tls13 => "tls13",
            _ => "dtls12",
        };
        foreach (TlsCipherSuite suite in offered.CipherSuites)
        {
            foreach (int length in offered.KeyLengths)
            {
                string algorithm = Algorithm(suite, length);
                bool isAead = suite is TlsCipherSuite.AesGcm or TlsCipherSuite.AesCcm or TlsCipherSuite.ChaCha20Poly1305;
                int ivLength = !isAead ? 0 : offered.Version == TlsVersion.Tls13 || suite == TlsCipherSuite.ChaCha20Poly1305 ? 12 : 4;
                yield return new SecurityBenchSuite(
                    protocol,
                    algorithm,
                    $"{protocol}-{algorithm}",
                    new TlsRecordTransform
                    {
                        Operation = SecurityOperation.Protect,
                        Version = offered.Version,
                        CipherSuite = suite,
                        Key = s_key.AsMemory(0, length),
                        Iv = s_key.AsMemory(32, ivLength),
                        MacKey = s_key.AsMemory(0, MacLength(suite)),

                        // The limits of a key are for secrets; this one protects nothing.
                        HardPacketLimit = long.MaxValue,
                    },
                    IsUsual: true);
            }
        }
    }

    private static string Algorithm(TlsCipherSuite suite, int keyLength) => suite switch
    {
        TlsCipherSuite.AesGcm => $"aes-{keyLength * 8}-gcm",
        TlsCipherSuite.AesCcm => $"aes-{keyLength * 8}-ccm",
        TlsCipherSuite.ChaCha20Poly1305 => "chacha20-poly1305",
        TlsCipherSuite.AesCbcHmacSha1 => $"aes-{keyLength * 8}-cbc+hmac-sha1",
        TlsCipherSuite.AesCbcHmacSha256 => $"aes-{keyLength * 8}-cbc+hmac-sha256",
        TlsCipherSuite.AesCbcHmacSha384 => $"aes-{keyLength * 8}-cbc+hmac-sha384",
        TlsCipherSuite.TripleDesCbcHmacSha1 => "3des-cbc+hmac-sha1",
        TlsCipherSuite.NullHmacSha1 => "null+hmac-sha1",
        _ => "null+hmac-sha256",
    };

    private static int MacLength(TlsCipherSuite suite) => suite switch
    {
        TlsCipherSuite.AesCbcHmacSha1 or TlsCipherSuite.TripleDesCbcHmacSha1 or TlsCipherSuite.NullHmacSha1 => 20,
        TlsCipherSuite.AesCbcHmacSha256 or TlsCipherSuite.NullHmacSha256 => 32,
        TlsCipherSuite.AesCbcHmacSha384 => 48,
        _ => 0,
    };

    private static byte[] MakeKey()
    {
        byte[] key = new byte[64];
        new Random(1).NextBytes(key);
        return key;
    }
}
