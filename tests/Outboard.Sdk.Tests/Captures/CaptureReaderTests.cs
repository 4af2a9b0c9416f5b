using Outboard.Captures;

namespace Outboard.Sdk.Tests.Captures;

public sealed class CaptureReaderTests
{
    public static TheoryData<CaptureFormat, bool> Forms => new()
    {
        { CaptureFormat.Pcap, false },
        { CaptureFormat.Pcap, true },
        { CaptureFormat.PcapNanosecond, false },
        { CaptureFormat.PcapNanosecond, true },
        { CaptureFormat.PcapNg, false },
        { CaptureFormat.PcapNg, true },
    };

    [Theory]
    [InlineData("", "the file is empty")]
    [InlineData("474554", "only 3 bytes long")]
    [InlineData("47455420", "begins with 47455420")]
    [InlineData("d4c3b2a102", "the file header needs 24 bytes, the file has 5")]
    [InlineData("d4c3b2a101000400000000000000000000ffff0001000000", "pcap version 1.4")]
    [InlineData("0a0d0d0a1c0000004d3c2b1a00000100ffffffffffffffff1c000000", "pcapng version 0.1")]
    [InlineData("0a0d0d0a1c0000004d3c2b1b01000000ffffffffffffffff1c000000", "byte-order magic")]
    [InlineData("0a0d0d0a1c0000004d3c2b1a01000000ffffffffffffffff1d000000", "ends with length 29")]
    [InlineData("0a0d0d0a1d0000004d3c2b1a01000000ffffffffffffffff1d000000", "type 168627466 and 29 bytes")]
    [InlineData("0a0d0d0a100000004d3c2b1a10000000", "type 168627466 and 16 bytes")]
    public void WhatIsNoCaptureIsRefusedWithTheReason(string hex, string reason)
    {
        CaptureFormatException error = Assert.Throws<CaptureFormatException>(
            () => new CaptureReader(new MemoryStream(Convert.FromHexString(hex)), "x.pcap"));
        Assert.Contains(reason, error.Reason);
        Assert.StartsWith("x.pcap: ", error.Message);
        Assert.DoesNotContain('\n', error.Message);
        Assert.Equal(0, error.Offset);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void EveryPrefixIsReadUpToTheCutAndThenReportedOrEnds(CaptureFormat format, bool bigEndian)
    {
        byte[] whole = CaptureSamples.Mixed(format, bigEndian);
        List<(CaptureRecordHeader Header, byte[] Data)> expected = CaptureSamples.ReadAll(whole);
        int ends = 0;
        for (int length = 0; length < whole.Length; length++)
        {
            int count = 0;
            try
            {
                using CaptureReader reader = new(new MemoryStream(whole[..length]), "prefix");
                while (reader.TryRead(out CaptureRecord record))
                {
                    Assert.Equal(expected[count].Data, record.Data);
                    count++;
                }
                ends++;
            }
            catch (CaptureFormatException error)
            {
                Assert.True(error.IsTruncated || length < 4, $"at {length}: {error.Message}");
                Assert.True(error.Offset <= length);
            }
        }

        // A cut between two records is the end of a shorter capture; pcapng also has one behind each header block.
        Assert.Equal(format == CaptureFormat.PcapNg ? 10 : 9, ends);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void ATruncatedTailIsTheEndWhereTheCallerAllowsIt(CaptureFormat format, bool bigEndian)
    {
        byte[] whole = CaptureSamples.Mixed(format, bigEndian);
        using CaptureReader reader = new(
            new MemoryStream(whole[..^1]), "cut", new CaptureReaderOptions { AllowTruncation = true });
        int count = 0;
        while (reader.TryRead(out CaptureRecord _))
        {
            count++;
        }
        Assert.Equal(8, count);
        Assert.True(reader.IsTruncated);
        Assert.False(reader.TryRead(out CaptureRecord _));
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void AnyByteChangedEitherReadsOrIsRefused(CaptureFormat format, bool bigEndian)
    {
        byte[] whole = CaptureSamples.Mixed(format, bigEndian);
        int refused = 0;
        for (int at = 0; at < whole.Length; at++)
        {
            foreach (byte value in (ReadOnlySpan<byte>)[0x00, 0x01, 0x7F, 0x80, 0xFF])
            {
                byte[] changed = [.. whole];
                changed[at] = value;
                try
                {
                    // A record takes 12 bytes at least, so that more of them than this would mean no progress.
                    Assert.True(CaptureSamples.ReadAll(changed).Count <= whole.Length / 12);
                }
                catch (CaptureFormatException)
                {
                    refused++;
                }
            }
        }
        Assert.True(refused > 0);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void RandomDamageNeverEscapesTheFormatException(CaptureFormat format, bool bigEndian)
    {
        byte[] whole = CaptureSamples.Mixed(format, bigEndian);
        Random random = new(20_26);
        int outcomes = 0;
        for (int round = 0; round < 4_000; round++)
        {
            byte[] changed = [.. whole];
            for (int n = random.Next(1, 12); n > 0; n--)
            {
                changed[random.Next(changed.Length)] = (byte)random.Next(256);
            }
            try
            {
                CaptureSamples.ReadAll(changed[..random.Next(changed.Length + 1)]);
            }
            catch (CaptureFormatException)
            {
            }
            outcomes++;
        }
        Assert.Equal(4_000, outcomes);
    }

    [Fact]
    public void AnErrorStaysTheAnswerOfEveryLaterRead()
    {
        byte[] whole = CaptureSamples.Mixed(CaptureFormat.Pcap, false);
        using CaptureReader reader = new(new MemoryStream(whole[..^1]), "cut");
        for (int i = 0; i < 8; i++)
        {
            Assert.True(reader.TryRead(out CaptureRecord _));
        }
        string first = Assert.Throws<CaptureFormatException>(() => reader.TryRead(out CaptureRecord _)).Message;
        Assert.Equal(first, Assert.Throws<CaptureFormatException>(() => reader.TryRead(out CaptureRecord _)).Message);
        Assert.Contains("truncated capture", first);
        Assert.Equal(8, reader.RecordCount);
    }

    [Fact]
    public void LengthsPastTheLimitAreRefusedAndNotAllocated()
    {
        byte[] pcap = Convert.FromHexString(
            "d4c3b2a1020004000000000000000000ffffffff01000000" + "0000000000000000" + "0100040001000400");
        CaptureFormatException error = Assert.Throws<CaptureFormatException>(() => CaptureSamples.ReadAll(pcap));
        Assert.Contains("262145 bytes; at most 262144", error.Reason);
        Assert.Equal(24, error.Offset);

        byte[] pcapNg = Convert.FromHexString(SectionHeader + "0000ff0004000001");
        error = Assert.Throws<CaptureFormatException>(
            () => CaptureSamples.ReadAll([.. pcapNg, .. new byte[16]]));
        Assert.Contains("12 to 16777216 in steps of 4 are allowed", error.Reason);
    }

    private const string SectionHeader = "0a0d0d0a1c0000004d3c2b1a01000000ffffffffffffffff1c000000";

    [Theory]
    [InlineData("", 1_000_000, 1_000_000_000)]                              // no option: microseconds
    [InlineData("0900010009000000", 1_000_000, 1_000_000)]                  // 10^-9
    [InlineData("0900010003000000", 1_000, 1_000_000_000)]                  // 10^-3
    [InlineData("0900010000000000", 7, 7_000_000_000)]                      // 10^0
    [InlineData("090001000c000000", 1_000_000, 1_000)]                      // 10^-12: a thousandth of the ticks
    [InlineData("090001008a000000", 1_024, 1_000_000_000)]                  // 2^-10
    [InlineData("09000100ff000000", 1_024, 0)]                              // 2^-127
    [InlineData("090001007f000000", 1_024, 0)]                              // 10^-127
    [InlineData("0900010009000000" + "0e0008000200000000000000", 5, 2_000_000_005)] // if_tsoffset 2 s
    [InlineData("0900010009000000" + "0e000800ffffffffffffff7f", 5, long.MaxValue)] // past what a long can say
    public void TimestampsFollowTheInterfacesResolution(string options, long ticks, long nanoseconds)
    {
        byte[] file = [.. Convert.FromHexString(SectionHeader), .. Interface(1, 0, options), .. Packet(0, ticks, "aa")];
        (CaptureRecordHeader header, byte[] data) = Assert.Single(CaptureSamples.ReadAll(file));
        Assert.Equal(nanoseconds, header.Timestamp);
        Assert.Equal(Convert.FromHexString("aa"), data);
    }

    [Fact]
    public void SectionsAndInterfacesKeepTheirOwnLinkTypesAndByteOrder()
    {
        byte[] little = [
            .. Convert.FromHexString(SectionHeader),
            .. Interface(1, 0, ""), .. Interface(228, 3, ""),
            .. Packet(1, 1, "4500"), .. Packet(0, 2, "ff"),
            .. Convert.FromHexString("0300000018000000" + "06000000" + "0102030405060000" + "18000000"),
        ];
        byte[] big = CaptureSamples.Write(
            new CaptureWriterOptions { BigEndian = true, LinkType = LinkType.Raw },
            writer => writer.Write(3, "six"u8));
        byte[] file = [.. little, .. big];
        List<(CaptureRecordHeader Header, byte[] Data)> records = CaptureSamples.ReadAll(file);
        Assert.Equal(
            [LinkType.IPv4, LinkType.Ethernet, LinkType.Ethernet, LinkType.Raw],
            records.Select(record => record.Header.LinkType));
        Assert.Equal([1, 0, 0, 0], records.Select(record => record.Header.InterfaceIndex));
        Assert.Equal("010203040506", Convert.ToHexString(records[2].Data));
        Assert.Equal("six"u8.ToArray(), records[3].Data);
    }

    [Fact]
    public void ObsoletePacketBlocksAreRead()
    {
        byte[] file = [
            .. Convert.FromHexString(SectionHeader), .. Interface(1, 0, ""),
            .. Convert.FromHexString("0200000024000000" + "00000500" + "00000000" + "01000000" + "0300000009000000" + "aabbcc00" + "24000000"),
        ];
        (CaptureRecordHeader header, byte[] data) = Assert.Single(CaptureSamples.ReadAll(file));
        Assert.Equal(new CaptureRecordHeader(1_000, 3, 9, LinkType.Ethernet, 0), header);
        Assert.Equal("AABBCC", Convert.ToHexString(data));
    }

    [Fact]
    public void BlocksNobodyKnowsAreSkippedHoweverLong()
    {
        byte[] unknown = new byte[3 * 1024 * 1024];
        BitConverter.TryWriteBytes(unknown.AsSpan(0), 0x0BADu);
        BitConverter.TryWriteBytes(unknown.AsSpan(4), unknown.Length);
        BitConverter.TryWriteBytes(unknown.AsSpan(unknown.Length - 4), unknown.Length);
        byte[] file = [
            .. Convert.FromHexString(SectionHeader), .. unknown, .. Interface(1, 0, ""), .. unknown, .. Packet(0, 1, "aa"),
        ];
        Assert.Single(CaptureSamples.ReadAll(file));
    }

    [Fact]
    public void APacketOfAnInterfaceNotDescribedIsRefused()
    {
        byte[] file = [.. Convert.FromHexString(SectionHeader), .. Interface(1, 0, ""), .. Packet(1, 1, "aa")];
        CaptureFormatException error = Assert.Throws<CaptureFormatException>(() => CaptureSamples.ReadAll(file));
        Assert.Contains("interface 1; the section describes 1", error.Reason);
    }

    [Fact]
    public void OldMinorVersionsHaveTheirLengthsSwappedBack()
    {
        const string Record = "01000000020000000900000002000000aabb";
        (CaptureRecordHeader header, byte[] data) = Assert.Single(CaptureSamples.ReadAll(Convert.FromHexString(
            "d4c3b2a1020002000000000000000000ffff000001000000" + Record)));
        Assert.Equal(new CaptureRecordHeader(1_000_002_000, 2, 9, LinkType.Ethernet, 0), header);
        Assert.Equal(2, data.Length);
        Assert.Single(CaptureSamples.ReadAll(Convert.FromHexString(
            "d4c3b2a1020003000000000000000000ffff000001000000" + Record)));
    }

    [Fact]
    public void ReadingIntoOwnMemoryCopiesWhatFits()
    {
        byte[] file = CaptureSamples.Write(
            new CaptureWriterOptions { Format = CaptureFormat.Pcap },
            writer =>
            {
                writer.Write(5_000, "abcdef"u8);
                writer.Write(6_000, "gh"u8);
            });
        using CaptureReader reader = new(new MemoryStream(file), "memory");
        byte[] destination = new byte[4];
        Assert.True(reader.TryRead(destination, out CaptureRecordHeader header));
        Assert.Equal("abcd"u8, destination);
        Assert.Equal(6, header.CapturedLength);
        Assert.True(reader.TryRead(destination, out header));
        Assert.Equal("ghcd"u8, destination);
        Assert.False(reader.TryRead(destination, out header));
        Assert.Equal(default, header);
    }

    [Fact]
    public void AStreamThatGivesOneByteAtATimeReadsTheSame()
    {
        byte[] whole = CaptureSamples.Mixed(CaptureFormat.PcapNg, false);
        using CaptureReader slow = new(new DripStream(whole), "drip");
        List<byte[]> frames = [];
        while (slow.TryRead(out CaptureRecord record))
        {
            frames.Add(record.Data.ToArray());
        }
        Assert.Equal(CaptureSamples.ReadAll(whole).Select(record => record.Data), frames);
        Assert.Equal(-1, slow.Length);
        Assert.Equal(whole.Length, slow.Position);
    }

    [Theory]
    [InlineData(CaptureFormat.Pcap)]
    [InlineData(CaptureFormat.PcapNg)]
    public void ReadingAllocatesNothingAFrame(CaptureFormat format)
    {
        byte[] frame = new byte[1_000];
        byte[] file = CaptureSamples.Write(
            new CaptureWriterOptions { Format = format },
            writer =>
            {
                for (int i = 0; i < 5_000; i++)
                {
                    writer.Write(i, frame);
                }
            });
        long sum = 0;
        long least = long.MaxValue;

        // The first rounds may pay for what the runtime does once (a stub, a tier); a cost of every frame would show in all.
        for (int round = 0; round < 4; round++)
        {
            using CaptureReader reader = new(new MemoryStream(file), "memory");
            Assert.True(reader.TryRead(out CaptureRecord record));
            long before = GC.GetAllocatedBytesForCurrentThread();
            while (reader.TryRead(out record))
            {
                sum += record.Data.Length;
            }
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        Assert.Equal(0, least);
        Assert.Equal(4 * 4_999 * 1_000, sum);
    }

    private static byte[] Interface(ushort linkType, uint snapLength, string optionsHex)
    {
        byte[] options = Convert.FromHexString(optionsHex);
        int length = 20 + options.Length;
        return [
            .. BitConverter.GetBytes(1), .. BitConverter.GetBytes(length),
            .. BitConverter.GetBytes((int)linkType), .. BitConverter.GetBytes(snapLength),
            .. options, .. BitConverter.GetBytes(length),
        ];
    }

    private static byte[] Packet(int index, long ticks, string hex)
    {
        byte[] data = Convert.FromHexString(hex);
        int padded = (data.Length + 3) & ~3;
        int length = 32 + padded;
        return [
            .. BitConverter.GetBytes(6), .. BitConverter.GetBytes(length), .. BitConverter.GetBytes(index),
            .. BitConverter.GetBytes((int)(ticks >> 32)), .. BitConverter.GetBytes((int)ticks),
            .. BitConverter.GetBytes(data.Length), .. BitConverter.GetBytes(data.Length),
            .. data, .. new byte[padded - data.Length], .. BitConverter.GetBytes(length),
        ];
    }

    /// <summary>A stream that cannot seek and gives one byte a read.</summary>
    private sealed class DripStream(byte[] data) : MemoryStream(data)
    {
        public override bool CanSeek => false;

        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, 1));
    }
}
