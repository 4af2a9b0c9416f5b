using Outboard.Mbufs;
using Outboard.Security;
using Outboard.Security.Pdcp;

namespace Outboard.Sdk.Tests.Security.Pdcp;

public sealed class PdcpLifeCycleTests
{
    [Theory]
    [InlineData(PdcpBearerKind.Signalling, new[] { 0 }, new int[0], 0)]
    [InlineData(PdcpBearerKind.Unacknowledged, new[] { 0, 2 }, new[] { 3 }, 1)]
    [InlineData(PdcpBearerKind.Acknowledged, new[] { 0 }, new[] { 1, 2, 3 }, 4)]
    public void ReestablishmentDoesWhatEachKindOfBearerNeeds(PdcpBearerKind kind, int[] before, int[] after, int next)
    {
        using var rig = new PdcpRig();
        PdcpEntityOptions options = rig.Options(kind) with { StatusReportRequired = true };
        PdcpEntity sender = rig.Open(options), receiver = rig.Open(PdcpRig.Peer(options));
        Mbuf[] pdus = rig.Send(sender, 0, 1, 2);
        Assert.Equal(1, sender.Submit([rig.Sdu(3)], rig.Now));
        sender.Confirm(0);
        rig.Receive(receiver, [pdus[0], pdus[2]]);
        Assert.True(receiver.IsReordering);
        sender.Reestablish(PdcpRig.Keys(2));
        receiver.Reestablish(PdcpRig.Keys(2));
        Assert.Equal(before, rig.Delivered(receiver));
        bool acknowledged = kind == PdcpBearerKind.Acknowledged;
        Assert.Equal(acknowledged, receiver.IsReordering);
        Assert.Equal(acknowledged ? PdcpEvents.StatusReportDue : PdcpEvents.None, receiver.TakeEvents());
        rig.Receive(receiver, rig.Transmit(sender, out _));
        Assert.Equal(after, rig.Delivered(receiver));
        Assert.Equal((ulong)next, sender.TransmitNext);
        Assert.Equal(acknowledged ? 1u : 0, receiver.Statistics.DuplicateCount);
        pdus[1].Free();
    }

    [Fact]
    public void SecurityIsActivatedWithoutTouchingCount()
    {
        using var rig = new PdcpRig();
        PdcpEntityOptions options = rig.Options(PdcpBearerKind.Signalling) with { Protection = PdcpProtection.NullWithCode };
        PdcpEntity sender = rig.Open(options), receiver = rig.Open(PdcpRig.Peer(options));
        Mbuf[] pdus = rig.Send(sender, 0, 1);
        Assert.Equal(new byte[4], pdus[0].Data[^4..].ToArray());
        rig.Receive(receiver, pdus);
        sender.ActivateSecurity(PdcpRig.Keys(5));
        receiver.ActivateSecurity(PdcpRig.Keys(5));
        rig.Receive(receiver, rig.Send(sender, 2));
        Assert.Equal([0, 1, 2], rig.Delivered(receiver));
        Assert.Equal(3u, sender.TransmitNext);
        Assert.Throws<ArgumentException>(() => sender.ActivateSecurity(new PdcpProtection()));
    }

    [Theory]
    [InlineData(PdcpBearerKind.Signalling, new int[0])]
    [InlineData(PdcpBearerKind.Unacknowledged, new[] { 1 })]
    [InlineData(PdcpBearerKind.Acknowledged, new[] { 1 })]
    public void ReleaseDropsWhatIsToBeSentAndDeliversWhatIsStored(PdcpBearerKind kind, int[] delivered)
    {
        using var rig = new PdcpRig();
        PdcpEntityOptions options = rig.Options(kind);
        PdcpEntity sender = rig.Open(options), receiver = rig.Open(PdcpRig.Peer(options));
        Mbuf[] pdus = rig.Send(sender, 0, 1);
        Assert.Equal(1, sender.Submit([rig.Sdu(2)], rig.Now));
        rig.Receive(receiver, [pdus[1]]);
        sender.Release();
        receiver.Release();
        receiver.Release();
        Assert.Equal(0, rig.Device.SessionCount);
        Assert.Equal(delivered, rig.Delivered(receiver));
        Assert.Equal(PdcpEntityState.Released, receiver.State);
        Assert.Equal(PdcpStop.NotActive, receiver.PrepareReceive([pdus[0]], [], []).Stop);
        Assert.Equal(0, sender.Submit([pdus[0]], rig.Now));
        Assert.Throws<InvalidOperationException>(sender.Suspend);
        Assert.Throws<InvalidOperationException>(() => sender.Reestablish(PdcpRig.Keys(2)));
        pdus[0].Free();
    }

    [Fact]
    public void OptionsThatMakeNoSenseAreRefusedWithTheReason()
    {
        using var rig = new PdcpRig();
        PdcpEntityOptions good = rig.Options(PdcpBearerKind.Acknowledged);
        (PdcpEntityOptions Options, string Says)[] bad =
        [
            (good with { SequenceNumberBits = 15 }, "SequenceNumberBits 15"),
            (good with { ReceiveSequenceNumberBits = 7 }, "ReceiveSequenceNumberBits 7"),
            (good with { SequenceNumberBits = 7, System = PdcpSystem.Lte }, "status report"),
            (good with { ReorderBufferCount = 24 }, "ReorderBufferCount 24"),
            (good with { ReorderBufferCount = 4096 }, "window of 2048"),
            (good with { TransmitBufferCount = 0 }, "TransmitBufferCount 0"),
            (good with { PduPool = null }, "PduPool"),
            (good with { DiscardTime = TimeSpan.Zero }, "DiscardTime"),
            (good with { ReorderingTime = TimeSpan.FromTicks(-1) }, "ReorderingTime"),
            (good with { Kind = PdcpBearerKind.Signalling, Protection = new PdcpProtection() }, "MAC-I"),
            (good with { Bearer = 32 }, "Bearer 32"),
            (good with { Protection = PdcpRig.Keys(1) with { Cipher = PdcpCipher.Nea3 } }, "Nea3"),
        ];
        foreach ((PdcpEntityOptions options, string says) in bad)
        {
            Assert.Contains(says, Assert.Throws<ArgumentException>(() => rig.Open(options)).Message, StringComparison.Ordinal);
        }

        Assert.Equal(0, rig.Device.SessionCount);
    }

    [Fact]
    public void DisposeWithOpsOutFreesTheRest()
    {
        using var rig = new PdcpRig();
        PdcpEntity entity = rig.Open(rig.Options());
        Assert.Equal(2, entity.Submit([rig.Sdu(1), rig.Sdu(2)], rig.Now));
        Outboard.Crypto.CryptoOp[] ops = rig.Ops(1);
        Assert.Equal(1, entity.PrepareTransmit(ops, rig.Now).OpCount);
        entity.Dispose();
        Assert.Equal(1, rig.Mbufs.InUseCount);
        ops[0].Source.Free();
        rig.Free(ops);
    }
}
