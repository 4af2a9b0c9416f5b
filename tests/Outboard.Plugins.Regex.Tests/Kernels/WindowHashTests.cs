using Outboard.Plugins.Regex.Kernels.WindowHash;
using Outboard.Plugins.Regex.Literals;
using Outboard.Plugins.Regex.Tests.Literals;
using Outboard.Simd;
using Outboard.Testing;

namespace Outboard.Plugins.Regex.Tests.Kernels;

public sealed class WindowHashTests
{
    public static TheoryData<int, int, int> Kernels
    {
        get
        {
            TheoryData<int, int, int> data = [];
            foreach (SimdWidth width in LiteralFactory.Widths)
            {
                foreach (int stride in new[] { 1, 2, 4 })
                {
                    foreach (int window in new[] { 2, 3, 4, 5, 8 })
                    {
                        data.Add((int)width, stride, window);
                    }
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void EveryWidthWritesThePositionsThatTheBitmapAllows(int width, int stride, int window)
    {
        var random = new Random(stride * 10 + window);
        List<LiteralSpec> specs = LiteralFactory.Specs(random, 300, window + stride - 1, window + 12, owners: false);
        var table = new WindowTable(
            window, specs, new LiteralPool(specs), [.. specs.Select(static (_, i) => new LiteralPlace(i, 0))], stride, entryBase: 0);
        WindowHashKernel kernel = LiteralFactory.Hash((SimdWidth)width);
        using var buffer = new GuardedMemory(8192);
        var candidates = new int[WindowHashKernel.CandidatesMin];
        foreach (int length in Enumerable.Range(0, 201).Append(8000))
        {
            Span<byte> data = buffer.AtEnd(length);
            LiteralFactory.Fill(random, specs, data);
            List<int> found = [];
            int position = 0;
            while (position <= length - window)
            {
                int before = position;
                int count = kernel.Scan(table, stride, data, ref position, candidates);
                Assert.True(position > before);
                found.AddRange(candidates.AsSpan(0, count));
            }

            List<int> wanted = [];
            for (int at = 0; at + window <= length; at += stride)
            {
                ulong text = 0;
                for (int k = 0; k < window; k++)
                {
                    text |= (ulong)data[at + k] << 8 * k;
                }

                if (table.Test(table.Hash(text)) != 0)
                {
                    wanted.Add(at);
                }
            }

            Assert.Equal(wanted, found);
        }
    }
}
