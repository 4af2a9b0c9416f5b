using Outboard.Crypto;
using Outboard.Devices;
using Outboard.Mbufs;
using Outboard.Plugins.Crypto.Tests.Simd;
using Outboard.Security;

namespace Outboard.Plugins.Crypto.Tests.Tls;

/// <summary>Records that are not what was written: none opens, nothing of them is handed out, nothing beside them changes.</summary>
public sealed class TlsRecordDamageTests
{
    private const byte Canary = 0xC5;

    [Fact]
    public void EveryDamageIsNoticedAndNothingIsHandedOut()
    {
        using var bench = new Bench(512);
        var random = new Random(3);
        foreach (TlsRecordTransform transform in TlsCases.All(random))
        {
            byte[] fragment = Bench.Random(random, 40);
            byte[] record = Record(transform, transform.SequenceNumber, fragment, random);
            int header = transform.Version == TlsVersion.Dtls12 ? 13 : 5;
            using SecuritySession read = bench.Device.Security!.CreateSession(TlsCases.Reading(transform));
            ulong tried = 0;
            for (int bit = 0; bit < record.Length * 8; bit++)
            {
                byte[] damaged = [.. record];
                damaged[bit / 8] ^= (byte)(1 << (bit % 8));
                OpStatus status = Open(bench, read, damaged, bit % 2 == 0 ? null : random, header);
                bool length = bit / 8 >= header - 2 && bit / 8 < header, version = bit / 8 is 1 or 2;
                bool epoch = header == 13 && bit / 8 is 3 or 4, type = bit < 8 && transform.Version == TlsVersion.Tls13;
                Assert.Equal(
                    length || version || epoch || type ? OpStatus.InvalidArguments : OpStatus.AuthenticationFailed, status);
                tried += status == OpStatus.AuthenticationFailed ? 1ul : 0;
            }

            Assert.Equal(tried, read.Statistics.AuthenticationFailureCount);
            Assert.Equal(0ul, read.Statistics.PacketCount);

            // A record of TLS that was tried has taken a number; one of DTLS has not.
            ulong next = header == 13 ? transform.SequenceNumber : transform.SequenceNumber + tried;
            CryptoOp good = bench.Op(read, bench.Packet(Record(transform, next, fragment, random)));
            Assert.Equal(OpStatus.Success, bench.Run(good));
            good.FreeWithBuffers();
        }
    }

    [Fact]
    public void EveryTruncationAndExtensionIsRefused()
    {
        using var bench = new Bench(512);
        var random = new Random(33);
        foreach (TlsRecordTransform transform in TlsCases.All(random))
        {
            int header = transform.Version == TlsVersion.Dtls12 ? 13 : 5;
            byte[] record = Record(transform, transform.SequenceNumber, Bench.Random(random, 70), random);
            using SecuritySession read = bench.Device.Security!.CreateSession(TlsCases.Reading(transform));
            for (int length = 0; length < record.Length + 40; length++)
            {
                byte[] other = [.. record.Take(length), .. new byte[Math.Max(0, length - record.Length)]];
                if (length == record.Length)
                {
                    continue;
                }

                Assert.Equal(OpStatus.InvalidArguments, Open(bench, read, other, null, header));

                // With a header that fits it is tried, where it could be a record at all.
                if (length >= header)
                {
                    other[header - 2] = (byte)((length - header) >> 8);
                    other[header - 1] = (byte)(length - header);
                    OpStatus status = Open(bench, read, other, length % 2 == 0 ? random : null, header);
                    Assert.True(status is OpStatus.InvalidArguments or OpStatus.AuthenticationFailed, $"{transform.CipherSuite}: {status}");
                }
            }
        }
    }

    [Theory]
    [InlineData(64)]
    [InlineData(128)]
    [InlineData(256)]
    [InlineData(512)]
    public void NoiseNeverOpensAndStaysInItsPlace(int width)
    {
        using var bench = new Bench(width);
        var random = new Random(34);
        foreach (TlsRecordTransform transform in TlsCases.All(random))
        {
            int header = transform.Version == TlsVersion.Dtls12 ? 13 : 5;
            byte[] start = Record(transform, transform.SequenceNumber, [1], random)[..header];
            using SecuritySession read = bench.Device.Security!.CreateSession(TlsCases.Reading(transform));
            for (int i = 0; i < 60; i++)
            {
                byte[] noise = Bench.Random(random, header + (i < 50 ? random.Next(500) : random.Next(17000)));
                start.CopyTo(noise, 0);
                noise[header - 2] = (byte)((noise.Length - header) >> 8);
                noise[header - 1] = (byte)(noise.Length - header);
                OpStatus status = Open(bench, read, noise, null, header);
                Assert.True(status is OpStatus.InvalidArguments or OpStatus.AuthenticationFailed, $"{transform.CipherSuite}: {status}");
            }
        }
    }

