using System.Runtime.InteropServices;
using Outboard.Mbufs;

namespace Outboard.Sdk.Tests.Mbufs;

public sealed class MbufDynamicsTests
{
    private readonly MbufDynamics _dynamics = new();

    [Fact]
    public void FieldsDoNotOverlapAndAreAligned()
    {
        MbufField<byte> one = _dynamics.RegisterField<byte>("one");
        MbufField<ulong> eight = _dynamics.RegisterField<ulong>("eight");
        MbufField<ushort> two = _dynamics.RegisterField<ushort>("two");
        MbufField<uint> four = _dynamics.RegisterField<uint>("four");
        Assert.Equal(0, eight.Offset % 8);
        Assert.Equal(0, two.Offset % 2);
        Assert.Equal(0, four.Offset % 4);
        Assert.All(new[] { one.Offset, eight.Offset, two.Offset, four.Offset }, offset => Assert.InRange(offset, 92, 127));
        Assert.Equal(36 - 15, _dynamics.FreeByteCount);
        IReadOnlyList<MbufFieldInfo> fields = _dynamics.Fields;
        for (int i = 1; i < fields.Count; i++)
        {
            Assert.True(fields[i - 1].Offset + fields[i - 1].Size <= fields[i].Offset);
        }
    }

    [Fact]
    public void TheSmallestHoleThatFitsIsTaken()
    {
        _ = _dynamics.RegisterBytes("wall", 4, 4, offset: 100);
        Assert.Equal(92, _dynamics.RegisterField<ushort>("small").Offset);
        Assert.Equal(104, _dynamics.RegisterBytes("large", 20, 4).Offset);
    }

    [Fact]
    public void TheSameNameGivesTheSamePlace()
    {
        MbufField<uint> first = _dynamics.RegisterField<uint>("mark");
        Assert.Equal(first, _dynamics.RegisterField<uint>("mark"));
        InvalidOperationException e = Assert.Throws<InvalidOperationException>(() => _dynamics.RegisterField<ulong>("mark"));
        Assert.Contains("size 4", e.Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => _dynamics.RegisterField<uint>("mark", first.Offset + 4));
    }

    [Fact]
    public void BadRequestsAreRefused()
    {
        Assert.Throws<ArgumentException>(() => _dynamics.RegisterField<int>(" "));
        Assert.Throws<ArgumentException>(() => _dynamics.RegisterField<int>(new string('x', 64)));
        Assert.Throws<ArgumentOutOfRangeException>(() => _dynamics.RegisterField<Forty>("wide"));
        Assert.Throws<ArgumentOutOfRangeException>(() => _dynamics.RegisterBytes("odd", 4, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => _dynamics.RegisterBytes("none", 0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => _dynamics.RegisterField<uint>("early", 88));
        Assert.Throws<ArgumentOutOfRangeException>(() => _dynamics.RegisterField<uint>("late", 126));
        Assert.Throws<ArgumentOutOfRangeException>(() => _dynamics.RegisterField<uint>("crooked", 94));
        _ = _dynamics.RegisterField<uint>("there", 96);
        Assert.Throws<InvalidOperationException>(() => _dynamics.RegisterField<uint>("too", 96));
        Assert.Throws<InvalidOperationException>(() => _dynamics.RegisterBytes("most", 30, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => _dynamics.RegisterFlag("low", 22));
        Assert.Throws<ArgumentOutOfRangeException>(() => _dynamics.RegisterFlag("high", 41));
    }

    [Fact]
    public void EighteenFlagsCanBeHad()
    {
        ulong seen = 0;
        for (int i = 0; i < 18; i++)
        {
            MbufFlag flag = _dynamics.RegisterFlag($"flag {i}");
            Assert.Equal(flag, _dynamics.RegisterFlag($"flag {i}"));
            Assert.Equal(0UL, seen & (ulong)flag.Mask);
            seen |= (ulong)flag.Mask;
        }

        Assert.Equal((ulong)MbufOffloadFlags.DynamicMask, seen);
        Assert.Throws<InvalidOperationException>(() => _dynamics.RegisterFlag("one more"));
        Assert.Throws<InvalidOperationException>(() => _dynamics.RegisterFlag("flag 0", 24));
        Assert.True(_dynamics.UnregisterFlag("flag 5"));
        Assert.False(_dynamics.UnregisterFlag("flag 5"));
        Assert.Equal(28, _dynamics.RegisterFlag("one more").Bit);
        Assert.Throws<InvalidOperationException>(() => _dynamics.RegisterFlag("taken", 30));
        Assert.Equal(18, _dynamics.Flags.Count);
    }

    [Fact]
    public void FieldsAndFlagsLiveInTheMbuf()
    {
        using var pool = new MbufPool(new MbufPoolOptions { Count = 4, CacheSize = 0 });
        MbufField<ulong> time = _dynamics.RegisterField<ulong>("time");
        MbufField<int> rule = _dynamics.RegisterField<int>("rule");
        MbufFlag matched = _dynamics.RegisterFlag("matched");
        Assert.True(pool.TryAlloc(out Mbuf m));
        m.Field(time) = ulong.MaxValue;
        m.Field(rule) = -7;
        m.SetFlag(matched);
        Assert.True(m.HasFlag(matched));
        Assert.Equal((ulong.MaxValue, -7), (m.Field(time), m.Field(rule)));
        Assert.True(m.TryClone(pool, out Mbuf clone));
        Assert.Equal((ulong.MaxValue, -7, true), (clone.Field(time), clone.Field(rule), clone.HasFlag(matched)));
        m.SetFlag(matched, false);
        Assert.False(m.HasFlag(matched));
        clone.Free();
        m.Free();
        Assert.True(_dynamics.UnregisterField("time"));
        Assert.False(_dynamics.UnregisterField("time"));
        Assert.Equal(32, _dynamics.FreeByteCount);
    }

    [StructLayout(LayoutKind.Sequential, Size = 40)]
    private struct Forty
    {
        public byte Value;
    }
}
