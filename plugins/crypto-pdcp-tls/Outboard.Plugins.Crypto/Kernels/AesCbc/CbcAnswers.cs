using Outboard.Plugins.Crypto.Engine;

namespace Outboard.Plugins.Crypto.Kernels.AesCbc;

/// <summary>The known answers of AES-CBC: SP 800-38A F.2.1 to F.2.6, for the three sizes of keys in both directions.</summary>
internal static class CbcAnswers
{
    private static readonly byte[] s_vector = Convert.FromHexString("000102030405060708090A0B0C0D0E0F");

    private static readonly byte[] s_plain = Convert.FromHexString(
        "6BC1BEE22E409F96E93D7E117393172AAE2D8A571E03AC9C9EB76FAC45AF8E51"
        + "30C81C46A35CE411E5FBC1191A0A52EFF69F2445DF4F9B17AD2B417BE66C3710");

    private static readonly (string Key, string Cipher)[] s_answers =
    [
        ("2B7E151628AED2A6ABF7158809CF4F3C",
            "7649ABAC8119B246CEE98E9B12E9197D5086CB9B507219EE95DB113A917678B2"
            + "73BED6B8E3C1743B7116E69E222295163FF1CAA1681FAC09120ECA307586E1A7"),
        ("8E73B0F7DA0E6452C810F32B809079E562F8EAD2522C6B7B",
            "4F021DB243BC633D7178183A9FA071E8B4D9ADA9AD7DEDF4E5E738763F69145A"
            + "571B242012FB7AE07FA9BAAC3DF102E008B0E27988598881D920A9E64F5615CD"),
        ("603DEB1015CA71BE2B73AEF0857D77811F352C073B6108D72D9810A30914DFF4",
            "F58C4C04D6E5F1BA779EABFB5F7BFBD69CFC4E967EDB808D679F777BC6702C7D"
            + "39F23369A9D9BACFA530E26304231461B2EB05E2C39BE9FCDA6C19078C6A9D1B"),
    ];

    public static string? Check(CryptoUnit unit, UnitSelfTest test)
    {
        foreach ((string key, string cipher) in s_answers)
        {
            byte[] keyBytes = Convert.FromHexString(key), cipherBytes = Convert.FromHexString(cipher);
            string? fault = test.Check(unit, keyBytes, s_vector, [], s_plain, 8 * s_plain.Length, true, cipherBytes, [])
                ?? test.Check(unit, keyBytes, s_vector, [], cipherBytes, 8 * s_plain.Length, false, s_plain, []);
            if (fault is not null)
            {
                return fault;
            }
        }

        return null;
    }
}
