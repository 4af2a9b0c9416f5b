using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Crypto.Macs;
using Org.BouncyCastle.Crypto.Parameters;
using Outboard.Plugins.Crypto.Engine;
using Outboard.Plugins.Crypto.Kernels.AesCmac;
using Outboard.Plugins.Crypto.Pdcp;
using Outboard.Plugins.Crypto.Tests.Engine;
using Outboard.Plugins.Crypto.Tests.Vectors;
using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Tests.Kernels;

/// <summary>The known answers under tests/vectors, and the oracle that others compare with.</summary>
public sealed class AesCmacTests
{
    public static TheoryData<SimdWidth, bool> Forms => UnitForms.All;

    [Theory]
    [MemberData(nameof(Forms))]
    public void Cmac(SimdWidth width, bool emit)
    {
        CryptoUnit unit = UnitForms.Make(width, emit, AesCmacUnit.Build);
        foreach (KnownAnswer answer in KnownAnswers.Read("aes-cmac.txt"))
        {
            UnitHarness.Result result = UnitHarness.Run(unit, new UnitHarness.Message(answer.Bytes("key"), [], [], answer.Bytes("message")))[0];
            Assert.Equal(answer.Bytes("code"), result.Code[..16]);
        }
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void Eia2(SimdWidth width, bool emit)
    {
        CryptoUnit unit = UnitForms.Make(width, emit, AesCmacUnit.Build);
        foreach (KnownAnswer answer in KnownAnswers.Read("3gpp-128.txt").Where(answer => answer.Has("mac")))
        {
            byte[] input = new byte[16];
            PdcpPdu.WriteInput(input, answer.Hex("count"), answer.Number("bearer"), answer.Number("direction"));
            UnitHarness.Result result = UnitHarness.Run(
                unit, new UnitHarness.Message(answer.Bytes("key"), [], input[..8], answer.Bytes("message")))[0];
            Assert.Equal(answer.Bytes("mac"), result.Code[..4]);
        }
    }

    internal static byte[] Reference(byte[] key, ReadOnlySpan<byte> message)
    {
        var mac = new CMac(new AesEngine());
        mac.Init(new KeyParameter(key));
        mac.BlockUpdate(message.ToArray(), 0, message.Length);
        byte[] code = new byte[16];
        mac.DoFinal(code, 0);
        return code;
    }
}
