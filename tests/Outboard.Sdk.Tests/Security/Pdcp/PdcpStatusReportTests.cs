using Outboard.Mbufs;
using Outboard.Security.Pdcp;

namespace Outboard.Sdk.Tests.Security.Pdcp;

public sealed class PdcpStatusReportTests
{
    [Fact]
    public void ReportOfNothingMissingHasNoBitmap()
    {
        using var rig = new PdcpRig();
        PdcpEntityOptions options = rig.Options(PdcpBearerKind.Acknowledged);
        PdcpEntity sender = rig.Open(options), receiver = rig.Open(PdcpRig.Peer(options));
        rig.Receive(receiver, rig.Send(sender, 0, 1, 2));
        Assert.True(receiver.TryCreateStatusReport(rig.Mbufs, out Mbuf report));
        Assert.Equal([0, 0, 0, 0, 3], PdcpRig.Bytes(report));
        Mbuf[] control = rig.Receive(sender, [report]);
        Assert.Equal(3u, sender.HeldFirst);
        Assert.Equal(3u, sender.Statistics.ConfirmedCount);
        control[0].Free();
        rig.Delivered(receiver);
    }

    [Theory]
    [InlineData(12, new byte[] { 0x0F, 0xFF, 0b0110_0000 })]
    [InlineData(15, new byte[] { 0x00, 0x0F, 0xFF, 0b0110_0000 })]
    [InlineData(18, new byte[] { 0x00, 0x0F, 0xFF, 0b0110_0000 })]
    public void LteReportsCarryASequenceNumber(int bits, byte[] expected)
    {
        using var rig = new PdcpRig();
        PdcpEntityOptions options = rig.Options(PdcpBearerKind.Acknowledged, bits) with { System = PdcpSystem.Lte, TransmitNext = 0xFFF };
        PdcpEntity sender = rig.Open(options), receiver = rig.Open(PdcpRig.Peer(options));
        Mbuf[] pdus = rig.Send(sender, 0, 1, 2, 3);

        // FFF and 1000 are missing; 1001 and 1002 came.
        rig.Receive(receiver, pdus.AsSpan(2));
        Assert.True(receiver.TryCreateStatusReport(rig.Mbufs, out Mbuf report));
        Assert.Equal(expected, PdcpRig.Bytes(report));
        Mbuf[] control = rig.Receive(sender, [report]);
        Assert.Equal(2u, sender.Statistics.ConfirmedCount);
        Assert.Equal(0xFFFu, sender.HeldFirst);
        control[0].Free();
        pdus[0].Free();
        pdus[1].Free();
    }

    [Fact]
    public void ReportsEndAtNineThousandBytes()
    {
        using var rig = new PdcpRig();
        PdcpEntityOptions options = rig.Options(PdcpBearerKind.Acknowledged, 18) with { Protection = new PdcpProtection() };
        PdcpEntity receiver = rig.Open(PdcpRig.Peer(options));
        PdcpEntity far = rig.Open(options with { TransmitNext = 100_000 });
        rig.Receive(receiver, rig.Send(far, 1));
        Assert.True(receiver.TryCreateStatusReport(rig.Mbufs, out Mbuf report));
        byte[] bytes = PdcpRig.Bytes(report);
        Assert.Equal(9000, bytes.Length);
        Assert.True(report.Check(out string? reason), reason);
        Assert.Equal(new byte[9000], bytes);
        Mbuf[] control = rig.Receive(far, [report]);
        Assert.Equal(0u, far.Statistics.ConfirmedCount);
        control[0].Free();
    }

    [Fact]
    public void BitsOfAParsedReportAreByCount()
    {
        byte[] pdu = [0x00, 0xFF, 0xFF, 0xFF, 0xFE, 0b1100_0000];
        Assert.True(PdcpStatusReport.TryParse(pdu, PdcpSystem.NewRadio, 18, out PdcpStatusReport report));
        Assert.Equal(0xFFFF_FFFEu, report.FirstMissing);
        Assert.False(report.IsReceived(0xFFFF_FFFE));
        Assert.True(report.IsReceived(0xFFFF_FFFF));
        Assert.True(report.IsReceived(0));
        Assert.False(report.IsReceived(1));
        Assert.False(report.IsReceived(7));
        Assert.False(report.IsReceived(0xFFFF_FFFD));
        Assert.False(PdcpStatusReport.TryParse(pdu.AsSpan(0, 4), PdcpSystem.NewRadio, 18, out _));
        Assert.False(PdcpStatusReport.TryParse([0x80, 0, 0, 0, 0], PdcpSystem.NewRadio, 18, out _));
        Assert.False(PdcpStatusReport.TryParse([0x10, 0, 0, 0, 0], PdcpSystem.NewRadio, 18, out _));
    }

    [Fact]
    public void ReportsOfAnythingAreTakenWithoutHarm()
    {
        using var rig = new PdcpRig();
        PdcpEntityOptions options = rig.Options(PdcpBearerKind.Acknowledged, 18);
        PdcpEntity sender = rig.Open(options);
        Mbuf[] pdus = rig.Send(sender, [.. Enumerable.Range(0, 40)]);
        Array.ForEach(pdus, pdu => pdu.Free());
        var random = new Random(1);
        for (int i = 0; i < 2000; i++)
        {
            Mbuf report = rig.Sdu(0, random.Next(1, 40));
            random.NextBytes(report.Data);
            report.Data[0] &= 0x0F;
            if (random.Next(2) == 0 && report.DataLength > 4)
            {
                report.Data[1..4].Clear();
            }

            Array.ForEach(rig.Receive(sender, [report]), one => one.Free());
            Assert.True(sender.HeldFirst <= sender.TransmitNext);
        }

        Assert.True(sender.Statistics.MalformedCount > 0);
    }
}
