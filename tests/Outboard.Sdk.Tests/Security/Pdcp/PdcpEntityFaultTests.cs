using Outboard.Crypto;
using Outboard.Mbufs;
using Outboard.Security.Pdcp;

namespace Outboard.Sdk.Tests.Security.Pdcp;

/// <summary>Seven faults that another implementation of this entity has; each test is named by what it prevents.</summary>
public sealed class PdcpEntityFaultTests
{
    [Fact]
    public void ReorderingTimerNeverStartingAgainAfterACleanExpiry()
    {
        using var rig = new PdcpRig();
        PdcpEntity sender = rig.Open(rig.Options()), receiver = rig.Open(PdcpRig.Peer(rig.Options()));
        Mbuf[] pdus = rig.Send(sender, 0, 1, 2, 3, 4, 5, 6);
        rig.Receive(receiver, [pdus[0], pdus[2]]);
        Assert.True(receiver.IsReordering);
        Assert.Equal([0], rig.Delivered(receiver));

        // The first gap is given up, and nothing is missing behind it.
        rig.Now += TimeSpan.FromMilliseconds(100);
        receiver.Poll(rig.Now);
        Assert.False(receiver.IsReordering);
        Assert.Equal([2], rig.Delivered(receiver));

        // The second gap starts the timer again, and it expires again.
        rig.Receive(receiver, [pdus[3], pdus[5]]);
        Assert.True(receiver.IsReordering);
        Assert.Equal([3], rig.Delivered(receiver));
        rig.Now += TimeSpan.FromMilliseconds(100);
        Assert.Equal(rig.Now, receiver.NextDeadline);
        receiver.Poll(rig.Now);
        Assert.Equal([5], rig.Delivered(receiver));
        Assert.Equal(2u, receiver.Statistics.ReorderingExpiryCount);
        rig.Receive(receiver, [pdus[6]]);
        Assert.Equal([6], rig.Delivered(receiver));
        pdus[1].Free();
        pdus[4].Free();
    }

    [Fact]
    public void StatusReportBitmapWrittenFromTheWrongEndOfItsBytes()
    {
        using var rig = new PdcpRig();
        PdcpEntityOptions options = rig.Options(PdcpBearerKind.Acknowledged, 18);
        PdcpEntity sender = rig.Open(options), receiver = rig.Open(PdcpRig.Peer(options));
        Mbuf[] pdus = rig.Send(sender, [.. Enumerable.Range(0, 14)]);

        // 0 to 2 came, 3 is the first missing one; of 4 to 13 came 4, 6, 11 and 13: bits 1, 3, 8 and 10, from the left.
        int[] came = [0, 1, 2, 4, 6, 11, 13];
        rig.Receive(receiver, [.. came.Select(i => pdus[i])]);
        Assert.True(receiver.TryCreateStatusReport(rig.Mbufs, out Mbuf report));
        Assert.Equal([0x00, 0x00, 0x00, 0x00, 0x03, 0b1010_0001, 0b0100_0000], PdcpRig.Bytes(report));

        // The other side reads the same out of it.
        Mbuf[] control = rig.Receive(sender, [report]);
        Assert.Equal((ulong)came.Length, sender.Statistics.ConfirmedCount);
        Assert.Equal(3u, sender.HeldFirst);
        sender.RecoverData();
        int[] missing = [3, 5, 7, 8, 9, 10, 12];
        Mbuf[] again = rig.Transmit(sender, out _);
        rig.Receive(receiver, again);
        Assert.Equal(Enumerable.Range(0, 14), rig.Delivered(receiver));
        Assert.Equal((ulong)missing.Length, sender.Statistics.RetransmittedCount);
        control[0].Free();
        foreach (int i in missing)
        {
            pdus[i].Free();
        }
    }

