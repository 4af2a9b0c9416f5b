using System.Text.Json;
using Outboard.Crypto;
using Outboard.Security;

namespace Outboard.Cli.Vectors;

/// <summary>Reads the flat form: a set's name and its cases.</summary>
internal static class CryptoSetCases
{
    public static IEnumerable<CryptoCase> Read(JsonElement root)
    {
        string set = root.GetProperty("set").GetString() ?? string.Empty;
        int index = 0;
        foreach (JsonElement one in root.GetProperty("cases").EnumerateArray())
        {
            string id = one.Text("name") ?? one.Text("id") ?? $"{index}";
            index++;
            yield return set switch
            {
                "aead" => Aead(id, one),
                "gmac" => Gmac(id, one),
                "blockcipher" => BlockCipher(id, one),
                "mixed-cipher-auth" => CryptoWirelessCases.Mixed(id, one),
                "snow3g" or "zuc" => CryptoWirelessCases.Read(id, one),
                "asym" => CryptoAsymmetricCases.Read(id, one),
                "tls-record" or "tls-records" => CryptoTlsCases.Record(id, one),
                _ when set.StartsWith("pdcp", StringComparison.Ordinal) => Pdcp(id, one),
                _ when set.StartsWith("tls_cbc", StringComparison.Ordinal) => CryptoTlsCases.CbcRecord(id, set, one),
                _ => new NotOfferedCase(id, Label(one, set)),
            };
        }
    }

    private static string Label(JsonElement one, string set) =>
        one.Text("op") ?? one.Text("alg") ?? one.Text("cipher_alg")
        ?? (one.TryGetProperty("algorithms", out JsonElement all) && all.ValueKind == JsonValueKind.Array
            ? string.Join('+', all.EnumerateArray().Select(name => name.ToString()))
            : set);

    private static CryptoCase Aead(string id, JsonElement one)
    {
        string name = one.Text("alg") ?? string.Empty;
        if (CryptoNames.Aead(name) is not { } algorithm)
        {
            return new NotOfferedCase(id, name);
        }

        bool isReadyCounter = id.Contains("_ivlen_0", StringComparison.Ordinal) || id.Contains("J0", StringComparison.Ordinal);
        byte[] iv = one.Bytes("iv");
        return isReadyCounter && iv.Length != 16
            ? new UnknownCase(id, "the file names a ready GCM counter block J0 and does not hold it")
            : new AeadCase(
                id, true, algorithm, one.Bytes("key"), iv, one.Bytes("aad"), one.Bytes("plaintext"), one.Bytes("ciphertext"), one.Bytes("tag"))
            {
                IsReadyCounter = isReadyCounter,
            };
    }

    private static AuthCase Gmac(string id, JsonElement one) =>
        new(id, true, AuthAlgorithm.AesGmac, one.Bytes("key"), one.Bytes("iv"), one.Bytes("aad"), one.Bytes("tag"));

    private static CryptoCase BlockCipher(string id, JsonElement one)
    {
        string? cipherName = one.Text("cipher_alg"), authName = one.Text("auth_alg");
        CipherAlgorithm? cipher = cipherName is null ? null : CryptoNames.Cipher(cipherName);
        AuthAlgorithm? auth = authName is null ? null : CryptoNames.Auth(authName);
        if ((cipherName is not null && cipher is null) || (authName is not null && auth is null))
        {
            return new NotOfferedCase(id, (cipher is null && cipherName is not null ? cipherName : authName)!);
        }

        byte[] plaintext = one.Bytes("plaintext"), digest = one.Bytes("digest");
        int truncated = (int)one.Number("digest_truncated_len", digest.Length);
        digest = digest[..Math.Min(truncated, digest.Length)];
        if (cipher is null)
        {
            // What is authenticated is always the ciphertext; some cases call it plaintext where nothing is ciphered.
            byte[] message = plaintext.Length == 0 ? one.Bytes("ciphertext") : plaintext;
            return new AuthCase(id, true, auth ?? AuthAlgorithm.Null, one.Bytes("auth_key"), [], message, digest);
        }

        byte[] ciphertext = one.Bytes("ciphertext");
        if (id == "aes_test_data_10_digest_enc")
        {
            return new UnknownCase(id, "the digest in the file is that of the ciphertext of aes_test_data_4_digest_enc");
        }

        int cipherOffset = (int)one.Number("cipher_offset"), authOffset = (int)one.Number("auth_offset");
        return auth is null && cipherOffset == 0
            ? new CipherCase(id, true, cipher.Value, one.Bytes("cipher_key"), one.Bytes("iv"), plaintext, ciphertext)
            : new EncryptThenCodeCase(
                id,
                new(cipher.Value, one.Bytes("cipher_key"), one.Bytes("iv"), From(cipherOffset, plaintext)),
                new(auth ?? AuthAlgorithm.Null, one.Bytes("auth_key"), [], From(authOffset, plaintext)),
                plaintext,
                ciphertext,
                digest);
    }

