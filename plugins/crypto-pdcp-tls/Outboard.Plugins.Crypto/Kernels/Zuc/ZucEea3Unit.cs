using Outboard.Plugins.Crypto.Engine;
using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Kernels.Zuc;

/// <summary>128-EEA3, the cipher: a 16-byte key, a 16-byte IV, messages of any number of bits. Both directions are one.</summary>
internal static class ZucEea3Unit
{
    /// <summary>Chooses a width and makes the unit.</summary>
    public static CryptoUnit Build(SimdSelector selector, bool emit) => ZucUnits.Build<Zuc128, ZucCipher, Answers>(selector, emit, "zuc-eea3");

    private readonly struct Answers : IZucAnswers
    {
        // 128-EEA3 and 128-EIA3 Document 3, Implementor's Test Data, 3.3 and 3.4: test sets 1 and 2.
        public static string? Check(UnitSelfTest test, CryptoUnit unit) =>
            test.Check(
                unit,
                Convert.FromHexString("173D14BA5003731D7A60049470F00A29"),
                Convert.FromHexString("66035492780000006603549278000000"),
                [],
                Convert.FromHexString("6CF65340735552AB0C9752FA6F9025FE0BD675D9005875B200"),
                193,
                encrypt: true,
                Convert.FromHexString("A6C85FC66AFB8533AAFC2518DFE784940EE1E4B030238CC800"),
                [])
            ?? test.Check(
                unit,
                Convert.FromHexString("E5BD3EA0EB55ADE866C6AC58BD54302A"),
                Convert.FromHexString("00056823C400000000056823C4000000"),
                [],
                Convert.FromHexString(
                    "131D43E0DEA1BE5C5A1BFD971D852CBF712D7B4F57961FEA3208AFA8BCA433F456AD09C7417E58BC69CF8866D1353F74865E80781D202DFB"
                    + "3ECFF7FCBC3B190FE82A204ED0E350FC0F6F2613B2F2BCA6DF5A473A57A4A00D985EBAD880D6F23864A07B01"),
                800,
                encrypt: false,
                Convert.FromHexString(
                    "14A8EF693D678507BBE7270A7F67FF5006C3525B9807E467C4E56000BA338F5D429559036751822246C80D3B38F07F4BE2D8FF5805F51322"
                    + "29BDE93BBBDCAF382BF1EE972FBF9977BADA8945847A2A6C9AD34A667554E04D1F7FA2C33241BD8F01BA220D"),
                []);
    }
}