    [Fact]
    public void OutOfOrderDeliveryRejectingEarlierPdusThatComeLater()
    {
        using var rig = new PdcpRig();
        PdcpEntityOptions options = rig.Options() with { OutOfOrderDelivery = true };
        PdcpEntity sender = rig.Open(options), receiver = rig.Open(PdcpRig.Peer(options));
        Mbuf[] pdus = rig.Send(sender, 0, 1, 2, 3, 4);
        rig.Receive(receiver, [pdus[3]]);
        Assert.Equal([3], rig.Delivered(receiver));
        Assert.Equal(0u, receiver.ReceiveDeliver);
        rig.Receive(receiver, [pdus[1], pdus[0], pdus[4], pdus[2]]);
        Assert.Equal([1, 0, 4, 2], rig.Delivered(receiver));
        Assert.Equal(5u, receiver.ReceiveDeliver);
        Assert.Equal(0u, receiver.Statistics.OutOfWindowCount);
        Assert.Equal(3u, receiver.Statistics.ReorderedCount);
    }

    [Fact]
    public void TransmitCountWrappingAndRepeatingTheKeystream()
    {
        using var rig = new PdcpRig();
        PdcpEntityOptions options = rig.Options(bits: 18) with { TransmitNext = uint.MaxValue - 1, HfnThreshold = 0x3FFF };
        PdcpEntity sender = rig.Open(options), receiver = rig.Open(PdcpRig.Peer(options));
        Mbuf[] pdus = rig.Send(sender, 7, 8);
        Assert.Equal(PdcpEvents.TransmitCountNearEnd, sender.TakeEvents());
        Assert.Equal(1, sender.Submit([rig.Sdu(9)], rig.Now));
        Assert.Empty(rig.Transmit(sender, out PdcpPrepared prepared));
        Assert.Equal(PdcpStop.CountExhausted, prepared.Stop);
        Assert.Equal(PdcpEvents.TransmitCountExhausted, sender.TakeEvents());
        Assert.Equal(1ul << 32, sender.TransmitNext);
        Assert.Equal(1, sender.WaitingCount);

        // The peer takes the last COUNT there is, and nothing of its own wraps.
        rig.Receive(receiver, pdus);
        Assert.Equal([7, 8], rig.Delivered(receiver));
        Assert.Equal(1ul << 32, receiver.ReceiveNext);
        Assert.Equal(PdcpEvents.ReceiveCountNearEnd, receiver.TakeEvents());

        // The same keys will not do; with new ones the SDU goes out.
        Assert.Throws<ArgumentException>(() => sender.Reestablish(PdcpRig.Keys(1)));
        sender.Reestablish(PdcpRig.Keys(2));
        receiver.Reestablish(PdcpRig.Keys(2));
        rig.Receive(receiver, rig.Transmit(sender, out _));
        Assert.Equal([9], rig.Delivered(receiver));
        Assert.Equal(1u, sender.TransmitNext);
    }

    [Fact]
    public void ReceivedControlPdusComingBackAsErrors()
    {
        using var rig = new PdcpRig();
        PdcpEntityOptions options = rig.Options(PdcpBearerKind.Acknowledged);
        PdcpEntity sender = rig.Open(options), receiver = rig.Open(PdcpRig.Peer(options));
        Mbuf[] pdus = rig.Send(sender, 0, 1);
        Mbuf rohc = Raw(rig, [0x10, 1, 2, 3]), ehc = Raw(rig, [0x20, 9]);
        Mbuf report = Raw(rig, [0x00, 0, 0, 0, 0]), unknown = Raw(rig, [0x70, 1]);
        Mbuf[] control = rig.Receive(receiver, [rohc, pdus[0], ehc, report, unknown, pdus[1]]);
        Assert.Equal([rohc, ehc, report], control);
        Assert.Equal(
            [PdcpControlType.RohcFeedback, PdcpControlType.EhcFeedback, PdcpControlType.StatusReport],
            control.Select(receiver.ControlTypeOf));
        Assert.Equal([0, 1], rig.Delivered(receiver));
        Assert.Equal(3u, receiver.Statistics.ControlCount);
        Assert.Equal(1u, receiver.Statistics.MalformedCount);
        Assert.Equal(PdcpEvents.None, receiver.TakeEvents());
        Array.ForEach(control, one => one.Free());
    }

