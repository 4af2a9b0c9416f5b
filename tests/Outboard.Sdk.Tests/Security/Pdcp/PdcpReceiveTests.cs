using Outboard.Mbufs;
using Outboard.Security;
using Outboard.Security.Pdcp;

namespace Outboard.Sdk.Tests.Security.Pdcp;

public sealed class PdcpReceiveTests
{
    [Theory]
    [InlineData(5, 1)]
    [InlineData(5, 16)]
    [InlineData(7, 1)]
    [InlineData(7, 64)]
    [InlineData(12, 40)]
    [InlineData(15, 64)]
    [InlineData(18, 64)]
    public void LossReorderingAndDuplicatesGiveWhatTheStandardSays(int bits, int inFlight)
    {
        foreach (bool outOfOrder in (bool[])[false, true])
        {
            for (int seed = 0; seed < 6; seed++)
            {
                // Some start just below the end of COUNT.
                uint start = seed < 4 ? (uint)seed * 3u : uint.MaxValue - 100;
                RunAgainstModel(bits, inFlight, outOfOrder, start, new Random((bits * 100) + seed));
            }
        }
    }

    [Fact]
    public void EqualCountsAreToldFromLateOnes()
    {
        using var rig = new PdcpRig();
        PdcpEntityOptions options = rig.Options() with { Protection = new PdcpProtection() };
        PdcpEntity sender = rig.Open(options), receiver = rig.Open(PdcpRig.Peer(options));
        Mbuf[] pdus = rig.Send(sender, 0, 1, 2, 3);
        Mbuf[] copies = [.. pdus.Select(pdu => Copy(rig, pdu))];
        rig.Receive(receiver, [pdus[0], pdus[3], copies[3], copies[0]]);
        Assert.Equal((2ul, 0ul), (receiver.Statistics.DuplicateCount, receiver.Statistics.OutOfWindowCount));
        rig.Now += TimeSpan.FromSeconds(1);
        receiver.Poll(rig.Now);
        rig.Receive(receiver, [pdus[1], pdus[2], copies[1]]);
        Assert.Equal((2ul, 3ul), (receiver.Statistics.DuplicateCount, receiver.Statistics.OutOfWindowCount));
        Assert.Equal(2u, receiver.Statistics.MissingCount);
        Assert.Equal([0, 3], rig.Delivered(receiver));
        copies[2].Free();
    }

    [Fact]
    public void ChangedPdusAreNoLongerReceivedOnes()
    {
        using var rig = new PdcpRig();
        PdcpEntity sender = rig.Open(rig.Options()), receiver = rig.Open(PdcpRig.Peer(rig.Options()));
        Mbuf[] pdus = rig.Send(sender, 0, 1);
        Mbuf copy = Copy(rig, pdus[0]);
        pdus[0].Data[8] ^= 1;
        rig.Receive(receiver, [pdus[0], pdus[1]]);
        Assert.Equal(PdcpEvents.IntegrityFailure, receiver.TakeEvents());
        Assert.Equal(0u, receiver.ReceiveDeliver);
        rig.Receive(receiver, [copy]);
        Assert.Equal([0, 1], rig.Delivered(receiver));
        Assert.Equal(1u, receiver.Statistics.IntegrityFailureCount);
    }

    [Fact]
    public void ShortPdusAreMalformed()
    {
        using var rig = new PdcpRig();
        PdcpEntity receiver = rig.Open(rig.Options(bits: 18) with { HasReceiveSdapHeader = true });
        for (int length = 0; length < 8; length++)
        {
            Mbuf pdu = rig.Sdu(0, length);
            if (length != 0)
            {
                pdu.Data[0] = 0x80;
            }

            rig.Receive(receiver, [pdu]);
        }

        Assert.Equal(8u, receiver.Statistics.MalformedCount);
        Assert.Equal(0u, receiver.ReceiveNext);
    }

    [Fact]
    public void BufferSmallerThanTheWindowMovesOnAndKeepsTheOrder()
    {
        using var rig = new PdcpRig();
        PdcpEntityOptions options = rig.Options() with { ReorderBufferCount = 16 };
        PdcpEntity sender = rig.Open(options), receiver = rig.Open(PdcpRig.Peer(options));
        Mbuf[] pdus = rig.Send(sender, [.. Enumerable.Range(0, 60)]);
        rig.Receive(receiver, [pdus[1], pdus[3], pdus[15]]);
        Assert.Empty(rig.Delivered(receiver));

        // 17 needs the buffer to begin at 2: 1 goes, 0 is given up. 40 then needs it at 25.
        rig.Receive(receiver, [pdus[17]]);
        Assert.Equal([1], rig.Delivered(receiver));
        Assert.Equal(2u, receiver.ReceiveDeliver);
        rig.Receive(receiver, [pdus[2], pdus[40], pdus[4], pdus[25]]);
        Assert.Equal([2, 3, 15, 17, 25], rig.Delivered(receiver));
        Assert.Equal(26u, receiver.ReceiveDeliver);
        Assert.Equal(2u, receiver.Statistics.BufferPushCount);
        Assert.Equal(1u, receiver.Statistics.OutOfWindowCount);
        int[] sent = [1, 2, 3, 4, 15, 17, 25, 40];
        foreach (int i in Enumerable.Range(0, 60).Except(sent))
        {
            pdus[i].Free();
        }
    }

