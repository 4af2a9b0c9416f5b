using Outboard.Mbufs;
using Outboard.Mbufs.Driver;
using Outboard.Memory;

namespace Outboard.Sdk.Tests.Mbufs;

public sealed unsafe class MbufDataTests : IDisposable
{
    private readonly MbufPool _pool = new(new MbufPoolOptions
    {
        Count = 128,
        CacheSize = 32,
        DebugChecks = MempoolDebugChecks.All,
        Backing = [MemoryBacking.Pages, MemoryBacking.Allocator],
    });

    public void Dispose() => Assert.True(_pool.Close().IsClean, _pool.Mempool.LeakReport?.ToString());

    [Fact]
    public void ANewMbufIsEmpty()
    {
        Mbuf m = Alloc();
        Assert.Equal((0, 0, 1, 128, 128), (m.DataLength, m.PacketLength, m.SegmentCount, m.DataOffset, m.Headroom));
        Assert.Equal((2176, 2048), (m.BufferLength, m.Tailroom));
        Assert.Equal((1, ushort.MaxValue, MbufOffloadFlags.None), (m.ReferenceCount, m.Port, m.OffloadFlags));
        Assert.True(m.IsContiguous && m.IsDirect && !m.IsClone && !m.HasExternalBuffer && m.Next.IsNull);
        Assert.True(m.BufferPointer + 128 == m.DataPointer);
        Assert.Equal(m.Address + 128, (nint)m.BufferPointer);
        Assert.Same(_pool, m.Pool);
        Assert.True(m.Check(out string? reason), reason);
        Assert.True(m.CheckFree(_pool, out reason), reason);
        m.Free();
    }

    [Fact]
    public void AllocResetsWhatTheLastUserLeft()
    {
        MempoolCache cache = _pool.CurrentCache;
        Mbuf m = Alloc();
        m.Port = 3;
        m.OffloadFlags = MbufOffloadFlags.ReceiveRssHash;
        m.PacketType = MbufPacketType.L4Tcp;
        m.RssHash = 77;
        m.VlanTci = 5;
        m.OuterVlanTci = 6;
        m.L2Length = 14;
        Assert.True(m.TryAppend(100, out _));
        Assert.True(m.TryPrepend(20, out _));
        m.Free();
        Assert.True(_pool.TryAlloc(out Mbuf again, cache));
        Assert.Equal(m, again);
        Assert.Equal((0, 0, 128), (again.DataLength, again.PacketLength, again.DataOffset));
        Assert.Equal((ushort.MaxValue, (ushort)0, (ushort)0), (again.Port, again.VlanTci, again.OuterVlanTci));
        Assert.Equal(2176, again.BufferLength);
        Assert.Equal((MbufOffloadFlags.None, MbufPacketType.Unknown), (again.OffloadFlags, again.PacketType));
        Assert.Equal(0UL, again.TransmitOffload.Value);
        again.Free();
    }

    [Fact]
    public void DataGrowsAndShrinksAtBothEndsWithinItsLimits()
    {
        Mbuf m = Alloc();
        Assert.True(m.TryAppend(10, out Span<byte> data));
        Assert.Equal(10, data.Length);
        data.Fill(1);
        Assert.True(m.TryPrepend(4, out data));
        data.Fill(2);
        Assert.Equal([2, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1], m.Data.ToArray());
        Assert.Equal((14, 14, 124), (m.DataLength, m.PacketLength, m.Headroom));

        Assert.False(m.TryPrepend(125, out data));
        Assert.True(data.IsEmpty);
        Assert.False(m.TryPrepend(-1, out _));
        Assert.False(m.TryAppend(m.Tailroom + 1, out _));
        Assert.False(m.TryAppend(-1, out _));
        Assert.False(m.TryAdjust(15));
        Assert.False(m.TryAdjust(-1));
        Assert.False(m.TryTrim(15));
        Assert.False(m.TryTrim(-1));
        Assert.Equal(14, m.PacketLength);

        Assert.True(m.TryAdjust(4));
        Assert.True(m.TryTrim(3));
        Assert.Equal([1, 1, 1, 1, 1, 1, 1], m.Data.ToArray());
        Assert.True(m.TryAppend(m.Tailroom, out _));
        Assert.Equal((2048, 0), (m.PacketLength, m.Tailroom));
        Assert.True(m.TryPrepend(128, out _));
        Assert.Equal((2176, 0), (m.PacketLength, m.Headroom));
        Assert.True(m.TryTrim(2176));
        Assert.Equal(0, m.PacketLength);
        Assert.True(m.Check(out string? reason), reason);
        m.Free();
    }