    [Fact]
    public void SduWithoutRoomLeftWithAMacIOrAHeader()
    {
        using var rig = new PdcpRig();
        PdcpEntity sender = rig.Open(rig.Options(bits: 18));
        Mbuf noHeadroom = rig.Sdu(1), noTailroom = rig.Sdu(2), shared = rig.Sdu(3);
        Assert.True(noHeadroom.TryPrepend(noHeadroom.Headroom - 2, out _));
        Assert.True(noTailroom.TryAppend(noTailroom.Tailroom - 3, out _));
        Assert.True(shared.TryClone(rig.Mbufs, out Mbuf clone));
        foreach (Mbuf sdu in (Mbuf[])[noHeadroom, noTailroom, shared, clone])
        {
            byte[] before = PdcpRig.Bytes(sdu);
            Assert.Equal(0, sender.Submit([sdu], rig.Now));
            Assert.Equal(PdcpStop.NoRoom, sender.SubmitStop);
            Assert.Equal(before, PdcpRig.Bytes(sdu));
        }

        Assert.Empty(rig.Transmit(sender, out _));
        Assert.Equal(0u, sender.TransmitNext);

        // With a pool for PDUs all of them are sent, and those that share the data never see it change.
        PdcpEntityOptions options = rig.Options(bits: 18) with { PduPool = rig.Mbufs, Protection = PdcpRig.Keys(9) };
        PdcpEntity copying = rig.Open(options), receiver = rig.Open(PdcpRig.Peer(options));
        byte[] original = PdcpRig.Bytes(shared);
        Assert.Equal(3, copying.Submit([noHeadroom, noTailroom, clone], rig.Now));
        rig.Receive(receiver, rig.Transmit(copying, out _));
        Assert.Equal(original, PdcpRig.Bytes(shared));
        shared.Free();
        Assert.Equal(3u, receiver.Statistics.DeliveredCount);
    }

    [Fact]
    public void SuspendOfASenderOnlyZeroingItsCount()
    {
        using var rig = new PdcpRig();
        PdcpEntityOptions options = rig.Options(PdcpBearerKind.Acknowledged);
        PdcpEntity sender = rig.Open(options), receiver = rig.Open(PdcpRig.Peer(options));
        Mbuf[] pdus = rig.Send(sender, 0, 1, 2);
        sender.Confirm(0);
        Assert.Equal(2, sender.Submit([rig.Sdu(3), rig.Sdu(4)], rig.Now));
        rig.Receive(receiver, [pdus[0], pdus[2]]);
        Assert.Equal([0], rig.Delivered(receiver));

        // Ops that are out keep it from being suspended under them.
        CryptoOp[] ops = rig.Ops(1);
        Assert.Equal(1, sender.PrepareTransmit(ops, rig.Now).OpCount);
        Assert.Throws<InvalidOperationException>(sender.Suspend);
        Assert.Equal(0, sender.CompleteTransmit(ops, new Mbuf[1]));
        rig.Free(ops);

        // Both sides start COUNT anew, the receiver delivers what it stored and its timer is off, the sender keeps its SDUs and is still.
        sender.Suspend();
        receiver.Suspend();
        Assert.Equal(0u, sender.TransmitNext);
        Assert.Equal((0ul, 0ul, false), (receiver.ReceiveNext, receiver.ReceiveDeliver, receiver.IsReordering));
        Assert.Equal([2], rig.Delivered(receiver));
        Assert.Equal(4, sender.WaitingCount);
        Assert.Empty(rig.Transmit(sender, out PdcpPrepared prepared));
        Assert.Equal(PdcpStop.NotActive, prepared.Stop);

        // The old keys are refused, for COUNT 0 was used with them; with new ones all that was not confirmed is sent as if it was new.
        Assert.Throws<ArgumentException>(() => sender.Reestablish(PdcpRig.Keys(1)));
        sender.Reestablish(PdcpRig.Keys(2));
        receiver.Reestablish(PdcpRig.Keys(2));
        rig.Receive(receiver, rig.Transmit(sender, out _));
        Assert.Equal([1, 2, 3, 4], rig.Delivered(receiver));
        Assert.Equal(4u, sender.TransmitNext);
        pdus[1].Free();
    }

    private static Mbuf Raw(PdcpRig rig, ReadOnlySpan<byte> bytes)
    {
        Assert.True(rig.Mbufs.TryAlloc(out Mbuf mbuf));
        Assert.True(mbuf.TryAppend(bytes.Length, out Span<byte> room));
        bytes.CopyTo(room);
        return mbuf;
    }
}
