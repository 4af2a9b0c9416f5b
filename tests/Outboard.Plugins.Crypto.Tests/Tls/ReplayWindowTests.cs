using Outboard.Plugins.Crypto.Tls;

namespace Outboard.Plugins.Crypto.Tests.Tls;

public sealed class ReplayWindowTests
{
    public static TheoryData<int> Sizes => [64, 128, 256, 512, 1024, 2048, 4096];

    // The cases of DPDK's test of replay windows, with W for the size of the window.
    [Theory]
    [MemberData(nameof(Sizes))]
    public void OnlyWhatTheWindowHoldsAndHasNotSeenIsNew(int size)
    {
        ulong w = (ulong)size;
        var window = new ReplayWindow(size, 0);
        (ulong Number, bool IsNew)[] steps =
        [
            (2 * w, true), (w + 1, true), (w, false), (w + (w / 2), true), (w + (w / 2), false), (2 * w, false),
            ((2 * w) + 1, true), (w + 1, false),
        ];
        foreach ((ulong number, bool isNew) in steps)
        {
            Assert.Equal(isNew, window.IsNew(number));
            if (isNew)
            {
                window.Accept(number);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void ItAgreesWithASetOfAllNumbersSeen(int size)
    {
        var random = new Random(size);
        foreach (ulong first in (ulong[])[0, 1, 1000, (1UL << 48) - 100_000])
        {
            var window = new ReplayWindow(size, first);
            var seen = new HashSet<ulong>();
            ulong next = first;
            for (int i = 0; i < 20_000; i++)
            {
                long step = random.Next(10) switch
                {
                    0 => random.Next(-3 * size, 3 * size),
                    1 => random.Next(-size - 2, -size + 3),
                    2 => size + random.Next(-2, 3),
                    _ => random.Next(-size / 2, 3),
                };
                ulong number = (ulong)Math.Max(0, (long)next + step);
                bool expected = number >= next || (next - number <= (ulong)size && number >= first && !seen.Contains(number));
                Assert.Equal(expected, window.IsNew(number));
                if (expected && random.Next(4) != 0)
                {
                    window.Accept(number);
                    seen.Add(number);
                    next = Math.Max(next, number + 1);
                }
            }
        }
    }

    [Fact]
    public void WithoutAWindowEverythingIsNew()
    {
        var window = new ReplayWindow(0, 7);
        window.Accept(9);
        Assert.True(window.IsNew(9));
        Assert.True(window.IsNew(0));
    }

    [Fact]
    public void WhatLiesBeforeTheFirstNumberCountsAsSeen()
    {
        var window = new ReplayWindow(64, 100);
        Assert.False(window.IsNew(99));
        Assert.True(window.IsNew(100));
        window.Accept(130);
        Assert.False(window.IsNew(99));
        Assert.True(window.IsNew(100));
    }
}
