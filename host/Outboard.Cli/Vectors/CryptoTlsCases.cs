using System.Buffers.Binary;
using System.Text.Json;
using Outboard.Security;

namespace Outboard.Cli.Vectors;

/// <summary>Reads TLS records: of DPDK, off captures, and BoringSSL's of CBC suites.</summary>
internal static class CryptoTlsCases
{
    private const int HeaderLength = 5;
    private const int DatagramHeaderLength = 13;

    /// <summary>A record with everything that its session is made of.</summary>
    public static CryptoCase Record(string id, JsonElement one)
    {
        TlsVersion? version = one.Text("version") switch
        {
            "tls_1_3" => TlsVersion.Tls13,
            "tls_1_2" => TlsVersion.Tls12,
            "dtls_1_2" => TlsVersion.Dtls12,
            _ => null,
        };
        string algorithm = one.Text("aead_alg") ?? one.Text("alg") ?? $"{one.Text("cipher_alg")}+{one.Text("auth_alg")}";
        if (version is not { } known || Suite(algorithm) is not { } suite)
        {
            return new UnknownCase(id, $"the device does not offer {one.Text("version")} {algorithm} records");
        }

        byte[] record = First(one, "record", "out"), fragment = First(one, "plaintext", "in");
        ulong sequence = (ulong)one.Number("seq_no");
        ushort epoch = (ushort)one.Number("epoch");
        int header = known == TlsVersion.Dtls12 ? DatagramHeaderLength : HeaderLength;
        byte[] explicitIv = record.AsSpan(header, ExplicitLength(known, suite)).ToArray();
        int padding = (int)one.Number("padding_len");
        if (BlockLength(suite) is var block and not 0 && one.TryGetProperty("padding_len", out _))
        {
            // Of CBC the value of the padding's bytes is given: what is beyond the least there must be.
            padding += 1 - (block - ((fragment.Length + MacLength(suite)) % block));
        }

        var transform = new TlsRecordTransform
        {
            Operation = SecurityOperation.Protect,
            Version = known,
            CipherSuite = suite,
            Key = one.Bytes("key"),
            Iv = MacLength(suite) != 0 ? [] : First(one, "implicit_nonce", "implicit_iv", "iv"),
            MacKey = First(one, "auth_key", "mac_key"),
            SequenceNumber = sequence,
            Epoch = epoch,
            ReplayWindow = (int)one.Number("ar_win_sz"),
            FragmentLengthMin = (int)one.Number("min_payload_len"),
            IvPerPacket = explicitIv.Length != 0 && !IsNumber(explicitIv, epoch, sequence),
        };
        return new TlsCase(
            id, true, transform, (byte)one.Number("content_type"), padding, explicitIv, fragment, record, OnlyOpen: false);
    }

    /// <summary>What follows the IV of a CBC record, with the number, type and version that its MAC covers.</summary>
    public static CryptoCase CbcRecord(string id, string set, JsonElement one)
    {
        if (set.Contains("implicit", StringComparison.Ordinal) || Suite(set) is not { } suite)
        {
            return new UnknownCase(id, $"the device does not offer {set} records");
        }

        byte[] prefix = one.Bytes("seqTypeVersion"), iv = one.Bytes("iv"), text = one.Bytes("ct");
        byte[] record = new byte[HeaderLength + iv.Length + text.Length];
        prefix.AsSpan(8, 3).CopyTo(record);
        BinaryPrimitives.WriteUInt16BigEndian(record.AsSpan(3), (ushort)(iv.Length + text.Length));
        iv.CopyTo(record, HeaderLength);
        text.CopyTo(record, HeaderLength + iv.Length);
        var transform = new TlsRecordTransform
        {
            Operation = SecurityOperation.Protect,
            Version = TlsVersion.Tls12,
            CipherSuite = suite,
            Key = one.Bytes("encKey"),
            MacKey = one.Bytes("macKey"),
            SequenceNumber = BinaryPrimitives.ReadUInt64BigEndian(prefix),
            WireVersion = BinaryPrimitives.ReadUInt16BigEndian(prefix.AsSpan(9)),
            IvPerPacket = true,
        };
        bool valid = one.Text("result") == "valid";
        bool onlyOpen = !valid || (one.TryGetProperty("openOnly", out JsonElement only) && only.ValueKind == JsonValueKind.True);
        return new TlsCase(id, valid, transform, prefix[8], 0, iv, one.Bytes("msg"), record, onlyOpen);
    }

    private static TlsCipherSuite? Suite(string name)
    {
        string plain = string.Concat(name.Where(char.IsAsciiLetterOrDigit)).ToUpperInvariant();
        bool Has(string part) => plain.Contains(part, StringComparison.Ordinal);
        bool cbc = Has("CBC"), triple = Has("3DES") || Has("EDE3") || Has("TDES"), none = plain.StartsWith("NULL", StringComparison.Ordinal);
        return Has("GCM") ? TlsCipherSuite.AesGcm
            : Has("CCM") ? Has("CCM8") ? null : TlsCipherSuite.AesCcm
            : Has("CHACHA20POLY1305") ? TlsCipherSuite.ChaCha20Poly1305
            : Has("SHA384") ? cbc ? TlsCipherSuite.AesCbcHmacSha384 : null
            : Has("SHA256") ? cbc ? TlsCipherSuite.AesCbcHmacSha256 : none ? TlsCipherSuite.NullHmacSha256 : null
            : !Has("SHA") ? null
            : triple ? TlsCipherSuite.TripleDesCbcHmacSha1
            : cbc ? TlsCipherSuite.AesCbcHmacSha1
            : none ? TlsCipherSuite.NullHmacSha1 : null;
    }

    private static int ExplicitLength(TlsVersion version, TlsCipherSuite suite) => suite switch
    {
        TlsCipherSuite.AesGcm or TlsCipherSuite.AesCcm => version == TlsVersion.Tls13 ? 0 : 8,
        _ => BlockLength(suite),
    };

    private static int BlockLength(TlsCipherSuite suite) => suite switch
    {
        TlsCipherSuite.TripleDesCbcHmacSha1 => 8,
        TlsCipherSuite.AesCbcHmacSha1 or TlsCipherSuite.AesCbcHmacSha256 or TlsCipherSuite.AesCbcHmacSha384 => 16,
        _ => 0,
    };

    private static int MacLength(TlsCipherSuite suite) => suite switch
    {
        TlsCipherSuite.AesGcm or TlsCipherSuite.AesCcm or TlsCipherSuite.ChaCha20Poly1305 => 0,
        TlsCipherSuite.AesCbcHmacSha256 or TlsCipherSuite.NullHmacSha256 => 32,
        TlsCipherSuite.AesCbcHmacSha384 => 48,
        _ => 20,
    };

    // What a writer puts there by itself.
    private static bool IsNumber(byte[] explicitIv, ushort epoch, ulong sequence) =>
        explicitIv.Length == 8 && BinaryPrimitives.ReadUInt64BigEndian(explicitIv) == (((ulong)epoch << 48) | sequence);

    private static byte[] First(JsonElement one, params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            if (one.Bytes(name) is { Length: > 0 } bytes)
            {
                return bytes;
            }
        }

        return [];
    }
}
