using Outboard.Plugins.Crypto.Engine;
using Outboard.Plugins.Crypto.Kernels.Zuc;
using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Kernels.Zuc256;

/// <summary>NEA6, the cipher on ZUC-256: a 32-byte key, a 16-byte IV, messages of any number of bits. Both directions are one.</summary>
internal static class ZucNea6Unit
{
    /// <summary>Chooses a width and makes the unit.</summary>
    public static CryptoUnit Build(SimdSelector selector, bool emit) =>
        ZucUnits.Build<Zuc256Loading, ZucCipher, Answers>(selector, emit, "zuc-nea6");

    private readonly struct Answers : IZucAnswers
    {
        // The vectors that intel-ipsec-mb publishes after TS 33.501, zuc_nea6_test.json: cases 5 and 12.
        public static string? Check(UnitSelfTest test, CryptoUnit unit) =>
            test.Check(
                unit,
                Convert.FromHexString("1F2F3F4F5F6F7F8F9FAFBFCFDFEFFF0F1F3F5F7F9F2F4F6F8FAFFFFFFFFFFFFF"),
                Convert.FromHexString("003FFFFFFFFFFFFFFFFFFFFF00000000"),
                [],
                Convert.FromHexString("0102030405060708090A0B0C0D0E0F101112131415AAABACADAEAF"),
                216,
                encrypt: true,
                Convert.FromHexString("7B04B79E1306092FBE510600B43ED4C6FB0BC92F6FC6E02B78BAD0"),
                [])
            ?? test.Check(
                unit,
                Convert.FromHexString("02298F430935E39B3A44286E924A7FE6CB6E684E8C5BE3FEFFD80C4EE6565F26"),
                Convert.FromHexString("0019E49438AD1EC771203E4600000000"),
                [],
                Convert.FromHexString(
                    "8D63A94D1B57B46D055FA3756A3D824D45DDA9A7CBB47D918BEA84348D6E20336EFF57BB9A9FF6CA611174189D221F1D81DFAA5BC68E64B0"
                    + "200A893BFF6A62D949A6A79E3B81B3D6726F5BB68CC625AB0FA6887A9F810DE8727F"),
                720,
                encrypt: false,
                Convert.FromHexString(
                    "F5C3BE21E6023337E9B09040241EDF7D6240B21853CD83C338D7BD798D523B4B4F82D065DD3E27B16AA32168CD5159FCFE8D07974F6426D6"
                    + "FC921CCDB9904809A4EE25C1C1649766F8BA496C7B0C5FD36712734FB31D4476C080"),
                []);
    }
}
