using Outboard.Plugins.Crypto.Engine;
using Outboard.Plugins.Crypto.Kernels.Zuc;
using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Kernels.Zuc256;

/// <summary>NCA6, the AEAD on ZUC-256: a 32-byte key, a 16-byte IV whose first byte is the code's length in bits plus 4, a code of 4 to 16 bytes.</summary>
internal static class ZucNca6Unit
{
    /// <summary>Chooses a width and makes the unit.</summary>
    public static CryptoUnit Build(SimdSelector selector, bool emit) =>
        ZucUnits.Build<Zuc256Loading, Zuc256Sealer, Answers>(selector, emit, "zuc-nca6");

    private readonly struct Answers : IZucAnswers
    {
        // The vectors that intel-ipsec-mb publishes after TS 33.501, zuc_nca6_test.json: cases 7, 11 and 18.
        public static string? Check(UnitSelfTest test, CryptoUnit unit) =>
            test.Check(
                unit,
                Convert.FromHexString("5555555555555555555555555555555555555555555555555555555555555555"),
                Convert.FromHexString("640D000000000000AA00AA0000000000"),
                Convert.FromHexString("0102030405060708090A0B0C0D0E0F101112131415"),
                Convert.FromHexString("FFFF00FF"),
                32,
                encrypt: true,
                Convert.FromHexString("BFDBAE6D"),
                Convert.FromHexString("5A83CE084B14EC43D9D8A523"))
            ?? test.Check(
                unit,
                Convert.FromHexString("37B944EAFF87613AAA1ECC172A0BC95C4AA97466B9AEE58961C3D870170E4031"),
                Convert.FromHexString("7C340778D1D029B41D64682000000000"),
                Convert.FromHexString("F18B13AEE037A6065DC38666E0361F0E2AE71D45D798025E8C94B9D9834C45"),
                Convert.FromHexString(
                    "27014B67A247D935245E0D56B60B79488D782945B6148276ACC8EC7BC883037DEFA6C400EDA16DF639EF47F6D1B4109E986871DBFB533C6D"
                    + "11AAE42960"),
                488,
                encrypt: true,
                Convert.FromHexString(
                    "1FF85CC0CCD2B0D4E179E718CF34B9A268040D2EC9E275857B88017D15AD14BF0D746DC80695F8B10803AE6683F8793AB0BF05A4AFF496AC"
                    + "CB27E25E32"),
                Convert.FromHexString("40A51DBCC2ECDA7BD5003DBD7A7B6F"))
            ?? test.Check(
                unit,
                Convert.FromHexString("A80F6F740B6ADBF6BC017BF5F393612B48D7A80F6FC6B40230C293578E0FD534"),
                Convert.FromHexString("7C05AF550BAB99547CF656A100000000"),
                Convert.FromHexString("FC1DBC93B45947E60798B0B28C8587679D3970DAB87B6657"),
                Convert.FromHexString(
                    "51C78BE0D8DAA694311F3944E44C1EE8693FEC0D6597669C0FF35E9F2C553D437FCA6566026DB5BF35B2C8FB25D1510479501A05CFA28FC1"
                    + "EA102B97863E09941EC0322D0EAB61EE126BF319C5A0C7D2BCCA7E5A3CC5799B51901A9761E4A67797762CDA8BB58F"),
                824,
                encrypt: false,
                Convert.FromHexString(
                    "3BF01F5EEFEEBACCFAE6F657DD05EAA4EE8F07FCA52F74014366A109E7AE5571C34DBBFCFEF1E5647399D0402E155DD6458257596309F518"
                    + "25E2E5475B05D098C8FB1BEA05CA8CE5B4427D4087D358F031F89F71AD055CC886F2EFD63E4A83CC5A483FD6FBB48B"),
                Convert.FromHexString("6CD0B5C7C9FC4883B05245F0D3FBAA"));
    }
}