    [Fact]
    public void PaddingAndMacFailAlike()
    {
        using var bench = new Bench(512);
        var random = new Random(35);
        foreach (TlsRecordTransform transform in TlsCases.All(random).Where(t => TlsReference.BlockLength(t.CipherSuite) != 0))
        {
            int block = TlsReference.BlockLength(transform.CipherSuite), mac = TlsReference.MacLength(transform.CipherSuite);
            foreach (int length in (int[])[1, 20, 63, 200, 1000])
            {
                byte[] fragment = Bench.Random(random, length);
                for (int padding = TlsReference.LeastPadding(transform, length); padding <= 256; padding += block)
                {
                    // Whole padding of any length opens; with any byte of it changed, nothing does.
                    byte[] good = TlsReference.Padding(padding);
                    Assert.Equal(OpStatus.Success, Try(bench, transform, fragment, good, random));
                    foreach (int at in (int[])[0, padding / 2, padding - 1])
                    {
                        byte[] bad = [.. good];
                        bad[at] = (byte)(bad[at] == 255 ? 254 : bad[at] + 1);
                        Assert.Equal(OpStatus.AuthenticationFailed, Try(bench, transform, fragment, bad, random));
                    }
                }

                // Padding that says more than there is: of a record that is all padding but for its MAC.
                byte[] claims = TlsReference.Padding(TlsReference.LeastPadding(transform, length));
                claims.AsSpan().Fill((byte)Math.Min(255, length + mac + claims.Length));
                Assert.Equal(OpStatus.AuthenticationFailed, Try(bench, transform, fragment, claims, random));
            }
        }
    }

    private static OpStatus Try(Bench bench, TlsRecordTransform transform, byte[] fragment, byte[] padding, Random random)
    {
        using SecuritySession read = bench.Device.Security!.CreateSession(TlsCases.Reading(transform));
        byte[] iv = Bench.Random(random, TlsReference.BlockLength(transform.CipherSuite));
        byte[] record = TlsReference.Record(transform, transform.SequenceNumber, fragment, 23, padding, iv);
        CryptoOp op = bench.Op(read, bench.Packet(record));
        OpStatus status = bench.Run(op);
        byte[] left = Bench.Bytes(op.Source);
        if (status == OpStatus.Success)
        {
            Assert.Equal(fragment, left);
        }
        else
        {
            Assert.DoesNotContain(left[13..], b => b != 0);
            Assert.Equal(1ul, read.Statistics.AuthenticationFailureCount);
            Assert.Equal(0ul, read.Statistics.MalformedCount);
        }

        op.FreeWithBuffers();
        return status;
    }

    // Opens what should not open, with canaries around it, and sees that only its own bytes changed and none of them is left.
    private static OpStatus Open(Bench bench, SecuritySession read, byte[] bytes, Random? cuts, int header)
    {
        Mbuf packet = bench.Packet(bytes, cuts);
        for (Mbuf segment = packet; !segment.IsNull; segment = segment.Next)
        {
            Around(segment, (_, room) => room.Fill(Canary));
        }

        CryptoOp op = bench.Op(read, packet);
        OpStatus status = bench.Run(op);
        Assert.NotEqual(OpStatus.Success, status);
        Assert.Equal(bytes.Length, packet.PacketLength);
        for (Mbuf segment = packet; !segment.IsNull; segment = segment.Next)
        {
            Around(segment, (_, room) => Assert.Equal(-1, room.IndexOfAnyExcept(Canary)));
        }

        byte[] left = Bench.Bytes(packet);
        if (status == OpStatus.AuthenticationFailed)
        {
            Assert.DoesNotContain(left[header..], b => b != 0);
        }
        else
        {
            Assert.Equal(bytes, left);
        }

        op.FreeWithBuffers();
        return status;
    }

    private static unsafe void Around(Mbuf segment, Look look)
    {
        look(segment, new Span<byte>(segment.BufferPointer, segment.DataOffset));
        look(segment, new Span<byte>(segment.DataPointer + segment.DataLength, segment.Tailroom));
    }

    private static byte[] Record(TlsRecordTransform transform, ulong sequence, byte[] fragment, Random random) =>
        TlsReference.Record(
            transform,
            sequence,
            fragment,
            23,
            transform.Version == TlsVersion.Tls13 ? new byte[3]
                : TlsReference.Padding(TlsReference.LeastPadding(transform, fragment.Length)),
            TlsReference.BlockLength(transform.CipherSuite) == 0 ? null
                : Bench.Random(random, TlsReference.BlockLength(transform.CipherSuite)));

    private delegate void Look(Mbuf segment, Span<byte> room);
}
