using Outboard.Plugins.Regex.Kernels.WindowShuffle;
using Outboard.Plugins.Regex.Literals;
using Outboard.Plugins.Regex.Tests.Literals;
using Outboard.Simd;
using Outboard.Testing;

namespace Outboard.Plugins.Regex.Tests.Kernels;

public sealed class WindowShuffleTests
{
    public static TheoryData<int, int> Kernels
    {
        get
        {
            TheoryData<int, int> data = [];
            foreach (SimdWidth width in LiteralFactory.Widths)
            {
                data.Add((int)width, 1);
                data.Add((int)width, 2);
                data.Add((int)width, 4);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void EveryAllowedPositionIsFoundAtEveryLengthUpToAnUnreadablePage(int width, int groups)
    {
        var random = new Random(groups);
        foreach (int lengthMin in new[] { 1, 2, 4 })
        {
            List<LiteralSpec> specs = LiteralFactory.Specs(random, 40 * groups, lengthMin, 8, owners: false);
            IEnumerable<LiteralPlace> places = specs.Select(static (_, i) => new LiteralPlace(i, 0));
            ShuffleTables tables = new ShuffleBuckets(PayloadModel.Default, specs, places).Tables(groups);
            WindowShuffleKernel kernel = LiteralFactory.Shuffle((SimdWidth)width);
            using var buffer = new GuardedMemory(4096);
            var candidates = new int[WindowShuffleKernel.CandidatesMin];
            for (int length = 0; length <= 200; length++)
            {
                Span<byte> data = buffer.AtEnd(length);
                LiteralFactory.Fill(random, specs, data);
                List<int> found = [];
                int position = 0;
                while (position <= length - tables.WindowMin)
                {
                    int before = position;
                    int count = kernel.Scan(tables, data, ref position, candidates);
                    Assert.True(position > before);
                    found.AddRange(candidates.AsSpan(0, count));
                }

                Assert.Equal(found.Distinct().Order(), found);
                Assert.All(found, at => Assert.InRange(at, 0, length - tables.WindowMin));
                List<int> wanted = Allowed(tables, data);
                Assert.Subset(found.ToHashSet(), wanted.ToHashSet());
                if (width == (int)SimdWidth.Scalar)
                {
                    Assert.Equal(wanted, found);
                }
            }
        }
    }

    private static List<int> Allowed(ShuffleTables tables, ReadOnlySpan<byte> data)
    {
        List<int> allowed = [];
        for (int at = 0; at + tables.WindowMin <= data.Length; at++)
        {
            uint found = uint.MaxValue;
            for (int k = 0; k < ShuffleTables.WindowMax; k++)
            {
                found &= tables.Sets[k * 256 + (at + k < data.Length ? data[at + k] : 0)];
            }

            if (found != 0)
            {
                allowed.Add(at);
            }
        }

        return allowed;
    }
}
