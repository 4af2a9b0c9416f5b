using Outboard.Plugins.Crypto.Engine;

namespace Outboard.Plugins.Crypto.Kernels.AesXcbc;

/// <summary>The known answers of AES-XCBC-MAC: RFC 3566 4.6, whose key and messages count from 0, but for the last of 1000 zeroes.</summary>
internal static class XcbcAnswers
{
    private static readonly byte[] s_counting = [.. Enumerable.Range(0, 34).Select(i => (byte)i)];

    private static readonly (int Length, string Code)[] s_answers =
    [
        (0, "75F0251D528AC01C4573DFD584D79F29"),
        (3, "5B376580AE2F19AFE7219CEEF172756F"),
        (16, "D2A246FA349B68A79998A4394FF7A263"),
        (20, "47F51B4564966215B8985C63055ED308"),
        (32, "F54F0EC8D2B9F3D36807734BD5283FD4"),
        (34, "BECBB3BCCDB518A30677D5481FB6B4D8"),
        (1000, "F0DAFEE895DB30253761103B5D84528F"),
    ];

    public static string? Check(CryptoUnit unit, UnitSelfTest test)
    {
        foreach ((int length, string code) in s_answers)
        {
            byte[] message = length <= s_counting.Length ? s_counting[..length] : new byte[length];
            if (test.Check(unit, s_counting.AsSpan(0, 16), [], [], message, 8 * length, true, [], Convert.FromHexString(code)) is { } fault)
            {
                return fault;
            }
        }

        return null;
    }
}
