using System.Buffers.Binary;
using Outboard.Crypto;
using Outboard.Mbufs;
using Outboard.Plugins.Crypto.Tests.Simd;
using Outboard.Security;
using Outboard.Security.Pdcp;

namespace Outboard.Plugins.Crypto.Tests.Pdcp;

/// <summary>PDCP entities over the device: many bearers share a queue pair, over a link that loses, repeats and reorders.</summary>
public sealed class PdcpEntityDeviceTests
{
    private const int SduCount = 300;

    public static TheoryData<int> Widths => SimdDevices.Widths;

    [Theory]
    [MemberData(nameof(Widths))]
    public void BearersOfAllKindsShareAQueuePair(int width)
    {
        using var pool = new MbufPool(new MbufPoolOptions { Name = "pdcp", Count = 8191, CacheSize = 0, DataRoomSize = 512 });
        using var opPool = new CryptoOpPool(new CryptoOpPoolOptions { Name = "pdcp", Count = 1023, CacheSize = 0 });
        using CryptoDevice device = SimdDevices.Start(width);
        var random = new Random(width);
        Bearer[] bearers = [.. Configurations(random, pool).Select((options, tag) => new Bearer(device.Security!, options, (uint)tag, random.Next(), pool))];
        var burst = new CryptoOp[64 * bearers.Length];
        var done = new CryptoOp[burst.Length];
        for (int round = 1; round < 900 && !bearers.All(bearer => bearer.IsDone); round++)
        {
            TimeSpan now = TimeSpan.FromMilliseconds(round);
            Assert.True(opPool.TryAllocBulk(burst));
            int made = 0;
            foreach (Bearer bearer in bearers)
            {
                made += bearer.Prepare(burst.AsSpan(made, 64), now, round);
            }

            // Now through the queue pair, now at once; the ops find their bearer by tag.
            int queued = round % 3 == 0 ? 0 : made;
            Assert.Equal(queued, device.EnqueueBurst(0, burst.AsSpan(0, queued)));
            Assert.Equal(queued, device.DequeueBurst(0, done));
            device.Process(burst.AsSpan(queued, made - queued));
            for (int at = 0; at < made;)
            {
                uint tag = PdcpEntity.TagOf(burst[at]);
                int run = at + 1;
                while (run < made && PdcpEntity.TagOf(burst[run]) == tag)
                {
                    run++;
                }

                bearers[tag].Complete(burst.AsSpan(at..run), now);
                at = run;
            }

            opPool.FreeBulk(burst);
            Array.ForEach(bearers, bearer => bearer.Turn(now));
        }

        foreach (Bearer bearer in bearers)
        {
            bearer.Check();
            bearer.Dispose();
        }

        Assert.Equal(0, pool.InUseCount);
    }

    [Fact]
    public void BurstsThroughTheDeviceAllocateNothing()
    {
        using var pool = new MbufPool(new MbufPoolOptions { Name = "pdcp", Count = 1023 });
        using var opPool = new CryptoOpPool(new CryptoOpPoolOptions { Name = "pdcp", Count = 255 });
        using CryptoDevice device = SimdDevices.Start(512);
        PdcpEntityOptions options = Configurations(new Random(1), pool).First();
        using var sender = new PdcpEntity(device.Security!, options);
        using var receiver = new PdcpEntity(
            device.Security!, options with { TransmitDirection = PdcpDirection.Downlink, TransmitNext = 0, ReceiveNext = options.TransmitNext });
        var ops = new CryptoOp[32];
        Mbuf[] sdus = new Mbuf[32], pdus = new Mbuf[32];
        long before = 0;
        int delivered = 0;
        for (int round = 0; round < 100; round++)
        {
            TimeSpan now = TimeSpan.FromMilliseconds(round);
            before = round == 50 ? GC.GetAllocatedBytesForCurrentThread() : before;
            _ = pool.TryAllocBulk(sdus);
            foreach (Mbuf sdu in sdus)
            {
                _ = sdu.TryAppend(100, out _);
            }

            _ = sender.Submit(sdus, now);
            _ = opPool.TryAllocBulk(ops);
            int made = sender.PrepareTransmit(ops, now).OpCount;
            device.Process(ops.AsSpan(0, made));
            int sent = sender.CompleteTransmit(ops.AsSpan(0, made), pdus);
            pdus.AsSpan(3, 7).Reverse();
            made = receiver.PrepareReceive(pdus.AsSpan(0, sent), ops, default).OpCount;
            device.Process(ops.AsSpan(0, made));
            receiver.CompleteReceive(ops.AsSpan(0, made), now);
            opPool.FreeBulk(ops);
            int count = receiver.TakeDelivered(sdus);
            delivered += count;
            foreach (Mbuf sdu in sdus.AsSpan(0, count))
            {
                sdu.Free();
            }
        }

        long after = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal(100 * 32, delivered);
        Assert.Equal(before, after);
    }

