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
        foreach (TlsRecordTransform made in TlsCases.All(random))
        {
            TlsRecordTransform transform = made with { IvPerPacket = TlsReference.ExplicitLength(made) != 0 };
            using SecuritySession write = bench.Device.Security!.CreateSession(transform);
            using SecuritySession read = bench.Device.Security.CreateSession(TlsCases.Reading(transform));
            for (ulong i = 0; i < 24; i++)
            {
                byte[] fragment = Bench.Random(random, i == 5 ? 16000 : i % 7 == 0 ? random.Next(1, 3000) : random.Next(1, 200));
                byte type = (byte)(i % 2 == 0 ? 23 : 22);
                byte[] iv = Bench.Random(random, TlsReference.ExplicitLength(transform));
                int extra = i % 3 != 0 ? 0 : transform.Version == TlsVersion.Tls13 ? random.Next(300) : transform.CipherSuite
                    is > TlsCipherSuite.AesCcm and < TlsCipherSuite.NullHmacSha1 ? random.Next(15) * 16 : 0;
                int padding = TlsReference.LeastPadding(transform, fragment.Length) + extra;
                byte[] expected = TlsReference.Record(
                    transform, transform.SequenceNumber + i, fragment, type,
                    transform.Version == TlsVersion.Tls13 ? new byte[padding] : TlsReference.Padding(padding), iv);
                CryptoOp op = bench.Op(write, bench.Packet(fragment, i % 2 == 0 ? null : random));
                op.ContentType = type;
                op.PaddingLength = extra;
                iv.CopyTo(op.Iv);
                bool outOfPlace = i % 5 == 4;
                if (outOfPlace)
                {
                    op.Destination = bench.Packet(new byte[i % 11]);
                }

                Assert.Equal(OpStatus.Success, bench.Run(op));
                Assert.Equal(expected, Bench.Bytes(outOfPlace ? op.Destination : op.Source));
                if (outOfPlace)
                {
                    Assert.Equal(fragment, Bench.Bytes(op.Source));
                }

                op.FreeWithBuffers();

                // Read what the definition made, cut anywhere: header, tag and padding may cross segments.
                CryptoOp back = bench.Op(read, bench.Packet(expected, i % 4 == 0 ? null : random));
                if (outOfPlace)
                {
                    back.Destination = bench.Packet([]);
                }

                Assert.Equal(OpStatus.Success, bench.Run(back));
                Assert.Equal(fragment, Bench.Bytes(outOfPlace ? back.Destination : back.Source));
                Assert.Equal(type, back.ContentType);
                back.FreeWithBuffers();
            }

            Assert.Equal(24ul, write.Statistics.PacketCount);
            Assert.Equal(write.Statistics, read.Statistics);
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void ABurstOfAllKindsAndLengthsComesOutInOrder(int width)
    {
        using var bench = new Bench(width);
        var random = new Random(width);
        TlsRecordTransform[] kinds = [.. TlsCases.All(random)];
        SecuritySession[] writers = [.. kinds.Select(bench.Device.Security!.CreateSession)];
        SecuritySession[] readers = [.. kinds.Select(kind => bench.Device.Security!.CreateSession(TlsCases.Reading(kind)))];
        for (int round = 0; round < 20; round++)
        {
            int[] order = [.. Enumerable.Range(0, 80).Select(_ => random.Next(kinds.Length))];
            byte[][] fragments = [.. order.Select(_ => Bench.Random(random, random.Next(1, 1500)))];
            CryptoOp[] ops = new CryptoOp[order.Length];
            for (int i = 0; i < ops.Length; i++)
            {
                ops[i] = bench.Op(writers[order[i]], bench.Packet(fragments[i], random.Next(8) == 0 ? random : null));
                ops[i].ContentType = 23;
            }

            bench.Run(ops);
            foreach (CryptoOp op in ops)
            {
                Assert.Equal(OpStatus.Success, op.Status);
            }

            for (int i = 0; i < ops.Length; i++)
            {
                ops[i].SetSession(readers[order[i]]);
                ops[i].ContentType = 0;
            }

            bench.Run(ops);
            for (int i = 0; i < ops.Length; i++)
            {
                Assert.Equal(OpStatus.Success, ops[i].Status);
                Assert.Equal(23, ops[i].ContentType);
                Assert.Equal(fragments[i], Bench.Bytes(ops[i].Source));
                ops[i].FreeWithBuffers();
            }
        }

        Array.ForEach(writers, session => session.Dispose());
        Array.ForEach(readers, session => session.Dispose());
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

    [Theory]
    [InlineData(TlsVersion.Tls13, TlsCipherSuite.AesGcm)]
    [InlineData(TlsVersion.Tls12, TlsCipherSuite.AesGcm)]
    [InlineData(TlsVersion.Tls12, TlsCipherSuite.AesCbcHmacSha1)]
    [InlineData(TlsVersion.Dtls12, TlsCipherSuite.AesCbcHmacSha256)]
    public void WhatTheStandardsForbidIsRefused(TlsVersion version, TlsCipherSuite suite)
    {
        using var bench = new Bench(512);
        var random = new Random(2);
        bool hides = version == TlsVersion.Tls13, cbc = suite != TlsCipherSuite.AesGcm;
        TlsRecordTransform transform = TlsCases.Make(random, version, suite, 16);
        using SecuritySession write = bench.Device.Security!.CreateSession(transform);
        (int Length, byte Type, int Padding, bool Good)[] cases =
        [
            (0, 23, 0, true),
            (0, 22, 0, false),
            (0, 21, 0, false),
            (5, 0, 0, !hides),
            (5, 20, 0, !hides),
            (16384, 23, 0, true),
            (16385, 23, 0, false),
            (30000, 23, 0, false),
            (16384, 23, 1, cbc),
            (16000, 23, 384, hides),
            (16000, 23, 385, false),
            (100, 23, 1, hides || cbc),
            (100, 23, 224, hides || cbc),
            (100, 23, 255, hides),
            (100, 23, 65535, false),
        ];
        ulong refused = 0;
        foreach ((int length, byte type, int padding, bool good) in cases)
        {
            byte[] data = Bench.Random(random, length);
            CryptoOp op = bench.Op(write, bench.Packet(data, length > 16384 ? random : null));
            op.ContentType = type;
            op.PaddingLength = padding;
            Assert.Equal(good ? OpStatus.Success : OpStatus.InvalidArguments, bench.Run(op));
            refused += good ? 0ul : 1;
            if (!good)
            {
                Assert.Equal(data, Bench.Bytes(op.Source));
            }

            op.FreeWithBuffers();
        }

        Assert.Equal(refused, write.Statistics.MalformedCount);
    }

    [Fact]
    public void InnerPlaintextsWithoutAContentAreRefused()
    {
        using var bench = new Bench(512);
        TlsRecordTransform transform = TlsCases.Make(new Random(4), TlsVersion.Tls13, TlsCipherSuite.AesGcm, 16);
        (byte[] Fragment, byte Type, int Padding)[] cases = [([], 0, 0), ([0, 0, 0], 0, 20), ([], 22, 0), ([], 21, 9), ([1], 20, 0)];
        foreach ((byte[] fragment, byte type, int padding) in cases)
        {
            using SecuritySession read = bench.Device.Security!.CreateSession(TlsCases.Reading(transform));
            byte[] record = TlsReference.Record(transform, transform.SequenceNumber, fragment, type, new byte[padding]);
            CryptoOp op = bench.Op(read, bench.Packet(record));
            Assert.Equal(OpStatus.InvalidArguments, bench.Run(op));
            Assert.Equal(1ul, read.Statistics.MalformedCount);
            Assert.DoesNotContain(Bench.Bytes(op.Source)[5..], b => b != 0);
            op.FreeWithBuffers();
        }
    }

    [Fact]
    public void ShortFragmentsArePaddedToTheMinimum()
    {
        using var bench = new Bench(512);
        var random = new Random(5);
        TlsRecordTransform transform =
            TlsCases.Make(random, TlsVersion.Tls13, TlsCipherSuite.AesGcm, 16) with { FragmentLengthMin = 100 };
        using SecuritySession write = bench.Device.Security!.CreateSession(transform);
        ulong sequence = transform.SequenceNumber;
        foreach (int length in (int[])[0, 1, 99, 100, 101])
        {
            byte[] fragment = Bench.Random(random, length);
            CryptoOp op = bench.Op(write, bench.Packet(fragment));
            op.ContentType = 23;
            Assert.Equal(OpStatus.Success, bench.Run(op));
            Assert.Equal(
                TlsReference.Record(transform, sequence++, fragment, 23, new byte[Math.Max(0, 100 - length)]), Bench.Bytes(op.Source));
            op.FreeWithBuffers();
        }
    }

    [Fact]
    public void RecordsBeyondTheLimitAgreedOnAreNeitherWrittenNorRead()
    {
        using var bench = new Bench(512);
        var random = new Random(15);
        foreach (TlsRecordTransform transform in TlsCases.All(random))
        {
            // The limit of TLS 1.3 holds for the content type too (RFC 8449 4).
            int longest = transform.Version == TlsVersion.Tls13 ? 99 : 100;
            TlsRecordTransform limited = transform with { RecordSizeLimit = 100 };
            using SecuritySession write = bench.Device.Security!.CreateSession(limited);
            using SecuritySession read = bench.Device.Security.CreateSession(TlsCases.Reading(limited));
            ulong sequence = transform.SequenceNumber;
            foreach (int length in (int[])[longest, longest + 1])
            {
                byte[] fragment = Bench.Random(random, length);
                CryptoOp op = bench.Op(write, bench.Packet(fragment));
                op.ContentType = 23;
                Assert.Equal(length == longest ? OpStatus.Success : OpStatus.InvalidArguments, bench.Run(op));
                op.FreeWithBuffers();
                byte[] record = TlsReference.Record(
                    transform, sequence++, fragment, 23, TlsReference.Padding(TlsReference.LeastPadding(transform, length)),
                    TlsReference.BlockLength(transform.CipherSuite) == 0 ? null
                        : Bench.Random(random, TlsReference.BlockLength(transform.CipherSuite)));
                op = bench.Op(read, bench.Packet(record));
                Assert.Equal(length == longest ? OpStatus.Success : OpStatus.InvalidArguments, bench.Run(op));
                op.FreeWithBuffers();
            }
        }
    }

    [Fact]
    public void AnUpdatedSessionUsesNewKeysAndNumbers()
    {
        using var bench = new Bench(512);
        var random = new Random(6);
        TlsRecordTransform old =
            TlsCases.Make(random, TlsVersion.Tls13, TlsCipherSuite.AesGcm, 16) with { HardPacketLimit = 1 };
        TlsRecordTransform updated =
            TlsCases.Make(random, TlsVersion.Tls13, TlsCipherSuite.ChaCha20Poly1305, 32) with { SequenceNumber = 0 };
        using SecuritySession write = bench.Device.Security!.CreateSession(old);
        byte[] fragment = Bench.Random(random, 500);
        CryptoOp op = bench.Op(write, bench.Packet(fragment));
        op.ContentType = 23;
        Assert.Equal(OpStatus.Success, bench.Run(op));
        op.FreeWithBuffers();
        op = bench.Op(write, bench.Packet(fragment));
        op.ContentType = 23;
        Assert.Equal(OpStatus.LifetimeExceeded, bench.Run(op));
        Assert.Equal(fragment, Bench.Bytes(op.Source));
        bench.Device.Security.UpdateSession(write, updated);
        Assert.Equal(OpStatus.Success, bench.Run(op));
        Assert.Equal(TlsReference.Record(updated, 0, fragment, 23, []), Bench.Bytes(op.Source));
        op.FreeWithBuffers();
        Assert.Equal(2ul, write.Statistics.PacketCount);
        Assert.Equal(1ul, write.Statistics.LifetimeCount);
    }

    [Fact]
    public void WithoutRoomThePacketStaysAsItWas()
    {
        using var bench = new Bench(512);
        TlsRecordTransform transform = TlsCases.Make(new Random(7), TlsVersion.Tls12, TlsCipherSuite.AesCbcHmacSha1, 16);
        using SecuritySession write = bench.Device.Security!.CreateSession(transform);
        Mbuf packet = bench.Packet(new byte[100]);
        Assert.True(packet.TryPrepend(packet.Headroom - 4, out _));
        byte[] before = Bench.Bytes(packet);
        CryptoOp op = bench.Op(write, packet);
        op.ContentType = 23;
        Assert.Equal(OpStatus.InvalidArguments, bench.Run(op));
        Assert.Equal(before, Bench.Bytes(packet));
        op.FreeWithBuffers();
    }

    [Fact]
    public void SequenceNumbersEndWithoutStartingOver()
    {
        using var bench = new Bench(512);
        var random = new Random(9);
        foreach (TlsRecordTransform kind in TlsCases.All(random))
        {
            ulong last = kind.Version == TlsVersion.Dtls12 ? (1UL << 48) - 1 : ulong.MaxValue;
            TlsRecordTransform transform = kind with { SequenceNumber = last - 1 };
            using SecuritySession write = bench.Device.Security!.CreateSession(transform);
            CryptoOp[] ops = [.. Enumerable.Range(0, 4).Select(_ => bench.Op(write, bench.Packet([1, 2, 3])))];
            foreach (CryptoOp op in ops)
            {
                CryptoOp one = op;
                one.ContentType = 23;
            }

            bench.Run(ops);
            Assert.Equal(
                [OpStatus.Success, OpStatus.Success, OpStatus.LifetimeExceeded, OpStatus.LifetimeExceeded],
                ops.Select(op => op.Status));
            Assert.Equal(2ul, write.Statistics.LifetimeCount);
            Array.ForEach(ops, op => op.FreeWithBuffers());
        }
    }

    [Fact]
    public void TheSoftLimitIsToldAndTheHardOneHolds()
    {
        using var bench = new Bench(512);
        var random = new Random(10);
        foreach (TlsRecordTransform kind in TlsCases.All(random))
        {
            TlsRecordTransform transform = kind with { SoftPacketLimit = 3, HardPacketLimit = 5 };
            using SecuritySession write = bench.Device.Security!.CreateSession(transform);
            using SecuritySession read = bench.Device.Security.CreateSession(
                TlsCases.Reading(transform) with { ReplayWindow = kind.Version == TlsVersion.Dtls12 ? 64 : 0 });
            CryptoOp[] ops = [.. Enumerable.Range(0, 7).Select(_ => bench.Op(write, bench.Packet([1, 2, 3])))];
            foreach (CryptoOp op in ops)
            {
                CryptoOp one = op;
                one.ContentType = 23;
            }

            bench.Run(ops);
            AssertLimits(ops);
            Array.ForEach(ops[5..], op => op.FreeWithBuffers());

            // The reader counts too, all of them in one burst; of two more it opens none.
            byte[] record = Bench.Bytes(ops[0].Source);
            CryptoOp[] back = [.. ops[..5], bench.Op(read, bench.Packet(record)), bench.Op(read, bench.Packet(record))];
            foreach (CryptoOp op in back)
            {
                op.SetSession(read);
            }

            bench.Run(back);
            AssertLimits(back, kind.Version == TlsVersion.Dtls12);
            Array.ForEach(back, op => op.FreeWithBuffers());
        }
    }

    [Fact]
    public void RandomIvsNeverComeTwice()
    {
        using var bench = new Bench(512);
        TlsRecordTransform transform = TlsCases.Make(new Random(12), TlsVersion.Tls12, TlsCipherSuite.AesCbcHmacSha256, 16);
        using SecuritySession write = bench.Device.Security!.CreateSession(transform);
        var seen = new HashSet<string>();
        for (int i = 0; i < 500; i++)
        {
            CryptoOp op = bench.Op(write, bench.Packet(new byte[20]));
            op.ContentType = 23;
            Assert.Equal(OpStatus.Success, bench.Run(op));
            Assert.True(seen.Add(Convert.ToHexString(Bench.Bytes(op.Source).AsSpan(5, 16))));
            op.FreeWithBuffers();
        }
    }

    [Fact]
    public void ABurstAllocatesNothing()
    {
        using var bench = new Bench(512);
        foreach (TlsRecordTransform kind in TlsCases.All(new Random(13)))
        {
            using SecuritySession write = bench.Device.Security!.CreateSession(kind);
            using SecuritySession read = bench.Device.Security.CreateSession(TlsCases.Reading(kind));
            CryptoOp[] ops = [.. Enumerable.Range(0, 32).Select(_ => bench.Op(write, bench.Packet(new byte[300])))];
            CryptoOp[] back = new CryptoOp[32];
            long allocated = 0;
            for (int round = 0; round < 3; round++)
            {
                foreach (SecuritySession session in (SecuritySession[])[write, read])
                {
                    foreach (CryptoOp op in ops)
                    {
                        CryptoOp one = op;
                        one.SetSession(session);
                        one.ContentType = 23;
                    }

                    long before = GC.GetAllocatedBytesForCurrentThread();
                    bench.Device.EnqueueBurst(0, ops);
                    int done = bench.Device.DequeueBurst(0, back);
                    allocated = GC.GetAllocatedBytesForCurrentThread() - before;
                    Assert.Equal(32, done);
                    Assert.Equal(OpStatus.Success, back[31].Status);
                }
            }

            Assert.Equal(0, allocated);
            Array.ForEach(ops, op => op.FreeWithBuffers());
        }
    }

    // Five done, the last three of them marked, the rest refused.
    private static void AssertLimits(CryptoOp[] ops, bool mayBeReplays = false)
    {
        for (int i = 0; i < ops.Length; i++)
        {
            bool good = i < 5;
            Assert.True(
                good ? ops[i].Status == OpStatus.Success
                    : ops[i].Status == OpStatus.LifetimeExceeded || (mayBeReplays && ops[i].Status == OpStatus.Replayed),
                $"op {i}: {ops[i].Status}");
            Assert.Equal(good && i >= 2, ops[i].Flags == CryptoOpFlags.SoftExpiry);
        }
    }
}
