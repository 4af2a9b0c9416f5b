using System.Buffers.Binary;
using System.Security.Cryptography;
using Outboard.Crypto;
using Outboard.Devices;
using Outboard.Mbufs;
using Outboard.Plugins.Crypto.Tests.Simd;
using Outboard.Plugins.Crypto.Tests.Vectors;
using Outboard.Security;

namespace Outboard.Plugins.Crypto.Tests.Tls;

public sealed class TlsRecordSessionTests
{
    public static TheoryData<int> Widths => SimdDevices.Widths;

    [Theory]
    [MemberData(nameof(Widths))]
    public void RecordsAreThoseOfTheDefinition(int width)
    {
        using var bench = new Bench(width);
        var random = new Random(8446);
        foreach (int keyLength in (int[])[16, 32])
        {
            TlsRecordTransform transform = Transform(random, keyLength) with { SequenceNumber = 0xFFFFFFFE };
            using SecuritySession write = bench.Device.Security!.CreateSession(transform);
            using SecuritySession read = bench.Device.Security.CreateSession(transform with { Operation = SecurityOperation.Unprotect });
            for (ulong number = 0; number < 150; number++)
            {
                byte[] fragment = Bench.Random(random, number % 7 == 0 ? random.Next(1, 16384) : random.Next(1, 200));
                int padding = number % 3 == 0 ? random.Next(0, Math.Min(300, 16385 - 1 - fragment.Length)) : 0;
                byte type = (byte)(number % 2 == 0 ? 23 : 22);
                byte[] expected = Reference(transform, transform.SequenceNumber + number, fragment, type, padding);
                CryptoOp op = bench.Op(write, bench.Packet(fragment, number % 2 == 0 ? null : random));
                op.ContentType = type;
                op.PaddingLength = padding;
                bool outOfPlace = number % 5 == 4;
                if (outOfPlace)
                {
                    op.Destination = bench.Packet(new byte[number % 11]);
                }

                Assert.Equal(OpStatus.Success, bench.Run(op));
                Assert.Equal(expected, Bench.Bytes(outOfPlace ? op.Destination : op.Source));
                if (outOfPlace)
                {
                    Assert.Equal(fragment, Bench.Bytes(op.Source));
                }

                op.FreeWithBuffers();

                // Read what the definition made, cut anywhere: header, tag and padding may cross segments.
                CryptoOp back = bench.Op(read, bench.Packet(expected, number % 4 == 0 ? null : random));
                if (outOfPlace)
                {
                    back.Destination = bench.Packet([]);
                }

                Assert.Equal(OpStatus.Success, bench.Run(back));
                Assert.Equal(fragment, Bench.Bytes(outOfPlace ? back.Destination : back.Source));
                Assert.Equal(type, back.ContentType);
                back.FreeWithBuffers();
            }

            Assert.Equal(150ul, write.Statistics.PacketCount);
            Assert.Equal(write.Statistics.ByteCount, read.Statistics.ByteCount);
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void TheRecordOfRfc8448ComesOutAsItStandsThere(int width)
    {
        using var bench = new Bench(width);
        foreach (KnownAnswer answer in KnownAnswers.Read("tls13-record.txt"))
        {
            var transform = new TlsRecordTransform
            {
                Operation = SecurityOperation.Protect,
                Version = TlsVersion.Tls13,
                CipherSuite = TlsCipherSuite.AesGcm,
                Key = answer.Bytes("key"),
                Iv = answer.Bytes("iv"),
            };
            using SecuritySession session = bench.Device.Security!.CreateSession(transform);
            CryptoOp op = bench.Op(session, bench.Packet(answer.Bytes("plaintext")));
            op.ContentType = answer.Bytes("type")[0];
            Assert.Equal(OpStatus.Success, bench.Run(op));
            Assert.Equal(answer.Bytes("record"), Bench.Bytes(op.Source));
            op.FreeWithBuffers();
        }
    }

    [Fact]
    public void WhatTheStandardForbidsIsRefused()
    {
        using var bench = new Bench(512);
        var random = new Random(2);
        TlsRecordTransform transform = Transform(random, 16);
        using SecuritySession write = bench.Device.Security!.CreateSession(transform);
        (int Length, byte Type, int Padding, OpStatus Status)[] cases =
        [
            (0, 23, 0, OpStatus.Success),
            (0, 22, 0, OpStatus.InvalidArguments),
            (0, 21, 0, OpStatus.InvalidArguments),
            (5, 0, 0, OpStatus.InvalidArguments),
            (5, 20, 0, OpStatus.InvalidArguments),
            (16384, 23, 0, OpStatus.Success),
            (16384, 23, 1, OpStatus.InvalidArguments),
            (16385, 23, 0, OpStatus.InvalidArguments),
            (16000, 23, 384, OpStatus.Success),
            (16000, 23, 385, OpStatus.InvalidArguments),
        ];
        ulong refused = 0;
        foreach ((int length, byte type, int padding, OpStatus status) in cases)
        {
            byte[] data = Bench.Random(random, length);
            CryptoOp op = bench.Op(write, bench.Packet(data));
            op.ContentType = type;
            op.PaddingLength = padding;
            Assert.Equal(status, bench.Run(op));
            refused += status == OpStatus.Success ? 0ul : 1;
            if (status != OpStatus.Success)
            {
                Assert.Equal(data, Bench.Bytes(op.Source));
            }

            op.FreeWithBuffers();
        }

        Assert.Equal(refused, write.Statistics.MalformedCount);
    }

    [Fact]
    public void EveryDamageIsNoticedAndNothingIsHandedOut()
    {
        using var bench = new Bench(512);
        var random = new Random(3);
        TlsRecordTransform transform = Transform(random, 32);
        byte[] fragment = Bench.Random(random, 40);
        byte[] record = Reference(transform, 0, fragment, 23, 3);
        for (int bit = 0; bit < record.Length * 8; bit++)
        {
            using SecuritySession read = bench.Device.Security!.CreateSession(transform with { Operation = SecurityOperation.Unprotect });
            byte[] damaged = [.. record];
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            CryptoOp op = bench.Op(read, bench.Packet(damaged, bit % 2 == 0 ? null : random));
            OpStatus status = bench.Run(op);
            Assert.Equal(bit < 40 ? OpStatus.InvalidArguments : OpStatus.AuthenticationFailed, status);
            if (bit >= 40)
            {
                Assert.DoesNotContain(Bench.Bytes(op.Source)[5..(record.Length - 16)], b => b != 0);
            }

            op.FreeWithBuffers();

            // A record that was read has used its number; one that was none has not (RFC 8446 5.3).
            CryptoOp good = bench.Op(read, bench.Packet(Reference(transform, bit < 40 ? 0ul : 1ul, fragment, 23, 3)));
            Assert.Equal(OpStatus.Success, bench.Run(good));
            good.FreeWithBuffers();
        }
    }

    [Fact]
    public void InnerPlaintextsWithoutAContentAreRefused()
    {
        using var bench = new Bench(512);
        var random = new Random(4);
        TlsRecordTransform transform = Transform(random, 16);
        (byte[] Fragment, byte Type, int Padding)[] cases = [([], 0, 0), ([0, 0, 0], 0, 20), ([], 22, 0), ([], 21, 9), ([1], 20, 0)];
        foreach ((byte[] fragment, byte type, int padding) in cases)
        {
            using SecuritySession read = bench.Device.Security!.CreateSession(transform with { Operation = SecurityOperation.Unprotect });
            CryptoOp op = bench.Op(read, bench.Packet(Reference(transform, 0, fragment, type, padding)));
            Assert.Equal(OpStatus.InvalidArguments, bench.Run(op));
            Assert.Equal(1ul, read.Statistics.MalformedCount);
            op.FreeWithBuffers();
        }
    }

    [Fact]
    public void ShortFragmentsArePaddedToTheMinimum()
    {
        using var bench = new Bench(512);
        var random = new Random(5);
        TlsRecordTransform transform = Transform(random, 16) with { FragmentLengthMin = 100 };
        using SecuritySession write = bench.Device.Security!.CreateSession(transform);
        ulong sequence = 0;
        foreach (int length in (int[])[0, 1, 99, 100, 101])
        {
            byte[] fragment = Bench.Random(random, length);
            CryptoOp op = bench.Op(write, bench.Packet(fragment));
            op.ContentType = 23;
            Assert.Equal(OpStatus.Success, bench.Run(op));
            Assert.Equal(Reference(transform, sequence++, fragment, 23, Math.Max(0, 100 - length)), Bench.Bytes(op.Source));
            op.FreeWithBuffers();
        }
    }

    [Fact]
    public void AnUpdatedSessionUsesNewKeysAndNumbers()
    {
        using var bench = new Bench(512);
        var random = new Random(6);
        TlsRecordTransform old = Transform(random, 16) with { HardPacketLimit = 1 };
        TlsRecordTransform updated = Transform(random, 32) with { SequenceNumber = 77 };
        using SecuritySession write = bench.Device.Security!.CreateSession(old);
        byte[] fragment = Bench.Random(random, 500);
        CryptoOp op = bench.Op(write, bench.Packet(fragment));
        op.ContentType = 23;
        Assert.Equal(OpStatus.Success, bench.Run(op));
        op.FreeWithBuffers();
        bench.Device.Security.UpdateSession(write, updated);
        op = bench.Op(write, bench.Packet(fragment));
        op.ContentType = 23;
        Assert.Equal(OpStatus.Success, bench.Run(op));
        Assert.Equal(Reference(updated, 77, fragment, 23, 0), Bench.Bytes(op.Source));
        op.FreeWithBuffers();
    }

    [Fact]
    public void WithoutRoomThePacketStaysAsItWas()
    {
        using var bench = new Bench(512);
        using SecuritySession write = bench.Device.Security!.CreateSession(Transform(new Random(7), 16));
        Mbuf packet = bench.Packet(new byte[100]);
        Assert.True(packet.TryPrepend(packet.Headroom - 4, out _));
        byte[] before = Bench.Bytes(packet);
        CryptoOp op = bench.Op(write, packet);
        op.ContentType = 23;
        Assert.Equal(OpStatus.InvalidArguments, bench.Run(op));
        Assert.Equal(before, Bench.Bytes(packet));
        op.FreeWithBuffers();
    }

    internal static byte[] Reference(TlsRecordTransform transform, ulong sequence, byte[] fragment, byte type, int padding)
    {
        byte[] inner = [.. fragment, type, .. new byte[padding]];
        byte[] nonce = transform.Iv.ToArray();
        byte[] number = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(number, sequence);
        for (int i = 0; i < 8; i++)
        {
            nonce[4 + i] ^= number[i];
        }

        int length = inner.Length + 16;
        byte[] header = [23, 3, 3, (byte)(length >> 8), (byte)length];
        byte[] ciphertext = new byte[inner.Length], tag = new byte[16];
        using var gcm = new AesGcm(transform.Key.Span, 16);
        gcm.Encrypt(nonce, inner, ciphertext, tag, header);
        return [.. header, .. ciphertext, .. tag];
    }

    private static TlsRecordTransform Transform(Random random, int keyLength) => new()
    {
        Operation = SecurityOperation.Protect,
        Version = TlsVersion.Tls13,
        CipherSuite = TlsCipherSuite.AesGcm,
        Key = Bench.Random(random, keyLength),
        Iv = Bench.Random(random, 12),
    };
}
