using System.Text.Json;

namespace Outboard.Cli.Vectors;

/// <summary>Reads the form of Wycheproof: groups with sizes in bits, tests with a result.</summary>
internal static class WycheproofCases
{
    public static IEnumerable<CryptoCase> Read(JsonElement root)
    {
        string algorithm = root.GetProperty("algorithm").GetString() ?? string.Empty;
        int groupIndex = 0;
        foreach (JsonElement group in root.GetProperty("testGroups").EnumerateArray())
        {
            int tagLength = (int)(group.Number("tagSize") / 8);
            foreach (JsonElement test in group.GetProperty("tests").EnumerateArray())
            {
                string id = $"{groupIndex}/{test.Text("tcId")}";
                yield return ReadCase(algorithm, id, test, tagLength);
            }

            groupIndex++;
        }
    }

    private static CryptoCase ReadCase(string algorithm, string id, JsonElement test, int tagLength)
    {
        bool? valid = test.Text("result") switch
        {
            "valid" => true,
            "invalid" => false,
            _ => null,
        };
        byte[] key = test.Bytes("key"), iv = test.Bytes("iv"), message = test.Bytes("msg"), tag = test.Bytes("tag");
        if (CryptoNames.Aead(algorithm) is { } aead)
        {
            return new AeadCase(id, valid, aead, key, iv, test.Bytes("aad"), message, test.Bytes("ct"), tag);
        }

        if (CryptoNames.Auth(algorithm) is { } auth)
        {
            return new AuthCase(id, valid, auth, key, iv, message, tag[..Math.Min(tag.Length, tagLength == 0 ? tag.Length : tagLength)]);
        }

        return CryptoNames.Cipher(algorithm) is { } cipher
            ? new CipherCase(id, valid, cipher, key, iv, message, test.Bytes("ct"))
            : new UnknownCase(id, $"crypto_simd does not offer {algorithm}");
    }
}