    [Fact]
    public void DeliveredSdusThatAreNotTakenHoldUpTheBearerAndAreNotLost()
    {
        using var rig = new PdcpRig();
        PdcpEntityOptions options = rig.Options() with { ReorderBufferCount = 16 };
        PdcpEntity sender = rig.Open(options), receiver = rig.Open(PdcpRig.Peer(options));
        Mbuf[] pdus = rig.Send(sender, [.. Enumerable.Range(0, 20)]);
        rig.Receive(receiver, pdus.AsSpan(0, 16));
        PdcpPrepared prepared = receiver.PrepareReceive(pdus.AsSpan(16), [], []);
        Assert.Equal((0, PdcpStop.OutputFull), (prepared.Taken, prepared.Stop));
        Outboard.Crypto.CryptoOp[] ops = rig.Ops(4);
        prepared = receiver.PrepareReceive(pdus.AsSpan(16), ops, []);
        Assert.Equal((0, PdcpStop.BufferFull), (prepared.Taken, prepared.Stop));
        rig.Free(ops);
        Assert.Equal(Enumerable.Range(0, 16), rig.Delivered(receiver));
        rig.Receive(receiver, pdus.AsSpan(16));
        Assert.Equal(Enumerable.Range(16, 4), rig.Delivered(receiver));
    }

    [Fact]
    public void ReorderingTimeThatChangesStartsTheTimerAgain()
    {
        using var rig = new PdcpRig();
        PdcpEntity sender = rig.Open(rig.Options()), receiver = rig.Open(PdcpRig.Peer(rig.Options()) with { ReorderingTime = null });
        Mbuf[] pdus = rig.Send(sender, 0, 1, 2, 3, 4);
        rig.Receive(receiver, [pdus[1]]);
        Assert.Null(receiver.NextDeadline);
        Assert.Equal(2u, receiver.ReceiveReorder);
        rig.Receive(receiver, [pdus[3]]);
        receiver.SetReorderingTime(TimeSpan.FromMilliseconds(20), rig.Now);
        Assert.Equal(4u, receiver.ReceiveReorder);
        Assert.Equal(rig.Now + TimeSpan.FromMilliseconds(20), receiver.NextDeadline);
        rig.Now += TimeSpan.FromMilliseconds(20);
        receiver.Poll(rig.Now);
        Assert.Equal([1, 3], rig.Delivered(receiver));
        foreach (int i in (int[])[0, 2, 4])
        {
            pdus[i].Free();
        }
    }

    [Theory]
    [InlineData(PdcpBearerKind.Signalling, 12)]
    [InlineData(PdcpBearerKind.Signalling, 5)]
    [InlineData(PdcpBearerKind.Unacknowledged, 7)]
    [InlineData(PdcpBearerKind.Acknowledged, 15)]
    [InlineData(PdcpBearerKind.Acknowledged, 18)]
    public void AnyBytesAreTakenWithoutHarm(PdcpBearerKind kind, int bits)
    {
        using var rig = new PdcpRig();
        var random = new Random(bits);
        bool signalling = kind == PdcpBearerKind.Signalling;
        PdcpEntityOptions options = rig.Options(kind, bits) with
        {
            // Nothing is refused for its MAC-I, so that every COUNT there is gets through.
            Protection = new PdcpProtection { Integrity = signalling ? PdcpIntegrity.Nia0 : PdcpIntegrity.None },
            ReorderBufferCount = bits == 5 ? 0 : 32,
            ReorderingTime = TimeSpan.FromMilliseconds(3),
        };
        PdcpEntity receiver = rig.Open(options);
        ulong taken = 0;
        for (int round = 0; round < 400; round++)
        {
            Mbuf[] pdus = new Mbuf[random.Next(1, 30)];
            for (int i = 0; i < pdus.Length; i++)
            {
                pdus[i] = rig.Sdu(0, random.Next(40));
                random.NextBytes(pdus[i].Data);
            }

            taken += (ulong)pdus.Length;
            ReadOnlySpan<Mbuf> rest = pdus;
            Mbuf[] control = new Mbuf[4], sdus = new Mbuf[16];
            while (!rest.IsEmpty)
            {
                Outboard.Crypto.CryptoOp[] ops = rig.Ops(8);
                PdcpPrepared prepared = receiver.PrepareReceive(rest, ops, control);
                rest = rest[prepared.Taken..];
                rig.Device.Process(ops.AsSpan(0, prepared.OpCount));
                receiver.CompleteReceive(ops.AsSpan(0, prepared.OpCount), rig.Now);
                rig.Free(ops);
                Array.ForEach(control[..prepared.ControlCount], one => one.Free());
                int count = receiver.TakeDelivered(sdus);
                Array.ForEach(sdus[..count], one => one.Free());
                Assert.True(prepared.Taken + count > 0, $"{prepared}");
            }

            rig.Now += TimeSpan.FromMilliseconds(1);
            receiver.Poll(rig.Now);
            Assert.True(receiver.ReceiveDeliver <= receiver.ReceiveNext && receiver.ReceiveNext <= 1ul << 32);
            Assert.True(receiver.IsReordering == receiver.ReceiveDeliver < receiver.ReceiveNext);
        }

        // Each PDU has one outcome; what is still stored comes out at the release.
        receiver.Release();
        PdcpEntityStatistics counts = receiver.Statistics;
        Assert.True(signalling || counts.DroppedCount == 0);
        Assert.Equal(
            taken,
            counts.DeliveredCount + counts.DuplicateCount + counts.OutOfWindowCount + counts.IntegrityFailureCount + counts.MalformedCount
                + counts.ControlCount + counts.DroppedCount);
    }