    [Fact]
    public void AppendAndTrimWorkOnTheLastSegment()
    {
        Mbuf m = Chain(10, 20);
        Assert.True(m.TryAppend(5, out _));
        Assert.Equal((35, 10, 25), (m.PacketLength, m.DataLength, m.Next.DataLength));
        Assert.True(m.TryTrim(25));
        Assert.False(m.TryTrim(1));
        Assert.Equal((10, 0), (m.PacketLength, m.Next.DataLength));
        Assert.True(m.Check(out string? reason), reason);
        m.Free();
    }

    [Fact]
    public void ChainsAddUpAndComeApartWhenFreed()
    {
        Mbuf m = Chain(10, 20, 30);
        Assert.Equal((60, 3), (m.PacketLength, m.SegmentCount));
        Assert.False(m.IsContiguous);
        Assert.Equal(30, m.LastSegment.DataLength);
        var lengths = new List<int>();
        foreach (Mbuf segment in m.Segments)
        {
            lengths.Add(segment.DataLength);
        }

        Assert.Equal([10, 20, 30], lengths);
        Assert.True(m.Check(out string? reason), reason);
        Assert.Equal(125, _pool.AvailableCount);
        m.Free();
        Assert.Equal(128, _pool.AvailableCount);
        Mbuf[] all = new Mbuf[128];
        Assert.True(_pool.TryAllocBulk(all));
        Assert.All(all, free => Assert.True(free.SegmentCount == 1 && free.Next.IsNull && free.ReferenceCount == 1));
        MbufPool.FreeBulk(all);
    }

    [Fact]
    public void AChainOfTooManySegmentsIsRefused()
    {
        Mbuf m = Chain(1, 1);
        Mbuf tail = Chain(1);
        m.SetSegmentCount(65535);
        Assert.False(m.TryChain(tail));
        m.SetSegmentCount(65534);
        Assert.True(m.TryChain(tail));
        Assert.Equal(65535, m.SegmentCount);
        m.Free();
    }

    [Theory]
    [InlineData(true, 100)]
    [InlineData(true, 2048)]
    [InlineData(true, 100, 200)]
    [InlineData(true, 1000, 1000, 48)]
    [InlineData(true, 0, 2000)]
    [InlineData(true, 10, 0, 10, 0)]
    [InlineData(false, 1000, 1049)]
    [InlineData(false, 2048, 1)]
    [InlineData(false, 1000, 1000, 100)]
    public void LinearizeWorksWhereTheFirstSegmentHasRoom(bool fits, params int[] lengths)
    {
        Mbuf m = Chain(lengths);
        byte[] before = Bytes(m);
        Assert.Equal(fits, m.TryLinearize());
        Assert.Equal(fits ? 1 : lengths.Length, m.SegmentCount);
        Assert.Equal(lengths.Sum(), m.PacketLength);
        Assert.Equal(before, Bytes(m));
        Assert.Equal(128 - m.SegmentCount, _pool.AvailableCount);
        Assert.True(m.Check(out string? reason), reason);
        m.Free();
    }

    [Theory]
    [InlineData(0, 0, true)]
    [InlineData(0, 10, false)]
    [InlineData(3, 7, false)]
    [InlineData(10, 20, false)]
    [InlineData(30, 0, false)]
    [InlineData(60, 0, false)]
    [InlineData(9, 2, true)]
    [InlineData(0, 60, true)]
    [InlineData(5, 50, true)]
    [InlineData(29, 31, true)]
    public void ReadsAreInPlaceOrCopied(int offset, int length, bool across)
    {
        Mbuf m = Chain(10, 20, 30);
        byte[] bytes = Bytes(m);
        var scratch = new byte[64];
        Assert.True(m.TryRead(offset, length, scratch, out ReadOnlySpan<byte> data));
        Assert.Equal(bytes.AsSpan(offset, length).ToArray(), data.ToArray());
        if (across && length > 0)
        {
            Assert.False(m.TryRead(offset, length, scratch.AsSpan(0, length - 1), out data));
            Assert.True(data.IsEmpty);
        }
        else
        {
            Assert.True(m.TryRead(offset, length, [], out _));
        }

        m.Free();
    }

