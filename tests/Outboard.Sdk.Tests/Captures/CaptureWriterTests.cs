using CsCheck;
using Outboard.Captures;

namespace Outboard.Sdk.Tests.Captures;

public sealed class CaptureWriterTests
{
    [Theory]
    [InlineData(CaptureFormat.Pcap, false,
        "d4c3b2a1020004000000000000000000" + "00040000" + "01000000"
        + "02000000" + "01000000" + "03000000" + "09000000" + "aabbcc")]
    [InlineData(CaptureFormat.Pcap, true,
        "a1b2c3d4000200040000000000000000" + "00000400" + "00000001"
        + "00000002" + "00000001" + "00000003" + "00000009" + "aabbcc")]
    [InlineData(CaptureFormat.PcapNanosecond, false,
        "4d3cb2a1020004000000000000000000" + "00040000" + "01000000"
        + "02000000" + "e7030000" + "03000000" + "09000000" + "aabbcc", 2_000_000_999)]
    [InlineData(CaptureFormat.PcapNg, false,
        "0a0d0d0a1c0000004d3c2b1a01000000ffffffffffffffff1c000000"
        + "010000002000000001000000" + "00040000" + "0900010009000000" + "00000000" + "20000000"
        + "06000000" + "24000000" + "00000000" + "00000000" + "e8973577" + "03000000" + "09000000" + "aabbcc00" + "24000000")]
    [InlineData(CaptureFormat.PcapNg, true,
        "0a0d0d0a0000001c1a2b3c4d00010000ffffffffffffffff0000001c"
        + "000000010000002000010000" + "00000400" + "0009000109000000" + "00000000" + "00000020"
        + "00000006" + "00000024" + "00000000" + "00000000" + "773597e8" + "00000003" + "00000009" + "aabbcc00" + "00000024")]
    public void FilesAreTheStandardsBytes(CaptureFormat format, bool bigEndian, string hex, long timestamp = 2_000_001_000)
    {
        byte[] file = CaptureSamples.Write(
            new CaptureWriterOptions { Format = format, BigEndian = bigEndian, SnapLength = 1024 },
            writer => writer.Write(timestamp, [0xAA, 0xBB, 0xCC], 9));
        Assert.Equal(hex, Convert.ToHexStringLower(file));
    }

    [Fact]
    public void WhatIsWrittenReadsBackTheSame()
    {
        Gen<(CaptureFormat, bool, (long, byte[], uint)[])> gen = Gen.Select(
            Gen.Enum<CaptureFormat>(),
            Gen.Bool,
            Gen.Select(Gen.Long[0, 4_000_000_000L * 1_000_000_000], Gen.Byte.Array[0, 300], Gen.UInt).Array[0, 20]);
        gen.Sample((format, bigEndian, frames) =>
        {
            byte[] file = CaptureSamples.Write(
                new CaptureWriterOptions { Format = format, BigEndian = bigEndian, LinkType = LinkType.User0 },
                writer =>
                {
                    foreach ((long timestamp, byte[] data, uint original) in frames)
                    {
                        writer.Write(timestamp, data, original);
                    }
                });
            List<(CaptureRecordHeader Header, byte[] Data)> read = CaptureSamples.ReadAll(file);
            Assert.Equal(frames.Length, read.Count);
            for (int i = 0; i < frames.Length; i++)
            {
                (long timestamp, byte[] data, uint original) = frames[i];
                long kept = format == CaptureFormat.Pcap ? timestamp - (timestamp % 1_000) : timestamp;
                Assert.Equal(new CaptureRecordHeader(kept, data.Length, original, LinkType.User0, 0), read[i].Header);
                Assert.Equal(data, read[i].Data);
            }
        }, seed: "0000KZ5vW_b3", iter: 300);
    }

    [Theory]
    [InlineData(CaptureFormat.Pcap)]
    [InlineData(CaptureFormat.PcapNg)]
    public void PiecesMakeTheSameFileAsTheWhole(CaptureFormat format)
    {
        byte[] data = new byte[CaptureReader.CapturedLengthMax + 5];
        new Random(3).NextBytes(data);
        CaptureWriterOptions options = new() { Format = format };
        byte[] whole = CaptureSamples.Write(options, writer => writer.Write(1_000, data));
        byte[] two = CaptureSamples.Write(
            options, writer => writer.Write(1_000, data.AsSpan(0, 77), data.AsSpan(77), (uint)data.Length));
        byte[] pieces = CaptureSamples.Write(
            options,
            writer =>
            {
                writer.Begin(1_000, data.Length);
                for (int at = 0; at < data.Length; at += 999)
                {
                    writer.Append(data.AsSpan(at, Math.Min(999, data.Length - at)));
                }
                writer.End();
            });
        Assert.Equal(whole, two);
        Assert.Equal(whole, pieces);
        (CaptureRecordHeader header, byte[] read) = Assert.Single(CaptureSamples.ReadAll(whole));
        Assert.Equal((uint)data.Length, header.OriginalLength);
        Assert.Equal(data[..CaptureReader.CapturedLengthMax], read);
    }