    private static void RunAgainstModel(int bits, int inFlight, bool outOfOrder, uint start, Random random)
    {
        using var rig = new PdcpRig();
        PdcpEntityOptions options = rig.Options(bits == 5 ? PdcpBearerKind.Signalling : PdcpBearerKind.Unacknowledged, bits) with
        {
            TransmitNext = start,
            ReorderingTime = TimeSpan.FromTicks(50),
            OutOfOrderDelivery = outOfOrder,
        };
        PdcpEntity sender = rig.Open(options), receiver = rig.Open(PdcpRig.Peer(options));
        var model = new PdcpReceiverModel(bits, outOfOrder, 50, start);
        var got = new List<int>();
        var link = new List<(Mbuf Pdu, long Count)>();
        int number = 0, failures = 0, window = 1 << (bits - 1);
        for (int round = 0; round < 60; round++)
        {
            // Now and then a hole as wide as the window, or nearly.
            int skip = random.Next(12) == 0 && window <= 64 ? random.Next(2 * window) : 0;
            int count = random.Next(1, 24) + skip;
            long first = (long)sender.TransmitNext;
            Mbuf[] pdus = rig.Send(sender, [.. Enumerable.Range(number, (int)Math.Min(count, (1L << 32) - first))]);
            number += pdus.Length;
            for (int i = 0; i < pdus.Length; i++)
            {
                if (i < skip || random.Next(8) == 0)
                {
                    pdus[i].Free();
                    continue;
                }

                if (random.Next(10) == 0)
                {
                    link.Add((Copy(rig, pdus[i]), first + i));
                }

                link.Insert(random.Next(3) == 0 ? random.Next(link.Count + 1) : link.Count, (pdus[i], first + i));
            }

            int arrive = random.Next(link.Count + 1);
            foreach ((Mbuf pdu, long true1) in link.Take(arrive))
            {
                long inferred = model.Count(true1 & ((1L << bits) - 1));
                if (inferred == true1)
                {
                    model.Receive(inferred, NumberOf(true1, start), rig.Now.Ticks);
                }
                else if (inferred >= 0 && inferred < 1L << 32)
                {
                    failures++;
                }
            }

            Take(rig, receiver, [.. link.Take(arrive).Select(one => one.Pdu)], inFlight, got);
            link.RemoveRange(0, arrive);
            rig.Now += TimeSpan.FromTicks(random.Next(40));
            receiver.Poll(rig.Now);
            model.Poll(rig.Now.Ticks);
            got.AddRange(rig.Delivered(receiver));
            Assert.Equal(model.Delivered, got);
            Assert.Equal(
                (model.Next, model.Deliv, model.Running, model.Running ? model.Reord : 0),
                ((long)receiver.ReceiveNext, (long)receiver.ReceiveDeliver, receiver.IsReordering, model.Running ? (long)receiver.ReceiveReorder : 0));
        }

        link.ForEach(one => one.Pdu.Free());
        PdcpEntityStatistics counts = receiver.Statistics;
        Assert.Equal((ulong)got.Count, counts.DeliveredCount);
        Assert.Equal((ulong)failures, counts.IntegrityFailureCount);
        Assert.Equal(
            counts.ReceivedCount,
            counts.DeliveredCount + counts.DuplicateCount + counts.OutOfWindowCount + counts.IntegrityFailureCount
                + (outOfOrder ? 0 : (ulong)(model.Next - model.Deliv - Missing(model))));
    }

    // A sender's numbers count its SDUs from 0 as its COUNT does from the start.
    private static int NumberOf(long count, uint start) => (int)(count - start);

    private static long Missing(PdcpReceiverModel model) => model.Next - model.Deliv - model.StoredCount;

    private static void Take(PdcpRig rig, PdcpEntity receiver, Mbuf[] pdus, int inFlight, List<int> got)
    {
        for (int at = 0; at < pdus.Length;)
        {
            int count = Math.Min(inFlight, pdus.Length - at);
            rig.Receive(receiver, pdus.AsSpan(at, count), inFlight);
            at += count;
            got.AddRange(rig.Delivered(receiver));
        }
    }

    private static Mbuf Copy(PdcpRig rig, Mbuf pdu)
    {
        Assert.True(pdu.TryCopy(rig.Mbufs, out Mbuf copy));
        return copy;
    }
}