    [Theory]
    [InlineData(0, 61)]
    [InlineData(60, 1)]
    [InlineData(61, 0)]
    [InlineData(-1, 2)]
    [InlineData(2, -1)]
    [InlineData(int.MaxValue, int.MaxValue)]
    public void ReadsPastTheEndFail(int offset, int length)
    {
        Mbuf m = Chain(10, 20, 30);
        Assert.False(m.TryRead(offset, length, new byte[100], out ReadOnlySpan<byte> data));
        Assert.True(data.IsEmpty);
        m.Free();
    }

    [Fact]
    public void CopiesCrossSegmentsBothWays()
    {
        Mbuf m = Chain(10, 0, 20, 30);
        byte[] written = [.. Enumerable.Range(100, 45).Select(i => (byte)i)];
        Assert.Equal(45, m.CopyFrom(written, 5));
        var read = new byte[45];
        Assert.Equal(45, m.CopyTo(read, 5));
        Assert.Equal(written, read);
        Assert.Equal(10, m.CopyFrom(written, 50));
        Assert.Equal(10, m.CopyTo(read, 50));
        Assert.Equal(0, m.CopyTo(read, 60));
        Assert.Equal(0, m.CopyTo(read, -1));
        Assert.Equal(0, m.CopyFrom(read, -1));
        Assert.Equal(60, m.PacketLength);
        m.Free();
    }

    [Fact]
    public void FreeingASegmentLeavesTheOthers()
    {
        Mbuf m = Chain(10, 20);
        Mbuf second = m.Next;
        m.FreeSegment();
        Assert.Equal(127, _pool.AvailableCount);
        second.FreeSegment();
        default(Mbuf).FreeSegment();
        default(Mbuf).Free();
        Assert.Equal(128, _pool.AvailableCount);
    }

    [Fact]
    public void PrivateBytesBelongToTheApplication()
    {
        using var pool = new MbufPool(new MbufPoolOptions { Count = 4, CacheSize = 0, PrivateSize = 24, DataRoomSize = 100 });
        Assert.True(pool.TryAlloc(out Mbuf m));
        Assert.Equal(24, m.PrivateData.Length);
        Assert.Equal((100, 100, 0), (m.Headroom, m.BufferLength, m.Tailroom));
        Assert.Equal(m.Address + 128 + 24, (nint)m.BufferPointer);
        m.PrivateData.Fill(8);
        m.Free();
        Assert.Throws<ArgumentOutOfRangeException>(() => new MbufPool(new MbufPoolOptions { Count = 4, PrivateSize = 12 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new MbufPool(new MbufPoolOptions { Count = 4, DataRoomSize = 65536 }));
    }

    [Fact]
    public void HandlesCompareByPlace()
    {
        Mbuf m = Alloc();
        Mbuf same = Mbuf.FromAddress(m.Address);
        Assert.True(m == same && m.Equals((object)same) && m.GetHashCode() == same.GetHashCode());
        Assert.True(m != default);
        Assert.Equal("mbuf (null)", default(Mbuf).ToString());
        Assert.Contains("0 bytes in 1 segments", m.ToString(), StringComparison.Ordinal);
        Assert.Equal(m, _pool.MbufAt(_pool.IndexOf(m)));
        m.Free();
    }

    private static byte[] Bytes(Mbuf m)
    {
        var bytes = new byte[m.PacketLength];
        Assert.Equal(bytes.Length, m.CopyTo(bytes));
        return bytes;
    }

    private Mbuf Alloc()
    {
        Assert.True(_pool.TryAlloc(out Mbuf m));
        return m;
    }

    /// <summary>A packet of segments of these lengths, whose bytes count up.</summary>
    private Mbuf Chain(params ReadOnlySpan<int> lengths)
    {
        Mbuf head = default;
        byte next = 0;
        foreach (int length in lengths)
        {
            Mbuf segment = Alloc();
            Assert.True(segment.TryAppend(length, out Span<byte> data));
            foreach (ref byte b in data)
            {
                b = next++;
            }

            if (head.IsNull)
            {
                head = segment;
            }
            else
            {
                Assert.True(head.TryChain(segment));
            }
        }

        return head;
    }
}
