using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Outboard.Mbufs;

namespace Outboard.Sdk.Tests.Mbufs;

public sealed unsafe class MbufHeaderTests
{
    // Offsets of rte_mbuf, DPDK lib/mbuf/rte_mbuf_core.h, by offsetof.
    [Theory]
    [InlineData(nameof(MbufHeader.BufferAddress), 0)]
    [InlineData(nameof(MbufHeader.IoAddress), 8)]
    [InlineData(nameof(MbufHeader.Rearm), 16)]
    [InlineData(nameof(MbufHeader.DataOffset), 16)]
    [InlineData(nameof(MbufHeader.ReferenceCount), 18)]
    [InlineData(nameof(MbufHeader.SegmentCount), 20)]
    [InlineData(nameof(MbufHeader.Port), 22)]
    [InlineData(nameof(MbufHeader.OffloadFlags), 24)]
    [InlineData(nameof(MbufHeader.PacketType), 32)]
    [InlineData(nameof(MbufHeader.PacketLength), 36)]
    [InlineData(nameof(MbufHeader.DataLength), 40)]
    [InlineData(nameof(MbufHeader.VlanTci), 42)]
    [InlineData(nameof(MbufHeader.Hash), 44)]
    [InlineData(nameof(MbufHeader.RssHash), 44)]
    [InlineData(nameof(MbufHeader.FlowId), 48)]
    [InlineData(nameof(MbufHeader.OuterVlanTci), 52)]
    [InlineData(nameof(MbufHeader.BufferLength), 54)]
    [InlineData(nameof(MbufHeader.Pool), 56)]
    [InlineData(nameof(MbufHeader.Next), 64)]
    [InlineData(nameof(MbufHeader.TransmitOffload), 72)]
    [InlineData(nameof(MbufHeader.SharedInfo), 80)]
    [InlineData(nameof(MbufHeader.PrivateSize), 88)]
    [InlineData(nameof(MbufHeader.TimeSync), 90)]
    [InlineData(nameof(MbufHeader.Dynamic), 92)]
    public void FieldsAreWhereOthersExpectThem(string field, int offset) =>
        Assert.Equal(offset, (int)Marshal.OffsetOf<MbufHeader>(field));

    [Fact]
    public void SizesAreAsDeclared()
    {
        Assert.Equal(128, sizeof(MbufHeader));
        Assert.Equal(128, MbufHeader.Size);
        Assert.Equal(24, sizeof(MbufSharedInfo));
        Assert.Equal(0, (int)Marshal.OffsetOf<MbufSharedInfo>(nameof(MbufSharedInfo.FreeCallback)));
        Assert.Equal(8, (int)Marshal.OffsetOf<MbufSharedInfo>(nameof(MbufSharedInfo.Opaque)));
        Assert.Equal(16, (int)Marshal.OffsetOf<MbufSharedInfo>(nameof(MbufSharedInfo.ReferenceCount)));
        Assert.Equal(8, sizeof(MbufTransmitOffload));
        Assert.Equal(IntPtr.Size, Unsafe.SizeOf<Mbuf>());
        Assert.Equal(MbufHeader.Size, MbufHeader.DynamicOffset + MbufHeader.DynamicSize);
    }

    [Fact]
    public void ABurstIsAnArrayOfPointers()
    {
        Span<Mbuf> burst = [Mbuf.FromAddress(0x1000), Mbuf.FromAddress(0x2000)];
        Assert.Equal([0x1000, 0x2000], MemoryMarshal.Cast<Mbuf, nint>(burst).ToArray());
    }

    [Fact]
    public void FlagBitsAreDistinctAndClearOfTheDynamicOnes()
    {
        ulong seen = 0;
        foreach (MbufOffloadFlags flag in Enum.GetValues<MbufOffloadFlags>())
        {
            if (!BitOperations.IsPow2((ulong)flag) || (flag & (MbufOffloadFlags.TransmitL4Mask | MbufOffloadFlags.TransmitTunnelMask)) != 0)
            {
                continue;
            }

            Assert.True(((ulong)flag & seen) == 0, $"{flag} shares a bit");
            Assert.True((flag & MbufOffloadFlags.DynamicMask) == 0, $"{flag} is a dynamic bit");
            seen |= (ulong)flag;
        }

        Assert.Equal(18, BitOperations.PopCount((ulong)MbufOffloadFlags.DynamicMask));
    }