    // Every cipher and integrity algorithm, every kind, NR and LTE; some begin just under a turn of the sequence number.
    private static IEnumerable<PdcpEntityOptions> Configurations(Random random, MbufPool pool)
    {
        (PdcpSystem System, PdcpBearerKind Kind, int Bits)[] kinds =
        [
            (PdcpSystem.NewRadio, PdcpBearerKind.Unacknowledged, 12), (PdcpSystem.NewRadio, PdcpBearerKind.Acknowledged, 18),
            (PdcpSystem.NewRadio, PdcpBearerKind.Acknowledged, 12), (PdcpSystem.NewRadio, PdcpBearerKind.Signalling, 12),
            (PdcpSystem.Lte, PdcpBearerKind.Unacknowledged, 7), (PdcpSystem.Lte, PdcpBearerKind.Acknowledged, 15),
            (PdcpSystem.Lte, PdcpBearerKind.Signalling, 5),
        ];
        for (int i = 0; i < 14; i++)
        {
            (PdcpSystem system, PdcpBearerKind kind, int bits) = kinds[i % kinds.Length];
            var cipher = (PdcpCipher)((i + 2) % 4);
            var integrity = (PdcpIntegrity)(1 + ((i + 2) % 4));
            bool acknowledged = kind == PdcpBearerKind.Acknowledged, small = bits < 8;
            yield return new PdcpEntityOptions
            {
                System = system,
                Kind = kind,
                Bearer = random.Next(32),
                TransmitDirection = i % 2 == 0 ? PdcpDirection.Uplink : PdcpDirection.Downlink,
                SequenceNumberBits = bits,
                Protection = new PdcpProtection
                {
                    Cipher = cipher,
                    CipherKey = cipher == PdcpCipher.Nea0 ? default : Bench.Random(random, 16),
                    Integrity = integrity,
                    IntegrityKey = integrity == PdcpIntegrity.Nia0 ? default : Bench.Random(random, 16),
                },
                HasTransmitSdapHeader = kind == PdcpBearerKind.Unacknowledged && !small,
                HasReceiveSdapHeader = kind == PdcpBearerKind.Unacknowledged && !small,
                ReorderingTime = TimeSpan.FromMilliseconds(acknowledged ? 5000 : 12),
                ReorderBufferCount = small ? 0 : 1024,
                TransmitBufferCount = 512,
                TransmitNext = (3u << bits) - 40,
                PduPool = pool,
            };
        }
    }

    /// <summary>Two entities and the link from the first to the second, which carries reports back.</summary>
    private sealed class Bearer : IDisposable
    {
        private readonly PdcpEntity _sender;
        private readonly PdcpEntity _receiver;
        private readonly MbufPool _pool;
        private readonly Random _random;
        private readonly bool _acknowledged;
        private readonly int _bits;
        private readonly List<(int Due, Mbuf Pdu)> _air = [];
        private readonly List<Mbuf> _reports = [];
        private readonly Mbuf[] _packets = new Mbuf[64];
        private readonly List<int> _delivered = [];
        private int _submitted;
        private int _round;
        private int _lost;

        public Bearer(SecurityContext security, PdcpEntityOptions options, uint tag, int seed, MbufPool pool)
        {
            _acknowledged = options.Kind == PdcpBearerKind.Acknowledged;
            _sender = new PdcpEntity(security, options with { Tag = tag });
            _receiver = new PdcpEntity(security, options with
            {
                Tag = tag,
                TransmitDirection = 1 - options.TransmitDirection,
                TransmitNext = 0,
                ReceiveNext = options.TransmitNext,
            });
            _pool = pool;
            _random = new Random(seed);
            _bits = options.SequenceNumberBits;
        }

        public bool IsDone => _submitted == SduCount && _sender.WaitingCount == 0 && _air.Count == 0 && _reports.Count == 0 && !_receiver.IsReordering
            && (!_acknowledged || _sender.HeldFirst == _sender.TransmitNext);

