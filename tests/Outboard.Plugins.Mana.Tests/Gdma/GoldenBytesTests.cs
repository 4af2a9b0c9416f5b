using System.Runtime.InteropServices;
using Outboard.Plugins.Mana.Adapter.Layouts;
using Outboard.Plugins.Mana.Gdma;

namespace Outboard.Plugins.Mana.Tests.Gdma;

/// <summary>
/// Every structure as bytes, worked out by hand from the bit tables of the reference. The driver's encoder and the
/// adapter's decoder are compared with the bytes and never with each other alone.
/// </summary>
public sealed unsafe class GoldenBytesTests
{
    [Fact]
    public void SendDoorbellHasIdInLow24BitsAndTailInBytesOnTop() =>
        Assert.Equal(0x0000_00A0_0012_3456ul, DoorbellFormat.WorkQueue(0x123456, 5));

    [Fact]
    public void WorkQueueTailIsNotMaskedToTheRing() =>
        Assert.Equal(0xFFFF_FFE0_0000_0001ul, DoorbellFormat.WorkQueue(1, 0x07FF_FFFF));

    [Fact]
    public void CompletionDoorbellWrapsAtEightLapsAndArmsOnTop()
    {
        // 64 entries: eight laps are 512; head 515 is 3.
        Assert.Equal(0x8000_0003_0000_0007ul, DoorbellFormat.CompletionQueue(7, 515, 64, arm: true));
        Assert.Equal(0x0000_01FF_0000_0007ul, DoorbellFormat.CompletionQueue(7, 511, 64, arm: false));
    }

    [Fact]
    public void EventDoorbellHas16BitsOfId() =>
        Assert.Equal(0x8000_0100_0000_2345ul, DoorbellFormat.EventQueue(0x12345, 0x100, 256, arm: true));

    [Fact]
    public void WorkElementHeaderHasSegmentCountAtByte4AndOobSizeAtByte5()
    {
        // Three segments, 8 bytes of OOB: code 2. Then thirty segments, 24 bytes: code 6.
        Assert.Equal("0000000003020000", Hex(WorkRequest.Header(3, 8)));
        Assert.Equal("000000001e060000", Hex(WorkRequest.Header(30, 24)));
        WorkElement decoded = Read<WorkElement>("000000001e060000");
        Assert.Equal(30, decoded.SegmentCount);
        Assert.Equal(24, WorkElement.OobByteCount(decoded.Control));
        Assert.Equal(-1, WorkElement.OobByteCount(5));
        Assert.Equal(1400, WorkElement.SegmentationSize(Read<WorkElement>("0000000002027805").ClientData));
    }

    [Theory]
    [InlineData(1, 8, 1)]
    [InlineData(2, 8, 2)]
    [InlineData(3, 8, 2)]
    [InlineData(4, 8, 3)]
    [InlineData(1, 24, 2)]
    [InlineData(2, 24, 2)]
    [InlineData(31, 8, 16)]
    [InlineData(30, 24, 16)]
    public void ElementsCostWholeBasicUnits(int segments, int oob, uint units) =>
        Assert.Equal(units, WorkRequest.BasicUnits(segments, oob));

    [Fact]
    public void ScatterGatherIsAddressKeySize()
    {
        byte* bytes = stackalloc byte[16];
        WorkRequest.WriteSegment(bytes, 0x1122334455667788, 0xA1B2C3D4, 0x5EE);
        Assert.Equal("8877665544332211d4c3b2a1ee050000", Hex(new ReadOnlySpan<byte>(bytes, 16)));
        ScatterGather decoded = Read<ScatterGather>("8877665544332211d4c3b2a1ee050000");
        Assert.Equal(0x1122334455667788ul, decoded.Address);
        Assert.Equal(0xA1B2C3D4u, decoded.MemoryKey);
        Assert.Equal(0x5EEu, decoded.ByteCount);
    }

    [Fact]
    public void ShortOobHasFlagsCompletionQueueOffsetFrameAndVport()
    {
        // Completion queue 0x010203 at bits 8-31; L4 offset 34 at 32-41; queue 0x1C05 >> 10 = 7 at 42-55; vport 3.
        ulong oob = TransmitOob.QueueFields(0x010203, 0x1C05, 3) | TransmitOob.OuterIPv4 | TransmitOob.IPChecksum
            | TransmitOob.UdpChecksum | TransmitOob.SuppressCompletion | TransmitOob.L4Offset(34);
        Assert.Equal("d4030201221c0003", Hex(oob));
        SendOob decoded = Read<SendOob>("d4030201221c0003" + "00000000000000000000000000000000");
        Assert.Equal(
            SendOobFlags.OuterIPv4 | SendOobFlags.IPChecksum | SendOobFlags.UdpChecksum
                | SendOobFlags.SuppressCompletion,
            decoded.Flags);
        Assert.Equal(0x010203u, decoded.CompletionQueue);
        Assert.Equal(34, decoded.L4Offset);
        Assert.Equal(7u, decoded.VirtualQueueFrame);
        Assert.Equal(3, decoded.VportOffset);
    }