    // Values of RTE_MBUF_F_*, typed from DPDK lib/mbuf/rte_mbuf_core.h.
    [Theory]
    [InlineData(MbufOffloadFlags.ReceiveVlan, 0)]
    [InlineData(MbufOffloadFlags.ReceiveRssHash, 1)]
    [InlineData(MbufOffloadFlags.ReceiveFlowDirector, 2)]
    [InlineData(MbufOffloadFlags.ReceiveL4ChecksumBad, 3)]
    [InlineData(MbufOffloadFlags.ReceiveIPChecksumBad, 4)]
    [InlineData(MbufOffloadFlags.ReceiveOuterIPChecksumBad, 5)]
    [InlineData(MbufOffloadFlags.ReceiveVlanStripped, 6)]
    [InlineData(MbufOffloadFlags.ReceiveIPChecksumGood, 7)]
    [InlineData(MbufOffloadFlags.ReceiveL4ChecksumGood, 8)]
    [InlineData(MbufOffloadFlags.ReceiveQinQStripped, 15)]
    [InlineData(MbufOffloadFlags.ReceiveLro, 16)]
    [InlineData(MbufOffloadFlags.ReceiveSecurityOffload, 18)]
    [InlineData(MbufOffloadFlags.ReceiveSecurityOffloadFailed, 19)]
    [InlineData(MbufOffloadFlags.ReceiveQinQ, 20)]
    [InlineData(MbufOffloadFlags.TransmitOuterUdpChecksum, 41)]
    [InlineData(MbufOffloadFlags.TransmitSecurityOffload, 43)]
    [InlineData(MbufOffloadFlags.TransmitQinQ, 49)]
    [InlineData(MbufOffloadFlags.TransmitTcpSegmentation, 50)]
    [InlineData(MbufOffloadFlags.TransmitIPChecksum, 54)]
    [InlineData(MbufOffloadFlags.TransmitIPv4, 55)]
    [InlineData(MbufOffloadFlags.TransmitIPv6, 56)]
    [InlineData(MbufOffloadFlags.TransmitVlan, 57)]
    [InlineData(MbufOffloadFlags.TransmitOuterIPChecksum, 58)]
    [InlineData(MbufOffloadFlags.TransmitOuterIPv4, 59)]
    [InlineData(MbufOffloadFlags.TransmitOuterIPv6, 60)]
    [InlineData(MbufOffloadFlags.External, 61)]
    [InlineData(MbufOffloadFlags.Indirect, 62)]
    public void FlagsHaveTheirBits(MbufOffloadFlags flag, int bit) => Assert.Equal(1UL << bit, (ulong)flag);

    [Fact]
    public void FlagsHaveNames()
    {
        Assert.Equal("ReceiveRssHash", MbufOffloadFlags.ReceiveRssHash.NameOf());
        Assert.Equal("TransmitUdpChecksum", MbufOffloadFlags.TransmitUdpChecksum.NameOf());
        Assert.Null(((MbufOffloadFlags)(1UL << 63)).NameOf());
        Assert.Null(MbufOffloadFlags.ReceiveL4ChecksumMask.NameOf());
        Assert.Equal(string.Empty, MbufOffloadFlags.None.Describe());
        Assert.Equal(
            ["ReceiveVlan", "TransmitIPv4", "TransmitTunnelGtp", "TransmitUdpChecksum", "bit 23"],
            (MbufOffloadFlags.ReceiveVlan | MbufOffloadFlags.TransmitUdpChecksum | MbufOffloadFlags.TransmitTunnelGtp
                | MbufOffloadFlags.TransmitIPv4 | (MbufOffloadFlags)(1UL << 23)).Describe().Replace("bit ", "bit_").Split(' ')
                .Select(name => name.Replace('_', ' ')).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void TransmitLengthsPackIntoTheirBits()
    {
        // l2_len 0-6, l3_len 7-15, l4_len 16-23, tso_segsz 24-39, outer_l3_len 40-48, outer_l2_len 49-55.
        var packed = MbufTransmitOffload.Pack(14, 20, 32, 1460, 40, 18);
        Assert.Equal(14UL | (20UL << 7) | (32UL << 16) | (1460UL << 24) | (40UL << 40) | (18UL << 49), packed.Value);
        Assert.Equal(
            (14, 20, 32, 1460, 40, 18),
            (packed.L2Length, packed.L3Length, packed.L4Length, packed.TsoSegmentSize, packed.OuterL3Length, packed.OuterL2Length));
        var full = MbufTransmitOffload.Pack(127, 511, 255, 65535, 511, 127);
        Assert.Equal((1UL << 56) - 1, full.Value);
        full.L3Length = 0;
        Assert.Equal((127, 0, 255, 65535), (full.L2Length, full.L3Length, full.L4Length, full.TsoSegmentSize));
        MbufTransmitOffload one = default;
        one.OuterL2Length = 127;
        Assert.Equal(127UL << 49, one.Value);
    }
}