    private static BitRange From(int offset, byte[] bytes) => new(offset * 8, (bytes.Length - offset) * 8);

    private static CryptoCase Pdcp(string id, JsonElement one)
    {
        PdcpDomain domain = one.Text("domain") switch
        {
            "control" => PdcpDomain.ControlPlane,
            "short_mac" => PdcpDomain.ShortMac,
            _ => PdcpDomain.UserPlane,
        };
        PdcpCipher? cipher = (one.Text("cipher_alg") ?? "NULL") switch
        {
            "NULL" => PdcpCipher.Nea0,
            "SNOW3G_UEA2" => PdcpCipher.Nea1,
            "AES_CTR" => PdcpCipher.Nea2,
            "ZUC_EEA3" => PdcpCipher.Nea3,
            _ => null,
        };
        PdcpIntegrity? integrity = one.Text("auth_alg") switch
        {
            null => PdcpIntegrity.None,
            "NULL" => PdcpIntegrity.Nia0,
            "SNOW3G_UIA2" => PdcpIntegrity.Nia1,
            "AES_CMAC" => PdcpIntegrity.Nia2,
            "ZUC_EIA3" => PdcpIntegrity.Nia3,
            _ => null,
        };
        if (cipher is null || integrity is null)
        {
            return new NotOfferedCase(id, $"PDCP with {one.Text("cipher_alg")} and {one.Text("auth_alg")}");
        }

        int bits = (int)one.Number("sn_size", 12);
        byte[] input = one.Bytes("in"), output = one.Bytes("out");
        if (integrity == PdcpIntegrity.Nia0 && output.Length == input.Length)
        {
            // Null integrity stands for either: a code of zeros, or none at all.
            integrity = PdcpIntegrity.None;
        }

        return new PdcpCase(
            id,
            new PdcpTransform
            {
                Operation = SecurityOperation.Protect,
                Domain = domain,
                Direction = one.Number("packet_direction") == 0 ? PdcpDirection.Uplink : PdcpDirection.Downlink,
                Bearer = (int)one.Number("bearer"),
                SequenceNumberBits = bits,
                Cipher = cipher.Value,
                CipherKey = cipher == PdcpCipher.Nea0 ? [] : one.Bytes("cipher_key"),
                Integrity = integrity.Value,
                IntegrityKey = integrity is PdcpIntegrity.None or PdcpIntegrity.Nia0 ? [] : one.Bytes("auth_key"),

                // COUNT has 32 bits: what an HFN has above them is shifted out by those who made the vectors.
                Hfn = (uint)one.Number("hfn") & (uint.MaxValue >> (domain == PdcpDomain.ShortMac ? 0 : bits)),
                SequenceNumber = domain == PdcpDomain.ShortMac ? 0 : SequenceNumber(input, bits),
                HasSdapHeader = one.TryGetProperty("sdap", out JsonElement sdap) && sdap.ValueKind == JsonValueKind.True,
                HeaderInPacket = true,
            },
            input,
            output);
    }

    private static uint SequenceNumber(byte[] packet, int bits)
    {
        uint value = 0;
        for (int i = 0; i < (bits + 7) / 8 && i < packet.Length; i++)
        {
            value = (value << 8) | packet[i];
        }

        return value & ((1u << bits) - 1);
    }
}