    [Fact]
    public void LongOobCarriesVlanAndTwelveBitsOfVportOffset()
    {
        // PCP 5, DEI 1, id 0x123; vport offset 0xABC at bits 48-59; inject at bit 3.
        ulong fields = TransmitOob.LongFields(0xABC, injectVlan: true, 0xB123);
        Assert.Equal("08003d120000bc0a", Hex(fields));
        SendOob decoded = Read<SendOob>("0100000000000000" + "08003d120000bc0a" + "0000000000000000");
        Assert.True(decoded.InjectVlan);
        Assert.Equal(0xB123, decoded.VlanTci);
        Assert.Equal(0xABCu, decoded.LongVportOffset);
        Assert.Equal("000000000000bc0a", Hex(TransmitOob.LongFields(0xABC, injectVlan: false, 0xFFFF)));
    }

    [Fact]
    public void ReceiveCompletionHasFourSlotsFlagsAndWorkOffset()
    {
        byte* bytes = stackalloc byte[64];
        new Span<byte>(bytes, 64).Fill(0xEE);
        ReceiveCompletion.Write(
            (ReceiveCompletion*)bytes,
            CompletionType.ReceiveOkay,
            ReceiveFlags.HashTcpIPv4 | ReceiveFlags.IPChecksumGood | ReceiveFlags.TcpChecksumBad,
            0x5EA,
            0x51CCC178,
            0x1234567);
        ReceiveCompletion.Append((ReceiveCompletion*)bytes, 1, 60, 0xA0B0C0D0);
        string golden = "42000000" + "00000212" + "ea05000000000000" + "78c1cc51"
            + "3c00000000000000" + "d0c0b0a0" + "000000000000000000000000" + "000000000000000000000000" + "67452301";
        Assert.Equal(golden + "eeeeeeee", Hex(new ReadOnlySpan<byte>(bytes, 64)));
        fixed (byte* read = Convert.FromHexString(golden + "05010060"))
        {
            Assert.Equal(CompletionEntry.ReceiveCoalesced4, CompletionEntry.Type(read));
            Assert.Equal(
                (1u << 17) | CompletionEntry.IPGood | CompletionEntry.TcpBad, CompletionEntry.ReceiveFlags(read));
            Assert.Equal(0x5EAu, CompletionEntry.ReceiveLength(read, 0));
            Assert.Equal(0x51CCC178u, CompletionEntry.ReceiveHash(read, 0));
            Assert.Equal(60u, CompletionEntry.ReceiveLength(read, 1));
            Assert.Equal(0xA0B0C0D0u, CompletionEntry.ReceiveHash(read, 1));
            Assert.Equal(0u, CompletionEntry.ReceiveLength(read, 2));
            Assert.Equal(2, CompletionEntry.FrameCount(read));
            Assert.Equal(0x1234567u, CompletionEntry.ReceiveWorkOffset(read));
            uint trailer = CompletionEntry.Trailer(read);
            Assert.Equal(3u, CompletionEntry.Owner(trailer));
            Assert.Equal(0x000105u, CompletionEntry.WorkQueueId(trailer));
            Assert.False(CompletionEntry.IsSend(trailer));
        }
    }

    [Fact]
    public void SendCompletionCarriesVendorErrorAndWorkOffset()
    {
        // Type 42, client 1, vendor error 0x201; list offset 0, work offset 9; queue 16, send side, owner 2.
        string golden = "6a010200" + "00000000" + "20010000" + new string('0', 96) + "10000041";
        fixed (byte* read = Convert.FromHexString(golden))
        {
            Assert.Equal(64, golden.Length / 2);
            Assert.Equal(CompletionEntry.TransmitGdmaError, CompletionEntry.Type(read));
            Assert.Equal(0x201u, CompletionEntry.VendorError(read));
            Assert.Equal(9u, CompletionEntry.TransmitWorkOffset(read));
            Assert.True(CompletionEntry.IsSend(CompletionEntry.Trailer(read)));
            Assert.Equal(2u, CompletionEntry.Owner(CompletionEntry.Trailer(read)));
        }
    }

    [Fact]
    public void EstablishPacksFourPageFramesBackToBack()
    {
        uint[] dwords = new uint[8];
        SharedMemoryChannel.EncodeEstablish(
            dwords, 0x2345_6789_ABCD_E000, 0x1000, 0xF000_0000_0002_3000, 0x7000, 0x0102);

        // Frames of 52 bits: 48 in six bytes, the top nibble of each in the next two bytes (2, 0, F, 0).
        Assert.Equal(
            "debc9a785634" + "010000000000" + "230000000000" + "070000000000" + "020f" + "0201" + "01000080",
            Hex(MemoryMarshal.AsBytes(dwords.AsSpan())));
    }

