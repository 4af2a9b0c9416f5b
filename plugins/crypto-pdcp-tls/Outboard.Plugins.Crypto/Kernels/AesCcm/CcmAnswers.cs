using Outboard.Plugins.Crypto.Engine;

namespace Outboard.Plugins.Crypto.Kernels.AesCcm;

/// <summary>
/// The known answers of AES-CCM: SP 800-38C C.1 to C.4 and packet vector 1 of RFC 3610 8. Neither has keys of 24 and 32 bytes or an
/// empty message: those are the third example with such keys, and without text and data, as OpenSSL answers them.
/// </summary>
internal static class CcmAnswers
{
    private sealed record Answer(string Key, string Nonce, int AadLength, int Start, int Length, string Text, string Code);

    private const string Key = "404142434445464748494A4B4C4D4E4F";

    // Associated data count from 0, and the text from where it says.
    private static readonly Answer[] s_answers =
    [
        new(Key, "10111213141516", 8, 0x20, 4, "7162015B", "4DAC255D"),
        new(Key, "1011121314151617", 16, 0x20, 16, "D2A1F0E051EA5F62081A7792073D593D", "1FC64FBFACCD"),
        new(Key, "101112131415161718191A1B", 20, 0x20, 24,
            "E3B201A9F5B71A7A9B1CEAECCD97E70B6176AAD9A4428AA5", "484392FBC1B09951"),
        new(Key, "101112131415161718191A1B1C", 65536, 0x20, 32,
            "69915DAD1E84C6376A68C2967E4DAB615AE0FD1FAEC44CC484828529463CCF72", "B4AC6BEC93E8598E7F0DADBCEA5B"),
        new("C0C1C2C3C4C5C6C7C8C9CACBCCCDCECF", "00000003020100A0A1A2A3A4A5", 8, 8, 23,
            "588C979A61C663D2F066D0C2C0F989806D5F6B61DAC384", "17E8D12CFDF926E0"),
        new("404142434445464748494A4B4C4D4E4F5051525354555657", "101112131415161718191A1B", 20, 0x20, 24,
            "8081316FD89624D62CE7637FB94995B6631C50D61586DE01", "0EC10572FECD75E23AC36B5DD335EACA"),
        new("404142434445464748494A4B4C4D4E4F505152535455565758595A5B5C5D5E5F", "101112131415161718191A1B", 20, 0x20, 24,
            "04F883AEB3BD0730EAF50BB6DE4FA2212034E4E41B0E75E5", "9BBA3F3A107F3239BD63902923F80371"),
        new(Key, "101112131415161718191A1B", 0, 0, 0, "", "538F76630F36A98A2F502D9B23D86343"),
    ];

    public static string? Check(CryptoUnit unit, UnitSelfTest test)
    {
        foreach (Answer answer in s_answers)
        {
            byte[] key = Convert.FromHexString(answer.Key), nonce = Convert.FromHexString(answer.Nonce);
            byte[] aad = Counting(0, answer.AadLength), plain = Counting(answer.Start, answer.Length);
            byte[] cipher = Convert.FromHexString(answer.Text), code = Convert.FromHexString(answer.Code);
            string? fault = test.Check(unit, key, nonce, aad, plain, 8 * plain.Length, true, cipher, code)
                ?? test.Check(unit, key, nonce, aad, cipher, 8 * plain.Length, false, plain, code);
            if (fault is not null)
            {
                return fault;
            }
        }

        return null;
    }

    private static byte[] Counting(int start, int length) => [.. Enumerable.Range(start, length).Select(i => (byte)i)];
}