        public int Prepare(Span<CryptoOp> ops, TimeSpan now, int round)
        {
            _round = round;
            for (int i = 0; i < SdusIn(round) && _submitted < SduCount; i++)
            {
                Mbuf sdu = MakeSdu(_submitted);
                if (_sender.Submit([sdu], now) == 0)
                {
                    sdu.Free();
                    break;
                }

                _submitted++;
            }

            int made = _sender.PrepareTransmit(ops[..32], now).OpCount;
            Mbuf[] arrived = [.. _air.Where(one => one.Due <= round).Select(one => one.Pdu)];
            PdcpPrepared prepared = _receiver.PrepareReceive(arrived, ops[made..], _packets);
            Assert.Equal(0, prepared.ControlCount);
            var taken = arrived[..prepared.Taken].ToHashSet();
            _air.RemoveAll(one => taken.Contains(one.Pdu));
            return made + prepared.OpCount;
        }

        public void Complete(ReadOnlySpan<CryptoOp> ops, TimeSpan now)
        {
            int sends = 0;
            while (sends < ops.Length && _sender.IsTransmit(ops[sends]))
            {
                sends++;
            }

            int count = _sender.CompleteTransmit(ops[..sends], _packets);
            foreach (Mbuf pdu in _packets.AsSpan(0, count))
            {
                Send(pdu);
            }

            _receiver.CompleteReceive(ops[sends..], now);
        }

        public void Turn(TimeSpan now)
        {
            int count;
            _receiver.Poll(now);
            while ((count = _receiver.TakeDelivered(_packets)) != 0)
            {
                foreach (Mbuf sdu in _packets.AsSpan(0, count))
                {
                    byte[] bytes = Bench.Bytes(sdu);
                    int number = BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(1));
                    Assert.Equal(Content(number), bytes);
                    _delivered.Add(number);
                    sdu.Free();
                }
            }

            Recover();
        }

        public void Check()
        {
            PdcpEntityStatistics counts = _receiver.Statistics;
            Assert.True(IsDone, $"{counts}");
            Assert.Equal(0u, counts.IntegrityFailureCount + counts.MalformedCount + counts.OpFailureCount + counts.ForeignOpCount);
            Assert.True(counts.ReorderedCount > 0 && counts.DuplicateCount > 0 && _lost > 0, $"{_lost} {counts} {_sender.Statistics}");
            Assert.Equal(_delivered.Order().Distinct(), _delivered);
            if (_acknowledged)
            {
                Assert.Equal(SduCount, _delivered.Count);
                Assert.Equal(0u, counts.MissingCount);
            }
            else
            {
                Assert.Equal(SduCount - _lost, _delivered.Count);
            }
        }

        public void Dispose()
        {
            _sender.Dispose();
            _receiver.Dispose();
        }

        // While a loss is waited out a sender must not get half the sequence numbers ahead.
        private int SdusIn(int round) => _bits switch { 5 => round % 2, 7 => 2, _ => 4 };

        private void Recover()
        {
            if (!_acknowledged)
            {
                return;
            }

            if (_round % 20 == 0 && _receiver.TryCreateStatusReport(_pool, out Mbuf report))
            {
                _reports.Add(report);
            }
            else if (_round % 20 == 10)
            {
                PdcpPrepared prepared = _sender.PrepareReceive([.. _reports], default, _packets);
                Assert.Equal(_reports.Count, prepared.ControlCount);
                _reports.ForEach(one => one.Free());
                _reports.Clear();
                _sender.RecoverData();
            }
        }

        private void Send(Mbuf pdu)
        {
            if (_random.Next(20) == 0)
            {
                _lost++;
                pdu.Free();
                return;
            }

            if (_random.Next(20) == 0 && pdu.TryCopy(_pool, out Mbuf copy))
            {
                _air.Add((_round + _random.Next(1, 8), copy));
            }

            _air.Add((_round + (_random.Next(4) == 0 ? _random.Next(2, 8) : 1), pdu));
        }

        private static byte[] Content(int number)
        {
            byte[] bytes = new byte[5 + (number * 7 % 900)];
            new Random(number).NextBytes(bytes);
            BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(1), number);
            return bytes;
        }

        // Some are one segment that becomes the PDU, some a chain that has no room and is copied.
        private Mbuf MakeSdu(int number)
        {
            ReadOnlySpan<byte> bytes = Content(number);
            Mbuf head = default;
            while (true)
            {
                Assert.True(_pool.TryAlloc(out Mbuf part));
                int run = Math.Min(bytes.Length, part.Tailroom);
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
    }
}
