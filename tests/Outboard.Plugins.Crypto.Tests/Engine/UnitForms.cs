using Outboard.Plugins.Crypto.Engine;
using Outboard.Plugins.Crypto.Keys;
using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Tests.Engine;

/// <summary>Every form that a unit with emitted kernels has: each width, with the emitted kernel of that width and without.</summary>
internal static class UnitForms
{
    public static TheoryData<SimdWidth, bool> All => new()
    {
        { SimdWidth.Scalar, false },
        { SimdWidth.V128, false },
        { SimdWidth.V256, false },
        { SimdWidth.V512, false },
        { SimdWidth.V256, true },
        { SimdWidth.V512, true },
    };

    /// <summary>Makes a form of a unit; skips the test where this processor or system has it not.</summary>
    public static CryptoUnit Make(SimdWidth width, bool emit, Func<SimdSelector, bool, CryptoUnit> build)
    {
        CryptoUnit unit = UnitHarness.Make(width, selector => build(selector, emit));
        Assert.SkipWhen(
            emit && !unit.Choice.Kernel.Contains("emitted", StringComparison.Ordinal), "there is no emitted code in this process");
        Assert.Equal(width, unit.Choice.Width);
        return unit;
    }

    /// <summary>The known answers that the unit itself runs when a device starts, and whether a spoiled result is found.</summary>
    public static void CheckSelfTest(CryptoUnit unit)
    {
        using var store = new KeyStore();
        Assert.Null(unit.SelfTest(new UnitSelfTest(store, null)));
        Assert.NotNull(unit.SelfTest(new UnitSelfTest(store, (_, result) => result[0] ^= 1)));
    }
}