    [Fact]
    public void CommentsAndInterfacesComeBack()
    {
        byte[] file = CaptureSamples.Write(
            new CaptureWriterOptions { Comment = "whole", Application = "tests", InterfaceName = "first" },
            writer =>
            {
                Assert.Equal(1, writer.AddInterface(LinkType.Raw, 2, "second"));
                writer.Write(1, "abc"u8, 3, interfaceIndex: 1, comment: "why"u8);
                writer.Write(2, "abc"u8);
            });
        using CaptureReader reader = new(new MemoryStream(file), "memory");
        Assert.True(reader.TryRead(out CaptureRecord record));
        Assert.Equal("why"u8, record.Comment);
        Assert.Equal("ab"u8, record.Data);
        Assert.Equal(LinkType.Raw, record.LinkType);
        Assert.Equal(2, reader.InterfaceCount);
        Assert.True(reader.TryRead(out record));
        Assert.True(record.Comment.IsEmpty);
        Assert.Equal("abc"u8, record.Data);
        Assert.Contains("whole"u8.ToArray(), file);
    }

    [Fact]
    public void CallsOutOfOrderNameWhatIsAllowed()
    {
        using CaptureWriter writer = new(new MemoryStream(), new CaptureWriterOptions { Format = CaptureFormat.Pcap });
        Assert.Contains("Begin", Assert.Throws<InvalidOperationException>(() => writer.Append("a"u8)).Message);
        Assert.Contains("Begin", Assert.Throws<InvalidOperationException>(writer.End).Message);
        writer.Begin(0, 3);
        Assert.Contains("begun already", Assert.Throws<InvalidOperationException>(() => writer.Begin(0, 1)).Message);
        writer.Append("ab"u8);
        Assert.Contains("takes 1 more", Assert.Throws<InvalidOperationException>(() => writer.Append("cd"u8)).Message);
        Assert.Contains("1 bytes", Assert.Throws<InvalidOperationException>(writer.End).Message);
        writer.Append("c"u8);
        writer.End();
        Assert.Throws<InvalidOperationException>(() => writer.AddInterface(LinkType.Raw));
        Assert.Throws<InvalidOperationException>(() => writer.Write(0, "a"u8, 1, 0, "comment"u8));
        Assert.Throws<ArgumentOutOfRangeException>(() => writer.Write(-1, "a"u8));
        Assert.Throws<ArgumentOutOfRangeException>(() => writer.Write(long.MaxValue, "a"u8));
        Assert.Throws<ArgumentOutOfRangeException>(() => writer.Write(0, "a"u8, 1, interfaceIndex: 1));
    }

    [Fact]
    public void OptionsOutOfRangeAreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(
            () => new CaptureWriter(new MemoryStream(), new CaptureWriterOptions { SnapLength = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => new CaptureWriter(new MemoryStream(), new CaptureWriterOptions { SnapLength = 262_145 }));
        Assert.Throws<ArgumentException>(
            () => new CaptureWriter(
                new MemoryStream(), new CaptureWriterOptions { Format = CaptureFormat.Pcap, Comment = "no" }));
        Assert.Throws<ArgumentException>(
            () => new CaptureWriter(new MemoryStream(), new CaptureWriterOptions { Comment = new string('x', 65_536) }));
    }

    [Fact]
    public void WritingAllocatesNothingAFrame()
    {
        byte[] frame = new byte[1_400];
        using CaptureWriter writer = new(Stream.Null, new CaptureWriterOptions());
        long least = long.MaxValue;

        // The first rounds may pay for what the runtime does once (a stub, a tier); a cost of every frame would show in all.
        for (int round = 0; round < 4; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 5_000; i++)
            {
                writer.Write(i, frame, 1_400, 0, "x"u8);
            }
            writer.Flush();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        Assert.Equal(0, least);
        Assert.Equal(20_000, writer.RecordCount);
    }
}
