using Outboard.Crypto;
using Outboard.Devices;
using Outboard.Mbufs;
using Outboard.Security.Pdcp;

namespace Outboard.Sdk.Tests.Security.Pdcp;

public sealed class PdcpTransmitTests
{
    [Theory]
    [InlineData(12, new byte[] { 0x8A, 0xBC })]
    [InlineData(18, new byte[] { 0x81, 0x9A, 0xBC })]
    [InlineData(7, new byte[] { 0xBC })]
    [InlineData(15, new byte[] { 0x9A, 0xBC })]
    public void HeadersAreThoseOfTheStandard(int bits, byte[] header)
    {
        using var rig = new PdcpRig();
        PdcpEntityOptions options = rig.Options(bits: bits) with
        {
            TransmitNext = 0x5679_9ABC,
            System = bits is 12 or 18 ? PdcpSystem.NewRadio : PdcpSystem.Lte,
        };
        Mbuf pdu = rig.Send(rig.Open(options), 1)[0];
        Assert.Equal(header, pdu.Data[..header.Length].ToArray());
        pdu.Free();
    }

    [Fact]
    public void SignallingHeadersHaveNoDataBit()
    {
        using var rig = new PdcpRig();
        PdcpEntityOptions options = rig.Options(PdcpBearerKind.Signalling) with { TransmitNext = 0x1ABC };
        Mbuf pdu = rig.Send(rig.Open(options), 1)[0];
        Assert.Equal([0x0A, 0xBC], pdu.Data[..2].ToArray());
        pdu.Free();
    }

    [Fact]
    public void DiscardTimerDropsWhatWaitsAndThenLeavesNoGap()
    {
        using var rig = new PdcpRig();
        PdcpEntityOptions options = rig.Options() with { DiscardTime = TimeSpan.FromMilliseconds(10) };
        PdcpEntity sender = rig.Open(options), receiver = rig.Open(PdcpRig.Peer(options));
        Assert.Equal(2, sender.Submit([rig.Sdu(0), rig.Sdu(1)], rig.Now));
        rig.Now += TimeSpan.FromMilliseconds(6);
        Assert.Equal(1, sender.Submit([rig.Sdu(2)], rig.Now));
        Assert.Equal(rig.Now + TimeSpan.FromMilliseconds(4), sender.NextDeadline);
        rig.Now += TimeSpan.FromMilliseconds(4);
        sender.Poll(rig.Now);
        Assert.Equal(1, sender.WaitingCount);
        rig.Receive(receiver, rig.Transmit(sender, out _));
        Assert.Equal([2], rig.Delivered(receiver));
        Assert.Equal(1u, sender.TransmitNext);
        Assert.Equal(2u, sender.Statistics.DiscardedByTimerCount);
        Assert.Null(sender.NextDeadline);
    }

    [Fact]
    public void DiscardTimerOfAnUnconfirmedSduTellsTheLowerLayers()
    {
        using var rig = new PdcpRig();
        PdcpEntityOptions options = rig.Options(PdcpBearerKind.Acknowledged) with { DiscardTime = TimeSpan.FromMilliseconds(10) };
        PdcpEntity sender = rig.Open(options);
        Mbuf[] pdus = rig.Send(sender, 0, 1, 2);
        sender.Confirm(1);
        Assert.Equal(0u, sender.HeldFirst);
        rig.Now += TimeSpan.FromMilliseconds(10);
        sender.Poll(rig.Now);
        Assert.Equal(PdcpEvents.SubmittedDiscarded, sender.TakeEvents());
        Assert.Equal(3u, sender.HeldFirst);
        Assert.Equal((2ul, 1ul), (sender.Statistics.DiscardedUnconfirmedCount, sender.Statistics.ConfirmedCount));
        sender.RecoverData();
        Assert.Empty(rig.Transmit(sender, out _));
        Array.ForEach(pdus, pdu => pdu.Free());
    }

    [Fact]
    public void UnconfirmedPdusFillTheWindow()
    {
        using var rig = new PdcpRig();
        PdcpEntityOptions options = rig.Options(PdcpBearerKind.Acknowledged) with { TransmitBufferCount = 4 };
        PdcpEntity sender = rig.Open(options);
        Mbuf[] pdus = rig.Send(sender, 0, 1, 2, 3);
        Assert.Equal(4, sender.Submit([rig.Sdu(4), rig.Sdu(5), rig.Sdu(6), rig.Sdu(7)], rig.Now));
        Mbuf more = rig.Sdu(8);
        Assert.Equal(0, sender.Submit([more], rig.Now));
        Assert.Equal(PdcpStop.BufferFull, sender.SubmitStop);
        Assert.Empty(rig.Transmit(sender, out PdcpPrepared prepared));
        Assert.Equal(PdcpStop.WindowFull, prepared.Stop);
        sender.Confirm(2);
        Assert.Empty(rig.Transmit(sender, out _));
        sender.Confirm(0);
        sender.Confirm(0);
        Mbuf[] next = rig.Transmit(sender, out _);
        Assert.Single(next);
        Assert.Equal(2u, sender.Statistics.ConfirmedCount);
        Array.ForEach([.. pdus, .. next, more], pdu => pdu.Free());
    }

