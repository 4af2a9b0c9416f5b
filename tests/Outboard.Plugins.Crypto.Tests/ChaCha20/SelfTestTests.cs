using Outboard.Plugins.Crypto.Engine;
using Outboard.Plugins.Crypto.Kernels.ChaCha20;
using Outboard.Plugins.Crypto.Kernels.TripleDes;
using Outboard.Plugins.Crypto.Keys;
using Outboard.Plugins.Crypto.Tests.Engine;
using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Tests.ChaCha20;

/// <summary>The self tests of ChaCha20, its AEAD and 3DES pass, and find a spoilt byte.</summary>
public sealed class SelfTestTests
{
    public static TheoryData<SimdWidth> Widths => UnitHarness.Widths;

    [Theory]
    [MemberData(nameof(Widths))]
    public void PassAndFindASpoiltByte(SimdWidth width)
    {
        using var store = new KeyStore();
        foreach (Func<SimdSelector, CryptoUnit> build in (Func<SimdSelector, CryptoUnit>[])
            [
                selector => ChaCha20Unit.Build(selector, emit: false),
                selector => ChaCha20Poly1305Unit.Build(selector, emit: false),
                selector => TripleDesCbcUnit.Build(selector, emit: false),
            ])
        {
            CryptoUnit unit = UnitHarness.Make(width, build);
            Assert.Equal(width, unit.Choice.Width);
            Assert.Null(unit.SelfTest(new UnitSelfTest(store, null)));
            Assert.NotNull(unit.SelfTest(new UnitSelfTest(store, (_, result) => result[0] ^= 1)));
        }
    }
}
