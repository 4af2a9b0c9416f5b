using Outboard.Plugins.Regex.Kernels.ByteScan;
using Outboard.Plugins.Regex.Rules;
using Outboard.Plugins.Regex.Tests.Engine;
using Outboard.Simd;
using Outboard.Testing;

namespace Outboard.Plugins.Regex.Tests.Kernels;

public sealed class ByteScanTests
{
    [Fact]
    public void EveryWidthFindsWhatAPlainLoopFindsUpToAnUnreadablePage()
    {
        using var buffer = new GuardedMemory(4096);
        var random = new Random(11);
        for (int length = 0; length <= 300; length++)
        {
            ByteSet set = default;
            for (int n = random.Next(0, 6); n > 0; n--)
            {
                set = set.With((byte)random.Next(256));
            }

            var scanSet = new ByteScanSet(length % 7 == 0 ? ~set : set);
            Span<byte> data = buffer.AtEnd(length);
            random.NextBytes(data);
            int start = random.Next(0, length + 1);
            int expected = -1;
            for (int i = length - 1; i >= start; i--)
            {
                expected = scanSet.Set.Contains(data[i]) ? i : expected;
            }

            foreach (SimdWidth width in ScannerFactory.Widths)
            {
                Assert.Equal(expected, ScannerFactory.ByteScan(width).IndexOf(scanSet, data, start));
            }
        }
    }

    [Fact]
    public void EveryByteValueIsToldFromEveryOther()
    {
        var data = new byte[64];
        foreach (SimdWidth width in ScannerFactory.Widths)
        {
            ByteScanKernel kernel = ScannerFactory.ByteScan(width);
            for (int member = 0; member < 256; member++)
            {
                var set = new ByteScanSet(ByteSet.Of((byte)member));
                for (int value = 0; value < 256; value++)
                {
                    data.AsSpan().Fill((byte)value);
                    Assert.Equal(member == value ? 0 : -1, kernel.IndexOf(set, data, 0));
                }
            }
        }
    }
}
