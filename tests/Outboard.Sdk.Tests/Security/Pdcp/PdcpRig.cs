using System.Buffers.Binary;
using Outboard.Crypto;
using Outboard.Mbufs;
using Outboard.Security;
using Outboard.Security.Pdcp;

namespace Outboard.Sdk.Tests.Security.Pdcp;

/// <summary>Entities over the toy device, pools, and SDUs that carry a number.</summary>
internal sealed class PdcpRig : IDisposable
{
    private readonly CryptoOpPool _ops = new(new CryptoOpPoolOptions { Name = "pdcp", Count = 4095, CacheSize = 0 });
    private readonly List<PdcpEntity> _entities = [];

    public ToyPdcpDevice Device { get; } = new();

    public MbufPool Mbufs { get; } = new(new MbufPoolOptions { Name = "pdcp", Count = 4095, CacheSize = 0, DataRoomSize = 512 });

    public TimeSpan Now { get; set; } = TimeSpan.FromSeconds(1);

    public static PdcpProtection Keys(byte seed) => new()
    {
        Cipher = PdcpCipher.Nea2,
        CipherKey = Enumerable.Repeat(seed, 16).ToArray(),
        Integrity = PdcpIntegrity.Nia2,
        IntegrityKey = Enumerable.Repeat((byte)(seed ^ 0x55), 16).ToArray(),
    };

    public PdcpEntityOptions Options(PdcpBearerKind kind = PdcpBearerKind.Unacknowledged, int bits = 12) => new()
    {
        System = bits is 5 or 7 or 15 ? PdcpSystem.Lte : PdcpSystem.NewRadio,
        Kind = kind,
        Bearer = 4,
        TransmitDirection = PdcpDirection.Uplink,
        SequenceNumberBits = bits,
        Protection = Keys(1),
        ReorderingTime = TimeSpan.FromMilliseconds(100),
        PduPool = kind == PdcpBearerKind.Acknowledged ? Mbufs : null,
    };

    /// <summary>The entity at the other end.</summary>
    public static PdcpEntityOptions Peer(PdcpEntityOptions options) => options with
    {
        TransmitDirection = PdcpDirection.Downlink,
        TransmitNext = options.ReceiveNext,
        ReceiveNext = options.TransmitNext,
    };

    public PdcpEntity Open(PdcpEntityOptions options)
    {
        var entity = new PdcpEntity(Device.Security, options);
        _entities.Add(entity);
        return entity;
    }

    public Mbuf Sdu(int number, int length = 20)
    {
        Assert.True(Mbufs.TryAlloc(out Mbuf sdu));
        Assert.True(sdu.TryAppend(length, out Span<byte> room));
        room.Clear();
        if (length >= 4)
        {
            BinaryPrimitives.WriteInt32BigEndian(room, number);
        }

        return sdu;
    }

    /// <summary>Submits SDUs of these numbers and gives their PDUs.</summary>
    public Mbuf[] Send(PdcpEntity entity, params ReadOnlySpan<int> numbers)
    {
        foreach (int number in numbers)
        {
            Assert.Equal(1, entity.Submit([Sdu(number)], Now));
        }

        return Transmit(entity, out _);
    }

    public Mbuf[] Transmit(PdcpEntity entity, out PdcpPrepared prepared, int opMax = 256)
    {
        CryptoOp[] ops = Ops(opMax);
        prepared = entity.PrepareTransmit(ops, Now);
        CryptoOp[] made = ops[..prepared.OpCount];
        Device.Process(made);
        Mbuf[] pdus = new Mbuf[made.Length];
        int count = entity.CompleteTransmit(made, pdus);
        _ops.FreeBulk(ops);
        return pdus[..count];
    }

    /// <summary>Receives PDUs in bursts of at most this many in flight; the control PDUs.</summary>
    public Mbuf[] Receive(PdcpEntity entity, ReadOnlySpan<Mbuf> pdus, int inFlight = 64)
    {
        var control = new List<Mbuf>();
        Mbuf[] handed = new Mbuf[8];
        while (!pdus.IsEmpty)
        {
            CryptoOp[] ops = Ops(inFlight);
            PdcpPrepared prepared = entity.PrepareReceive(pdus, ops, handed);
            Assert.True(prepared.Taken > 0, $"{prepared}");
            control.AddRange(handed[..prepared.ControlCount]);
            pdus = pdus[prepared.Taken..];
            Device.Process(ops.AsSpan(0, prepared.OpCount));
            entity.CompleteReceive(ops.AsSpan(0, prepared.OpCount), Now);
            _ops.FreeBulk(ops);
        }

        return [.. control];
    }

    public int[] Delivered(PdcpEntity entity)
    {
        var numbers = new List<int>();
        Span<Mbuf> sdus = new Mbuf[7];
        while (true)
        {
            int count = entity.TakeDelivered(sdus);
            for (int i = 0; i < count; i++)
            {
                numbers.Add(BinaryPrimitives.ReadInt32BigEndian(sdus[i].Data));
                sdus[i].Free();
            }

            if (count < sdus.Length)
            {
                return [.. numbers];
            }
        }
    }

    public CryptoOp[] Ops(int count)
    {
        CryptoOp[] ops = new CryptoOp[count];
        Assert.True(_ops.TryAllocBulk(ops));
        return ops;
    }

    public void Free(CryptoOp[] ops) => _ops.FreeBulk(ops);

    public static byte[] Bytes(Mbuf packet)
    {
        byte[] bytes = new byte[packet.PacketLength];
        Assert.Equal(bytes.Length, packet.CopyTo(bytes));
        return bytes;
    }

    /// <summary>Nothing leaked, and no keystream was used for two SDUs.</summary>
    public void Dispose()
    {
        foreach (PdcpEntity entity in _entities)
        {
            entity.Dispose();
        }

        Assert.False(Device.KeystreamRepeated);
        Assert.Equal(0, Device.SessionCount);
        Assert.Equal(0, _ops.InUseCount);
        Assert.Equal(0, Mbufs.InUseCount);
        _ops.Dispose();
        Mbufs.Dispose();
    }
}
