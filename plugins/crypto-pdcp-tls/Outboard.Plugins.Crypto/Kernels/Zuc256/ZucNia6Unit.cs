using Outboard.Plugins.Crypto.Engine;
using Outboard.Plugins.Crypto.Kernels.Zuc;
using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Kernels.Zuc256;

/// <summary>NIA6, the authentication on ZUC-256: a 32-byte key, a 16-byte IV whose first byte is the code's length in bits, a code of 4 to 16 bytes.</summary>
internal static class ZucNia6Unit
{
    /// <summary>Chooses a width and makes the unit.</summary>
    public static CryptoUnit Build(SimdSelector selector, bool emit) =>
        ZucUnits.Build<Zuc256Loading, Zuc256Authenticator, Answers>(selector, emit, "zuc-nia6");

    private readonly struct Answers : IZucAnswers
    {
        // The vectors that intel-ipsec-mb publishes after TS 33.501, zuc_nia6_test.json: cases 5 and 14.
        public static string? Check(UnitSelfTest test, CryptoUnit unit) =>
            test.Check(
                unit,
                Convert.FromHexString("1F2F3F4F5F6F7F8F9FAFBFCFDFEFFF0F1F3F5F7F9F2F4F6F8FAFFFFFFFFFFFFF"),
                Convert.FromHexString("783FFFFFFFFFFFFFFFFFFFFF00000000"),
                [],
                Convert.FromHexString("0102030405060708090A0B0C0D0E0F101112131415AAABACADAEAF"),
                216,
                encrypt: true,
                [],
                Convert.FromHexString("5AA2A106524CD35B0AAB10E8042819"))
            ?? test.Check(
                unit,
                Convert.FromHexString("95DB6256CA82B432401588E067B32AD8DE53A7A91B38E41B4F1812681D6846E2"),
                Convert.FromHexString("803FB1FA6C1143FDF3F4C8D800000000"),
                [],
                Convert.FromHexString(
                    "AD0259BCE219E1E8443DF24B37ED4D676553AA385D7CE708835812E3F113097B42EF2A2B19F5F9C92EBB69B46872B9904AA0454BF638D2C6"
                    + "3143C155FC809F1C9C20389199613C3BF079098233A860"),
                632,
                encrypt: true,
                [],
                Convert.FromHexString("F81A5F6E7AE9BAC3DC7CB9F489CD6AA4"));
    }
}