    [Fact]
    public void RequestHeaderIsFortyBytes()
    {
        byte[] request = new byte[44];
        HardwareChannel.EncodeHeader(
            request, RequestCode.QueryVportConfig, new DeviceId(2, 0), 9, 64, 1, 4, 0x77);
        string golden = "00000000" + "08000200" + "0100" + "0900" + "2c000000"
            + "00000000" + "08000200" + "0400" + "0900" + "40000000" + "0200" + "0000" + "77000000";
        Assert.Equal(golden, Hex(request.AsSpan(0, 40)));
        RequestHeader decoded = Read<RequestHeader>(golden);
        Assert.Equal(0x20008u, decoded.MessageType);
        Assert.Equal(9, decoded.MessageId);
        Assert.Equal(44u, decoded.MessageSize);
        Assert.Equal(4, decoded.AnswerVersion);
        Assert.Equal(64u, decoded.AnswerSize);
        Assert.Equal(2, decoded.DeviceType);
        Assert.Equal(0x77u, decoded.Activity);
    }

    [Fact]
    public void ChannelOobNamesBothEnds()
    {
        byte[] oob = new byte[24];
        HardwareChannel.EncodeSendOob(oob, 0x21, 0x22, 0x01, 0x010203);
        string golden = "0000000000000000" + "21000000" + "22000000" + "01000004" + "03020100";
        Assert.Equal(golden, Hex(oob));
        HwcSendOob decoded = Read<HwcSendOob>(golden);
        Assert.Equal(0x21u, decoded.RemoteReceiveQueue);
        Assert.Equal(0x22u, decoded.RemoteCompletionQueue);
        Assert.Equal(0x010203u, decoded.OwnSendQueue);
    }

    [Fact]
    public void ReceiveSteeringHasKeyAtByte72AndTableAtByte120()
    {
        byte[] request = new byte[120 + 16];
        byte[] key = new byte[40];
        key.AsSpan().Fill(0xAB);
        EthernetRequests.EncodeReceiveSteering(request, 0x7001, new ReceiveSteering
        {
            ReceiveEnabled = true,
            RssEnabled = true,
            DefaultObject = 0x55,
            Key = key,
            Table = [0x66, 0x77],
            HashTypes = 0x3F,
        });
        Assert.Equal(
            "0170000000000000" + "0200" + "7800" + "02000000" + "02000000" + "01010100" + "5500000000000000"
                + string.Concat(Enumerable.Repeat("ab", 40)) + "3f00000000000000"
                + "6600000000000000" + "7700000000000000",
            Hex(request.AsSpan(40)));
    }

    [Fact]
    public void LayoutsHaveTheSizesOfTheReference()
    {
        Assert.Equal(40, sizeof(RequestHeader));
        Assert.Equal(32, sizeof(ResponseHeader));
        Assert.Equal(8, sizeof(WorkElement));
        Assert.Equal(16, sizeof(ScatterGather));
        Assert.Equal(24, sizeof(SendOob));
        Assert.Equal(24, sizeof(HwcSendOob));
        Assert.Equal(64, sizeof(ReceiveCompletion));
        Assert.Equal(64, sizeof(SendCompletion));
        Assert.Equal(64, sizeof(HwcReceiveCompletion));
        Assert.Equal(24, (int)Marshal.OffsetOf<HwcReceiveCompletion>(nameof(HwcReceiveCompletion.DataByteCount)));
        Assert.Equal(56, (int)Marshal.OffsetOf<ReceiveCompletion>(nameof(ReceiveCompletion.WorkOffset)));
    }

    [Fact]
    public void ReservedBitsOfAnyShortOobStayZero()
    {
        var random = new Random(24);
        for (int i = 0; i < 1000; i++)
        {
            ulong oob = TransmitOob.QueueFields((uint)random.Next(), (uint)random.Next(), (uint)random.Next())
                | TransmitOob.L4Offset(random.Next(1024));

            // Bits 0-7 are flags, which none of these set.
            Assert.Equal(0ul, oob & 0xFF);
            SendOob decoded = MemoryMarshal.Read<SendOob>([.. BitConverter.GetBytes(oob), .. new byte[16]]);
            Assert.Equal((uint)(oob >> 8) & 0xFFFFFF, decoded.CompletionQueue);
        }
    }

    private static string Hex(ulong value) => Hex(BitConverter.GetBytes(value));

    private static string Hex(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(bytes);

    private static T Read<T>(string hex)
        where T : unmanaged => MemoryMarshal.Read<T>(Convert.FromHexString(hex));
}
