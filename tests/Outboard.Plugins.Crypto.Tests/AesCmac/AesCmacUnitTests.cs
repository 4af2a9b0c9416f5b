using Outboard.Plugins.Crypto.Kernels.AesCmac;
using Outboard.Plugins.Crypto.Tests.Engine;
using Outboard.Plugins.Crypto.Tests.Kernels;
using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Tests.AesCmac;

public sealed class AesCmacUnitTests
{
    private static readonly int[] s_keyLengths = [16, 24, 32];

    public static TheoryData<SimdWidth, bool> Forms => UnitForms.All;

    [Theory]
    [MemberData(nameof(Forms))]
    public void AnswersOfTheStandardComeOut(SimdWidth width, bool emit) =>
        UnitForms.CheckSelfTest(UnitForms.Make(width, emit, AesCmacUnit.Build));

    [Theory]
    [MemberData(nameof(Forms))]
    public void EveryLengthAgreesWithBouncyCastle(SimdWidth width, bool emit) =>
        ChainedCodeChecks.EveryLength(UnitForms.Make(width, emit, AesCmacUnit.Build), s_keyLengths, Reference);

    [Theory]
    [MemberData(nameof(Forms))]
    public void MixedBatchesAgreeWithBouncyCastle(SimdWidth width, bool emit) =>
        ChainedCodeChecks.MixedBatches(
            UnitForms.Make(width, emit, AesCmacUnit.Build), s_keyLengths, width == SimdWidth.Scalar ? 2000 : 9000, Reference);

    [Theory]
    [MemberData(nameof(Forms))]
    public void BatchesOfOneKeyAndLengthAgreeWithTheStandardSaidInBits(SimdWidth width, bool emit) =>
        ChainedCodeChecks.LevelBatches(UnitForms.Make(width, emit, AesCmacUnit.Build), s_keyLengths, ChainModel.Cmac);

    [Theory]
    [MemberData(nameof(Forms))]
    public void EveryLengthInBitsAgreesWithTheStandardSaidInBits(SimdWidth width, bool emit) =>
        ChainedCodeChecks.EveryBitLength(UnitForms.Make(width, emit, AesCmacUnit.Build), s_keyLengths, ChainModel.Cmac);

    private static byte[] Reference(byte[] key, byte[] before, byte[] data, int bitLength)
    {
        Assert.Equal(8 * data.Length, bitLength);
        return AesCmacTests.Reference(key, (byte[])[.. before, .. data]);
    }
}
