using Outboard.Plugins.Crypto.Kernels.AesXcbc;
using Outboard.Plugins.Crypto.Keys;
using Outboard.Plugins.Crypto.Tests.AesCmac;
using Outboard.Plugins.Crypto.Tests.Engine;
using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Tests.AesXcbc;

public sealed class AesXcbcUnitTests
{
    private static readonly int[] s_keyLengths = [16];

    public static TheoryData<SimdWidth, bool> Forms => UnitForms.All;

    [Theory]
    [MemberData(nameof(Forms))]
    public void AnswersOfTheStandardComeOut(SimdWidth width, bool emit) =>
        UnitForms.CheckSelfTest(UnitForms.Make(width, emit, AesXcbcUnit.Build));

    [Theory]
    [MemberData(nameof(Forms))]
    public void EveryLengthAgreesWithTheStandardSaidInBits(SimdWidth width, bool emit) =>
        ChainedCodeChecks.EveryLength(UnitForms.Make(width, emit, AesXcbcUnit.Build), s_keyLengths, ChainModel.Xcbc);

    [Theory]
    [MemberData(nameof(Forms))]
    public void MixedBatchesAgreeWithTheStandardSaidInBits(SimdWidth width, bool emit) =>
        ChainedCodeChecks.MixedBatches(
            UnitForms.Make(width, emit, AesXcbcUnit.Build), s_keyLengths, width == SimdWidth.Scalar ? 500 : 2000, ChainModel.Xcbc);

    [Theory]
    [MemberData(nameof(Forms))]
    public void BatchesOfOneKeyAndLengthAgreeWithTheStandardSaidInBits(SimdWidth width, bool emit) =>
        ChainedCodeChecks.LevelBatches(UnitForms.Make(width, emit, AesXcbcUnit.Build), s_keyLengths, ChainModel.Xcbc);

    [Theory]
    [MemberData(nameof(Forms))]
    public void EveryLengthInBitsAgreesWithTheStandardSaidInBits(SimdWidth width, bool emit) =>
        ChainedCodeChecks.EveryBitLength(UnitForms.Make(width, emit, AesXcbcUnit.Build), s_keyLengths, ChainModel.Xcbc);

    [Fact]
    public void OtherKeyLengthsAreRefused()
    {
        var key = new AesKey[1];
        Assert.Throws<ArgumentException>(() => XcbcKey.Expand(ref key[0], new byte[24]));
    }
}
