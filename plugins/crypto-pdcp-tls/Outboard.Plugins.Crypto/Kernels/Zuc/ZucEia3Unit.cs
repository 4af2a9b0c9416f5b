using Outboard.Plugins.Crypto.Engine;
using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Kernels.Zuc;

/// <summary>128-EIA3, the authentication: a 16-byte key, a 16-byte IV, messages of any number of bits, a code of four bytes.</summary>
internal static class ZucEia3Unit
{
    /// <summary>Chooses a width and makes the unit.</summary>
    public static CryptoUnit Build(SimdSelector selector, bool emit) =>
        ZucUnits.Build<Zuc128, ZucAuthenticator, Answers>(selector, emit, "zuc-eia3");

    private readonly struct Answers : IZucAnswers
    {
        // 128-EEA3 and 128-EIA3 Document 3, Implementor's Test Data, 4: test sets of 1, 90 and 577 bits.
        public static string? Check(UnitSelfTest test, CryptoUnit unit) =>
            test.Check(unit, new byte[16], new byte[16], [], new byte[4], 1, encrypt: true, [], [0xC8, 0xA9, 0x59, 0x5E])
            ?? test.Check(
                unit,
                Convert.FromHexString("47054125561EB2DDA94059DA05097850"),
                Convert.FromHexString("561EB2DDA0000000561EB2DDA0000000"),
                [],
                new byte[12],
                90,
                encrypt: true,
                [],
                [0x67, 0x19, 0xA0, 0x88])
            ?? test.Check(
                unit,
                Convert.FromHexString("C9E6CEC4607C72DB000AEFA88385AB0A"),
                Convert.FromHexString("A94059DA50000000294059DA50008000"),
                Convert.FromHexString("983B41D47D780C9E"),
                Convert.FromHexString(
                    "1AD11D7EB70391B1DE0B35DA2DC62F83E7B78D6306CA0EA07E941B7BE91348F9FCB170E2217FECD97F9F68ADB16E5D7D21E569D280ED775C"
                    + "EBDE3F4093C5388100"),
                577 - 64,
                encrypt: true,
                [],
                [0xFA, 0xE8, 0xFF, 0x0B]);
    }
}