    [Fact]
    public void OpsThatTheDeviceNeverDidAreSentAgainUnderTheirCount()
    {
        using var rig = new PdcpRig();
        PdcpEntityOptions options = rig.Options(PdcpBearerKind.Acknowledged);
        PdcpEntity sender = rig.Open(options), receiver = rig.Open(PdcpRig.Peer(options));
        Assert.Equal(3, sender.Submit([rig.Sdu(0), rig.Sdu(1), rig.Sdu(2)], rig.Now));
        CryptoOp[] ops = rig.Ops(3);
        Assert.Equal(3, sender.PrepareTransmit(ops, rig.Now).OpCount);
        rig.Device.Process(ops.AsSpan(0, 1));
        ops[1].Status = OpStatus.Cancelled;
        Mbuf[] pdus = new Mbuf[3];
        uint[] counts = new uint[3];
        Assert.Equal(1, sender.CompleteTransmit(ops, pdus, counts));
        Assert.Equal(0u, counts[0]);
        Assert.Equal(0, sender.CompleteTransmit(ops, pdus.AsSpan(1)));
        Assert.Equal(3u, sender.Statistics.ForeignOpCount);
        Assert.Equal(PdcpEvents.OpFailed, sender.TakeEvents());
        rig.Free(ops);
        rig.Receive(receiver, pdus.AsSpan(0, 1));
        rig.Receive(receiver, rig.Transmit(sender, out _));
        Assert.Equal([0, 1, 2], rig.Delivered(receiver));
        Assert.Equal(3u, sender.TransmitNext);
    }

    [Fact]
    public void OpsOfManyEntitiesAreToldApart()
    {
        using var rig = new PdcpRig();
        PdcpEntity one = rig.Open(rig.Options() with { Tag = 11 });
        PdcpEntity two = rig.Open(rig.Options() with { Tag = uint.MaxValue, Protection = PdcpRig.Keys(3), TransmitNext = 77 });
        one.Submit([rig.Sdu(1)], rig.Now);
        two.Submit([rig.Sdu(2)], rig.Now);
        CryptoOp[] ops = rig.Ops(2);
        Assert.Equal(1, one.PrepareTransmit(ops.AsSpan(0, 1), rig.Now).OpCount);
        Assert.Equal(1, two.PrepareTransmit(ops.AsSpan(1, 1), rig.Now).OpCount);
        Assert.Equal([11u, uint.MaxValue], ops.Select(PdcpEntity.TagOf));
        Assert.Equal([0u, 77u], ops.Select(PdcpEntity.CountOf));
        Assert.True(one.IsTransmit(ops[0]) && !one.IsTransmit(ops[1]) && !one.IsReceive(ops[0]) && two.IsTransmit(ops[1]));
        rig.Device.Process(ops);
        Mbuf[] pdus = new Mbuf[2];
        Assert.Equal(1, one.CompleteTransmit(ops, pdus));
        Assert.Equal(1u, one.Statistics.ForeignOpCount);
        Assert.Equal(1, two.CompleteTransmit(ops.AsSpan(1), pdus.AsSpan(1)));
        rig.Free(ops);
        Array.ForEach(pdus, pdu => pdu.Free());
    }

    [Fact]
    public void LongSdusAreRefused()
    {
        using var rig = new PdcpRig();
        PdcpEntity nr = rig.Open(rig.Options()), lte = rig.Open(rig.Options() with { System = PdcpSystem.Lte });
        foreach ((PdcpEntity entity, int most) in ((PdcpEntity, int)[])[(nr, 9000), (lte, 8188)])
        {
            Mbuf sdu = Chain(rig, most), longer = Chain(rig, most + 1);
            Assert.Equal(1, entity.Submit([sdu], rig.Now));
            Assert.Equal(0, entity.Submit([longer], rig.Now));
            Assert.Equal(PdcpStop.TooLong, entity.SubmitStop);
            longer.Free();
        }
    }

    [Fact]
    public void BurstsAllocateNothing()
    {
        using var rig = new PdcpRig();
        PdcpEntityOptions options = rig.Options() with { Protection = PdcpProtection.NullWithCode };
        PdcpEntity sender = rig.Open(options), receiver = rig.Open(PdcpRig.Peer(options));
        CryptoOp[] ops = rig.Ops(32);
        Mbuf[] sdus = new Mbuf[32], pdus = new Mbuf[32];
        long before = 0;
        int delivered = 0;
        for (int round = 0; round < 20; round++)
        {
            before = round == 10 ? GC.GetAllocatedBytesForCurrentThread() : before;
            _ = rig.Mbufs.TryAllocBulk(sdus);
            _ = sender.Submit(sdus, rig.Now);
            _ = sender.PrepareTransmit(ops, rig.Now);
            Finish(ops);
            int sent = sender.CompleteTransmit(ops, pdus);
            foreach (Mbuf pdu in pdus)
            {
                _ = pdu.TryAppend(4, out _);
            }

            pdus.AsSpan(5, 9).Reverse();
            int made = receiver.PrepareReceive(pdus.AsSpan(0, sent), ops, default).OpCount;
            Finish(ops);
            receiver.CompleteReceive(ops.AsSpan(0, made), rig.Now);
            receiver.Poll(rig.Now);
            int count = receiver.TakeDelivered(sdus);
            delivered += count;
            foreach (Mbuf sdu in sdus.AsSpan(0, count))
            {
                sdu.Free();
            }
        }

        long after = GC.GetAllocatedBytesForCurrentThread();
        rig.Free(ops);
        Assert.Equal(20 * 32, delivered);
        Assert.Equal(before, after);
    }

    private static void Finish(CryptoOp[] ops)
    {
        foreach (CryptoOp op in ops)
        {
            op.Status = OpStatus.Success;
        }
    }

    private static Mbuf Chain(PdcpRig rig, int length)
    {
        Mbuf head = rig.Sdu(0, 300);
        for (length -= 300; length != 0;)
        {
            int part = Math.Min(length, 300);
            Assert.True(head.TryChain(rig.Sdu(0, part)));
            length -= part;
        }

        return head;
    }
}
