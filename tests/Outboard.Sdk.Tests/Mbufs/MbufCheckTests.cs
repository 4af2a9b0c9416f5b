using Outboard.Mbufs;
using Outboard.Mbufs.Driver;
using Outboard.Memory;

namespace Outboard.Sdk.Tests.Mbufs;

public sealed unsafe class MbufCheckTests : IDisposable
{
    private readonly MbufPool _pool = new(new MbufPoolOptions { Count = 16, CacheSize = 0 });

    public void Dispose() => Assert.True(_pool.Close().IsClean);

    [Fact]
    public void EveryDefectHasItsReason()
    {
        Fails("mbuf is null", default);
        Broken("bad mbuf pool", m => m.Header->Pool = 0);
        Broken("bad IO address", m => m.Header->IoAddress = 0);
        Broken("bad virtual address", m => m.Header->BufferAddress = null);
        Broken("bad reference count", m => m.Header->ReferenceCount = 0);
        Broken("bad reference count", m => m.Header->ReferenceCount = ushort.MaxValue);
        Broken("data length is above packet length", m => m.SetPacketLength(9));
        Broken("data offset is beyond the segment", m => m.SetDataOffset(2177));
        Broken("data length is beyond the segment", m => m.SetLength(2049));
        Broken("bad segment count", m => m.SetSegmentCount(0));
        Broken("bad segment count", m => m.SetSegmentCount(2));
        Broken("bad packet length", m => m.SetPacketLength(11));
    }

    [Fact]
    public void ASegmentIsCheckedAlone()
    {
        Mbuf m = Alloc(10);
        m.SetPacketLength(5);
        Assert.False(m.Check(out _));
        Assert.True(m.Check(out string? reason, isHead: false));
        Assert.Null(reason);
        m.Free();
    }

    [Fact]
    public void AFreeMbufHasToLookLikeOne()
    {
        using var other = new MbufPool(new MbufPoolOptions { Count = 4, CacheSize = 0 });
        Mbuf m = Alloc(0);
        Mbuf second = Alloc(0);
        Assert.True(m.CheckFree(null, out string? reason), reason);
        Expect("wrong mbuf pool", other);
        m.AddReference();
        Expect("reference count is not 1", _pool);
        m.Free();
        m.SetNext(second);
        Expect("next segment is set", _pool);
        m.SetNext(default);
        m.SetSegmentCount(2);
        Expect("segment count is not 1", _pool);
        m.SetSegmentCount(1);
        Assert.True(m.AttachTo(second));
        Expect("mbuf is a clone", _pool);
        m.Detach();
        m.OffloadFlags |= MbufOffloadFlags.External;
        Expect("external buffer is not pinned", _pool);
        m.OffloadFlags = MbufOffloadFlags.None;
        m.Free();
        second.Free();

        void Expect(string expected, MbufPool pool)
        {
            Assert.False(m.CheckFree(pool, out string? found));
            Assert.Equal(expected, found);
        }
    }

    public static TheoryData<MbufOffloadFlags, int, string?> Offloads => new()
    {
        { MbufOffloadFlags.None, 0, null },
        { MbufOffloadFlags.TransmitIPChecksum | MbufOffloadFlags.TransmitIPv4, 0, null },
        { MbufOffloadFlags.TransmitIPChecksum | MbufOffloadFlags.TransmitIPv6, 0, "which has none" },
        { MbufOffloadFlags.TransmitIPChecksum, 0, "neither IPv4 nor IPv6" },
        { MbufOffloadFlags.TransmitUdpChecksum, 0, "neither IPv4 nor IPv6" },
        { MbufOffloadFlags.TransmitUdpChecksum | MbufOffloadFlags.TransmitIPv6, 0, null },
        { MbufOffloadFlags.TransmitTcpChecksum | MbufOffloadFlags.TransmitIPv4, 0, null },
        { MbufOffloadFlags.TransmitTcpSegmentation, 512, "neither IPv4 nor IPv6" },
        { MbufOffloadFlags.TransmitTcpSegmentation | MbufOffloadFlags.TransmitIPv6, 0, "segment size is 0" },
        { MbufOffloadFlags.TransmitTcpSegmentation | MbufOffloadFlags.TransmitIPv6, 512, null },
        { MbufOffloadFlags.TransmitTcpSegmentation | MbufOffloadFlags.TransmitIPv4, 512, "not the IP checksum" },
        {
            MbufOffloadFlags.TransmitTcpSegmentation | MbufOffloadFlags.TransmitIPv4 | MbufOffloadFlags.TransmitIPChecksum,
            512,
            null
        },
        { MbufOffloadFlags.TransmitUdpSegmentation | MbufOffloadFlags.TransmitIPv6, 0, "segment size is 0" },
        { MbufOffloadFlags.TransmitOuterIPChecksum, 0, "not marked IPv4" },
        { MbufOffloadFlags.TransmitOuterIPChecksum | MbufOffloadFlags.TransmitOuterIPv6, 0, "not marked IPv4" },
        { MbufOffloadFlags.TransmitOuterIPChecksum | MbufOffloadFlags.TransmitOuterIPv4, 0, null },
    };

