using Outboard.Cli.Inspect;
using Outboard.Mbufs;

namespace Outboard.Cli.Tests.Inspect;

public sealed class EnvelopeTests
{
    public static TheoryData<string> Kinds => ["tls", "pdcp"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void RecordComesOutOfItsFrameAsItWentIn(string kind)
    {
        Envelope writer = Create(kind);
        Envelope reader = Create(kind);
        using var mbufs = new MbufPool(new MbufPoolOptions { Count = 15, CacheSize = 0 });
        var random = new Random(5);
        for (int length = 1; length < 600; length += 37)
        {
            byte[] record = new byte[length];
            random.NextBytes(record);
            Assert.True(mbufs.TryAlloc(out Mbuf mbuf));
            mbuf.TryAppend(length, out Span<byte> room);
            record.CopyTo(room);

            Assert.True(writer.TryWrap(mbuf, withOffload: false));
            Assert.True(reader.TryUnwrap(mbuf.Data, out Range range));

            Assert.Equal(record, mbuf.Data[range].ToArray());
            Assert.Equal(writer.HeaderLength + length, mbuf.PacketLength);
            AssertChecksums(mbuf.Data, kind == "tls" ? 6 : 17);
            mbuf.Free();
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void OtherFramesAreNotTakenForOurs(string kind)
    {
        Envelope envelope = Create(kind);
        var random = new Random(6);
        using var mbufs = new MbufPool(new MbufPoolOptions { Count = 15, CacheSize = 0 });
        Assert.True(mbufs.TryAlloc(out Mbuf mbuf));
        mbuf.TryAppend(50, out _);
        Assert.True(envelope.TryWrap(mbuf, withOffload: false));
        for (int length = 0; length < mbuf.DataLength; length++)
        {
            Assert.False(envelope.TryUnwrap(mbuf.Data[..length], out _));
        }

        for (int i = 0; i < 1000; i++)
        {
            byte[] frame = new byte[random.Next(200)];
            random.NextBytes(frame);
            Assert.False(envelope.TryUnwrap(frame, out _));
        }

        mbuf.Free();
    }

    private static Envelope Create(string kind) => kind == "tls" ? new TlsEnvelope() : new PdcpEnvelope();

    // A sum over everything that the checksum covers, itself included, is all ones (RFC 1071).
    private static void AssertChecksums(ReadOnlySpan<byte> frame, int protocol)
    {
        Assert.Equal(0xFFFF, Sum(frame[14..34], 0));
        uint pseudo = (uint)(protocol + frame.Length - 34);
        Assert.Equal(0xFFFF, Sum(frame[34..], (uint)(Sum(frame[26..34], 0) + pseudo)));
    }

    private static int Sum(ReadOnlySpan<byte> data, uint sum)
    {
        for (int i = 0; i < data.Length; i++)
        {
            sum += (uint)(data[i] << (i % 2 == 0 ? 8 : 0));
        }

        while (sum >> 16 != 0)
        {
            sum = (sum & 0xFFFF) + (sum >> 16);
        }

        return (int)sum;
    }
}
