using Outboard.Plugins.Crypto.Engine;

namespace Outboard.Plugins.Crypto.Kernels.AesCmac;

/// <summary>The known answers of AES-CMAC: RFC 4493 4 and SP 800-38B D.1 to D.3; TS 33.401 C.2.1 for a message that ends inside a byte.</summary>
internal static class CmacAnswers
{
    private static readonly byte[] s_message = Convert.FromHexString(
        "6BC1BEE22E409F96E93D7E117393172AAE2D8A571E03AC9C9EB76FAC45AF8E51"
        + "30C81C46A35CE411E5FBC1191A0A52EFF69F2445DF4F9B17AD2B417BE66C3710");

    private static readonly (string Key, int Length, string Code)[] s_answers =
    [
        ("2B7E151628AED2A6ABF7158809CF4F3C", 0, "BB1D6929E95937287FA37D129B756746"),
        ("2B7E151628AED2A6ABF7158809CF4F3C", 16, "070A16B46B4D4144F79BDD9DD04A287C"),
        ("2B7E151628AED2A6ABF7158809CF4F3C", 40, "DFA66747DE9AE63030CA32611497C827"),
        ("2B7E151628AED2A6ABF7158809CF4F3C", 64, "51F0BEBF7E3B9D92FC49741779363CFE"),
        ("8E73B0F7DA0E6452C810F32B809079E562F8EAD2522C6B7B", 40, "8A1DE5BE2EB31AAD089A82E6EE908B0E"),
        ("8E73B0F7DA0E6452C810F32B809079E562F8EAD2522C6B7B", 64, "A1D5DF0EED790F794D77589659F39A11"),
        ("603DEB1015CA71BE2B73AEF0857D77811F352C073B6108D72D9810A30914DFF4", 40, "AAF3D8F1DE5640C232F5B169B9C911E6"),
        ("603DEB1015CA71BE2B73AEF0857D77811F352C073B6108D72D9810A30914DFF4", 64, "E1992190549F6ED5696A2C056C315410"),
    ];

    public static string? Check(CryptoUnit unit, UnitSelfTest test)
    {
        foreach ((string key, int length, string code) in s_answers)
        {
            // The second time the first bytes come as the part before the message.
            byte[] keyBytes = Convert.FromHexString(key), codeBytes = Convert.FromHexString(code);
            int before = Math.Min(8, length);
            string? fault = test.Check(unit, keyBytes, [], [], s_message.AsSpan(0, length), 8 * length, true, [], codeBytes)
                ?? test.Check(
                    unit, keyBytes, [], s_message.AsSpan(0, before), s_message[before..length], 8 * (length - before), true, [], codeBytes);
            if (fault is not null)
            {
                return fault;
            }
        }

        // COUNT 38A6F056, bearer 18, direction 0; 58 bits.
        return test.Check(
            unit,
            Convert.FromHexString("2BD6459F82C5B300952C49104881FF48"),
            [],
            Convert.FromHexString("38A6F056C0000000"),
            Convert.FromHexString("3332346263393840"),
            58,
            true,
            [],
            Convert.FromHexString("118C6EB8"));
    }
}