    [Theory]
    [MemberData(nameof(Offloads))]
    public void TransmitOffloadsHaveToMakeSense(MbufOffloadFlags flags, int segmentSize, string? part)
    {
        Mbuf m = Alloc(64);
        m.OffloadFlags = flags;
        m.TsoSegmentSize = segmentSize;
        Assert.Equal(part is null, m.ValidateTransmitOffload(out string? reason));
        Assert.Equal(part is null, reason is null);
        Assert.Contains(part ?? string.Empty, reason ?? string.Empty, StringComparison.Ordinal);
        m.Free();
    }

    [Fact]
    public void DriversSetEverythingAtOnce()
    {
        MempoolCache cache = _pool.CurrentCache;
        var burst = new Mbuf[4];
        Assert.True(_pool.TryAllocRawBulk(burst, cache));
        ulong rearm = MbufDriverExtensions.RearmWord(64, 3);
        Mbuf m = burst[0];
        m.OuterVlanTci = 4;
        m.L4Length = 20;
        m.SetReceived(
            rearm, 1500, MbufOffloadFlags.ReceiveRssHash | MbufOffloadFlags.ReceiveVlan, MbufPacketType.L4Udp, 0xDEADBEEF, 77);
        Assert.Equal((1500, 1500, 64, 1, 1), (m.PacketLength, m.DataLength, m.DataOffset, m.SegmentCount, m.ReferenceCount));
        Assert.Equal((3, MbufPacketType.L4Udp, 0xDEADBEEF, 77), (m.Port, m.PacketType, m.RssHash, m.VlanTci));
        Assert.Equal(MbufOffloadFlags.ReceiveRssHash | MbufOffloadFlags.ReceiveVlan, m.OffloadFlags);
        Assert.Equal((0, 0UL, 2176), (m.OuterVlanTci, m.TransmitOffload.Value, m.BufferLength));
        Assert.Equal((ulong)m.DataPointer, m.IoAddress());
        Assert.True(m.Check(out string? reason), reason);
        burst[1].Rearm(rearm);
        Assert.Equal((64, 3), (burst[1].DataOffset, burst[1].Port));
        m.SetDataLength(10);
        m.SetLength(12);
        Assert.Equal((12, 12), (m.DataLength, m.PacketLength));
        _pool.FreeRawBulk(burst, cache);
        Assert.Equal(16, _pool.AvailableCount);
    }

    [Fact]
    public void CallsAllocateNothing()
    {
        using MempoolCache cache = _pool.Mempool.CreateCache("hot", 8);
        Span<Mbuf> burst = stackalloc Mbuf[8];
        Exercise(cache, burst);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Exercise(cache, burst);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private void Exercise(MempoolCache cache, Span<Mbuf> burst)
    {
        Span<byte> scratch = stackalloc byte[256];
        for (int i = 0; i < 50; i++)
        {
            Assert.True(_pool.TryAllocBulk(burst, cache));
            foreach (Mbuf m in burst)
            {
                Assert.True(m.TryAppend(64, out _) && m.TryPrepend(14, out _) && m.TryAdjust(14) && m.TryTrim(1));
            }

            Assert.True(burst[0].TryChain(burst[1]) && burst[0].TryRead(60, 10, scratch, out _));
            Assert.True(burst[2].TryClone(_pool, out Mbuf clone) && burst[3].TryCopy(_pool, out burst[1]));
            clone.Free();
            foreach (Mbuf segment in burst[0].Segments)
            {
                Assert.True(segment.Check(out _, isHead: false));
            }

            Assert.True(burst[0].TryLinearize());
            MbufPool.FreeBulk(burst, cache);
            Assert.True(_pool.TryAllocBulk(burst));
            MbufPool.FreeBulk(burst);
        }
    }

    private void Broken(string reason, Action<Mbuf> damage)
    {
        Mbuf m = Alloc(10);
        MbufHeader saved = *m.Header;
        damage(m);
        Fails(reason, m);
        *m.Header = saved;
        m.Free();
    }

    private static void Fails(string expected, Mbuf m)
    {
        Assert.False(m.Check(out string? reason));
        Assert.Equal(expected, reason);
    }

    private Mbuf Alloc(int length)
    {
        Assert.True(_pool.TryAlloc(out Mbuf m));
        Assert.True(m.TryAppend(length, out _));
        return m;
    }
}
