using System.Text.Json;
using Outboard.Crypto;

namespace Outboard.Cli.Vectors;

/// <summary>Reads the sets whose ranges are given in bits: SNOW 3G, ZUC, and chains of two different algorithms.</summary>
internal static class CryptoWirelessCases
{
    /// <summary>A cipher, a code, or both with one key.</summary>
    public static CryptoCase Read(string id, JsonElement one)
    {
        string[] names = [.. one.GetProperty("algorithms").EnumerateArray().Select(name => name.ToString())];
        CipherAlgorithm? cipher = names.Select(CryptoNames.Cipher).FirstOrDefault(found => found is not null);
        AuthAlgorithm? auth = names.Select(CryptoNames.Auth).FirstOrDefault(found => found is not null);
        string kind = one.Text("kind") ?? string.Empty;
        bool ciphers = kind.Contains("cipher", StringComparison.Ordinal), codes = kind.Contains("mac", StringComparison.Ordinal);
        if ((ciphers && cipher is null) || (codes && auth is null) || !(ciphers || codes))
        {
            return new NotOfferedCase(id, string.Join('+', names));
        }

        byte[] plaintext = one.Bytes("plaintext"), key = one.Bytes("key"), code = one.Bytes("mac");
        int authBits = (int)one.Number("auth_bits");
        if (!ciphers)
        {
            return new AuthCase(id, true, auth!.Value, key, one.Bytes("auth_iv"), plaintext[..((authBits + 7) / 8)], code)
            {
                BitLength = authBits,
            };
        }

        byte[] ciphertext = one.Bytes("ciphertext");
        int cipherBits = (int)one.Number("cipher_bits");
        BitRange range = Region(one, "cipher_region") ?? new BitRange((int)one.Number("cipher_offset_bits"), cipherBits);
        if (!codes)
        {
            // The last bytes of some files are rounded up: the bits that count are the fewer of the two numbers.
            range = range with { Length = (int)Math.Min(range.Length, one.Number("data_bits", cipherBits) - range.Offset) };
            return new CipherCase(
                id, true, cipher!.Value, key, one.Bytes("cipher_iv"), plaintext, Around(plaintext, ciphertext, range))
            {
                Bits = range,
            };
        }

        var first = new ChainPart<CipherAlgorithm>(cipher!.Value, key, one.Bytes("cipher_iv"), range);
        var second = new ChainPart<AuthAlgorithm>(
            auth!.Value, key, one.Bytes("auth_iv"), Region(one, "auth_region") ?? new BitRange(0, authBits));
        return one.TryGetProperty("mac_offset_bytes", out _)
            ? Chain(id, one, first, second)
            : new EncryptThenCodeCase(id, first, second, plaintext, ciphertext, code);
    }

    /// <summary>An authentication, then a cipher of another algorithm.</summary>
    public static CryptoCase Mixed(string id, JsonElement one)
    {
        string cipherName = one.Text("cipher_alg") ?? string.Empty, authName = one.Text("auth_alg") ?? string.Empty;
        if (CryptoNames.Cipher(cipherName) is not { } cipher)
        {
            return new NotOfferedCase(id, cipherName);
        }

        return CryptoNames.Auth(authName) is not { } auth
            ? new NotOfferedCase(id, authName)
            : Chain(
                id,
                one,
                new ChainPart<CipherAlgorithm>(
                    cipher, one.Bytes("cipher_key"), one.Bytes("cipher_iv"), Region(one, "cipher_region") ?? default),
                new ChainPart<AuthAlgorithm>(auth, one.Bytes("auth_key"), one.Bytes("auth_iv"), Region(one, "auth_region") ?? default));
    }

    private static ChainCase Chain(string id, JsonElement one, ChainPart<CipherAlgorithm> cipher, ChainPart<AuthAlgorithm> auth)
    {
        byte[] plaintext = one.Bytes("plaintext"), output = one.Bytes("ciphertext"), code = one.Bytes("mac");
        byte[] input = new byte[output.Length];
        plaintext.AsSpan(0, Math.Min(plaintext.Length, input.Length)).CopyTo(input);
        int codeOffset = (int)one.Number("mac_offset_bytes", output.Length - code.Length);
        return new ChainCase(id, cipher, auth, codeOffset, code.Length, input, output);
    }

    private static BitRange? Region(JsonElement one, string name) => one.TryGetProperty(name, out JsonElement region)
        ? new BitRange((int)region.Number("offset_bits"), (int)region.Number("len_bits"))
        : null;

    // The bits of the range from one text, those around it from the other.
    private static byte[] Around(byte[] outside, byte[] inside, BitRange range)
    {
        byte[] result = [.. outside];
        for (int bit = range.Offset; bit < range.Offset + range.Length; bit++)
        {
            int mask = 0x80 >> (bit & 7);
            result[bit >> 3] = (byte)((result[bit >> 3] & ~mask) | (inside[bit >> 3] & mask));
        }

        return result;
    }
}
