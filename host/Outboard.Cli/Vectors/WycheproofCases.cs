using System.Buffers.Binary;
using System.Text.Json;
using Outboard.Crypto;

namespace Outboard.Cli.Vectors;

/// <summary>Reads the form of Wycheproof: groups with sizes in bits, tests with a result.</summary>
internal static class WycheproofCases
{
    /// <summary>The length of a ZUC IV of COUNT, BEARER and DIRECTION.</summary>
    private const int ShortZucIvLength = 6;

    // Called invalid in the files of intel-ipsec-mb, though what they hold is what the algorithms give: the device must give it too.
    private static readonly (string Algorithm, string Test)[] s_right = [("ZUC-NEA6", "18"), ("ZUC-NIA6", "17"), ("ZUC-NCA6", "20")];

    public static IEnumerable<CryptoCase> Read(JsonElement root)
    {
        string algorithm = root.GetProperty("algorithm").GetString() ?? string.Empty;
        int groupIndex = 0;
        foreach (JsonElement group in root.GetProperty("testGroups").EnumerateArray())
        {
            foreach (JsonElement test in group.GetProperty("tests").EnumerateArray())
            {
                string number = test.Text("tcId") ?? string.Empty;
                yield return ReadCase(algorithm, $"{groupIndex}/{number}", Result(algorithm, number, test), group, test);
            }

            groupIndex++;
        }
    }

    private static bool? Result(string algorithm, string number, JsonElement test) => test.Text("result") switch
    {
        "valid" => true,
        "invalid" => Array.Exists(s_right, right => right == (algorithm, number)),
        _ => null,
    };

    private static CryptoCase ReadCase(string algorithm, string id, bool? valid, JsonElement group, JsonElement test)
    {
        if (WycheproofAsymmetricCases.Read(id, valid, group, test) is { } asymmetric)
        {
            return asymmetric;
        }

        int tagBits = (int)group.Number("tagSize");
        byte[] key = test.Bytes("key"), iv = test.Bytes("iv"), message = test.Bytes("msg"), tag = test.Bytes("tag");
        if (algorithm == "AES-CBC-PKCS5")
        {
            return new PaddedCipherCase(id, valid, CipherAlgorithm.AesCbc, key, iv, message, test.Bytes("ct"));
        }

        if (CryptoNames.Aead(algorithm) is { } aead)
        {
            return new AeadCase(id, valid, aead, key, iv, test.Bytes("aad"), message, test.Bytes("ct"), tag);
        }

        if ((CryptoNames.Auth(algorithm) ?? CryptoNames.Digest(algorithm, tagBits)) is { } auth)
        {
            int length = tagBits == 0 ? tag.Length : Math.Min(tag.Length, tagBits / 8);
            return new AuthCase(id, valid, auth, key, auth == AuthAlgorithm.ZucEia3 ? LongIv(iv, isCode: true) : iv, message, tag[..length]);
        }

        return CryptoNames.Cipher(algorithm) is { } cipher
            ? new CipherCase(
                id, valid, cipher, key, cipher == CipherAlgorithm.ZucEea3 ? LongIv(iv, isCode: false) : iv, message, test.Bytes("ct"))
            : new NotOfferedCase(id, algorithm);
    }

    // The sixteen bytes of TS 35.221 (EEA3 and EIA3 IV) from COUNT as a little-endian number, BEARER and DIRECTION.
    private static byte[] LongIv(byte[] iv, bool isCode)
    {
        if (iv.Length != ShortZucIvLength)
        {
            return iv;
        }

        byte[] full = new byte[16];
        BinaryPrimitives.WriteUInt32BigEndian(full, BinaryPrimitives.ReadUInt32LittleEndian(iv));
        full[4] = (byte)(iv[4] << 3);
        if (!isCode)
        {
            full[4] |= (byte)(iv[5] << 2);
        }

        full.AsSpan(0, 8).CopyTo(full.AsSpan(8));
        if (isCode)
        {
            full[8] ^= (byte)(iv[5] << 7);
            full[14] ^= (byte)(iv[5] << 7);
        }

        return full;
    }
}
