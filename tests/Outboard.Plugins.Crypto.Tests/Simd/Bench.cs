using Outboard.Crypto;
using Outboard.Devices;
using Outboard.Mbufs;
using Outboard.Security;

namespace Outboard.Plugins.Crypto.Tests.Simd;

/// <summary>A started device, pools, and packets cut anywhere.</summary>
internal sealed class Bench : IDisposable
{
    private readonly MbufPool _mbufs = new(new MbufPoolOptions { Name = "crypto", Count = 1024, CacheSize = 0, DataRoomSize = 18_000 });
    private readonly CryptoOpPool _ops = new(new CryptoOpPoolOptions { Name = "crypto", Count = 256, CacheSize = 0, Room = CryptoOpRoom.Sessionless });

    public Bench(int width, bool emit = true)
        : this(SimdDevices.Start(width, emit))
    {
    }

    /// <summary>Round a device that others made; it is disposed of with this.</summary>
    public Bench(CryptoDevice device) => Device = device;

    public CryptoDevice Device { get; }

    /// <summary>An op with a packet and nothing else.</summary>
    public CryptoOp Bare(Mbuf source)
    {
        Assert.True(_ops.TryAlloc(out CryptoOp op));
        op.Source = source;
        return op;
    }

    public CryptoOp Op(CryptoSession session, Mbuf source)
    {
        CryptoOp op = Bare(source);
        op.SetSession(session);
        op.CipherLength = source.PacketLength;
        op.AuthLength = source.PacketLength;
        return op;
    }

    public CryptoOp Op(SecuritySession session, Mbuf source)
    {
        CryptoOp op = Bare(source);
        op.SetSession(session);
        return op;
    }

    /// <summary>A packet of several segments; without a random source, of one.</summary>
    public Mbuf Packet(ReadOnlySpan<byte> bytes, Random? cuts = null)
    {
        Mbuf head = default;
        while (true)
        {
            int run = cuts is null ? bytes.Length : Math.Min(bytes.Length, cuts.Next(0, Math.Max(2, bytes.Length / 2)));
            Assert.True(_mbufs.TryAlloc(out Mbuf part));
            Assert.True(part.TryAppend(run, out Span<byte> room));
            bytes[..run].CopyTo(room);
            bytes = bytes[run..];
            if (head.IsNull)
            {
                head = part;
            }
            else
            {
                Assert.True(head.TryChain(part));
            }

            if (bytes.IsEmpty)
            {
                return head;
            }
        }
    }

    /// <summary>What stands on both sides of the segments of a <see cref="GuardedPacket"/>, and how many of it.</summary>
    public const byte Guard = 0xC3;

    /// <inheritdoc cref="Guard"/>
    public const int GuardLength = 32;

    /// <summary>As <see cref="Packet"/>, each segment between bytes that nobody may touch.</summary>
    public Mbuf GuardedPacket(ReadOnlySpan<byte> bytes, Random? cuts = null)
    {
        Mbuf head = default;
        for (int left = 5; ; left--)
        {
            int run = cuts is null || left == 0 ? bytes.Length : Math.Min(bytes.Length, cuts.Next(0, Math.Max(2, bytes.Length / 2)));
            Assert.True(_mbufs.TryAlloc(out Mbuf part));
            Assert.True(part.TryAppend(run + (2 * GuardLength), out Span<byte> room));
            room.Fill(Guard);
            bytes[..run].CopyTo(room[GuardLength..]);
            Assert.True(part.TryAdjust(GuardLength));
            Assert.True(part.TryTrim(GuardLength));
            bytes = bytes[run..];
            if (head.IsNull)
            {
                head = part;
            }
            else
            {
                Assert.True(head.TryChain(part));
            }

            if (bytes.IsEmpty)
            {
                return head;
            }
        }
    }

    public OpStatus Run(CryptoOp op)
    {
        CryptoOp[] one = [op];
        Run(one);
        return op.Status;
    }

    /// <summary>Sends ops and sees them come back in order.</summary>
    public void Run(CryptoOp[] ops)
    {
        Assert.Equal(ops.Length, Device.EnqueueBurst(0, ops));
        var back = new CryptoOp[ops.Length];
        Assert.Equal(ops.Length, Device.DequeueBurst(0, back));
        Assert.True(ops.AsSpan().SequenceEqual(back));
    }

    public static byte[] Bytes(Mbuf packet)
    {
        byte[] all = new byte[packet.PacketLength];
        Assert.Equal(all.Length, packet.CopyTo(all));
        return all;
    }

    public static byte[] Random(Random random, int length)
    {
        byte[] bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }

    public void Dispose()
    {
        Device.Dispose();
        _ops.Dispose();
        _mbufs.Dispose();
    }
}
