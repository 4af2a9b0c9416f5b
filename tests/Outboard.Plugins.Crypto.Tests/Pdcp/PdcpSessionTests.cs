using Outboard.Crypto;
using Outboard.Devices;
using Outboard.Plugins.Crypto.Tests.Simd;
using Outboard.Security;

namespace Outboard.Plugins.Crypto.Tests.Pdcp;

public sealed class PdcpSessionTests
{
    public static TheoryData<int> Widths => SimdDevices.Widths;

    [Theory]
    [MemberData(nameof(Widths))]
    public void PdusAreThoseOfTheDefinition(int width)
    {
        using var bench = new Bench(width);
        var random = new Random(38323);
        foreach ((PdcpDomain domain, int bits) in ((PdcpDomain, int)[])
            [(PdcpDomain.UserPlane, 7), (PdcpDomain.UserPlane, 12), (PdcpDomain.UserPlane, 15), (PdcpDomain.UserPlane, 18),
                (PdcpDomain.ControlPlane, 5), (PdcpDomain.ControlPlane, 12)])
        {
            for (int variant = 0; variant < 20; variant++)
            {
                PdcpTransform transform = Transform(random, domain, bits, variant);
                if (domain == PdcpDomain.ControlPlane && transform.Integrity == PdcpIntegrity.None)
                {
                    continue;
                }

                RunBothWays(bench, random, transform);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void ReceivedPdusFindTheirCountInAnyOrderWithinTheWindow(int width)
    {
        using var bench = new Bench(width);
        var random = new Random(5);
        foreach (bool sameBurst in (bool[])[false, true])
        {
            foreach (int bits in (int[])[7, 12])
            {
                PdcpTransform transform = Transform(random, PdcpDomain.UserPlane, bits, 13) with { Hfn = 9, SequenceNumber = 0 };
                using SecuritySession receive = bench.Device.Security!.CreateSession(
                    transform with { Operation = SecurityOperation.Unprotect });

                // Disordered by up to a quarter of the window, over more than two turns of the sequence number.
                uint[] order = [.. Enumerable.Range(0, (1 << bits) * 2 + 40).Select(i => (uint)i)];
                int quarter = 1 << (bits - 3);
                for (int i = 0; i + quarter < order.Length; i += quarter)
                {
                    random.Shuffle(order.AsSpan(i, quarter));
                }

                uint start = 9u << bits;
                for (int at = 0; at < order.Length;)
                {
                    int run = sameBurst ? Math.Min(order.Length - at, random.Next(1, 50)) : 1;
                    var ops = new CryptoOp[run];
                    var sdus = new byte[run][];
                    for (int i = 0; i < run; i++)
                    {
                        sdus[i] = Bench.Random(random, random.Next(1, 90));
                        ops[i] = bench.Op(receive, bench.Packet(PdcpModel.Protect(transform, start + order[at + i], sdus[i])));
                    }

                    bench.Run(ops);
                    for (int i = 0; i < run; i++)
                    {
                        Assert.Equal(OpStatus.Success, ops[i].Status);
                        Assert.Equal(sdus[i], Bench.Bytes(ops[i].Source));
                        ops[i].FreeWithBuffers();
                    }

                    at += run;
                }
            }
        }
    }

    [Fact]
    public void AForgedPduMovesNothingAndLeavesZeros()
    {
        using var bench = new Bench(512);
        var random = new Random(6);
        PdcpTransform transform = Transform(random, PdcpDomain.UserPlane, 12, 13) with { SequenceNumber = 0, HasSdapHeader = false };
        using SecuritySession receive = bench.Device.Security!.CreateSession(transform with { Operation = SecurityOperation.Unprotect });
        byte[] sdu = Bench.Random(random, 100);
        uint start = transform.Hfn << 12;

        // Far ahead, forged: were it believed, the next PDU would be taken to be of the next HFN.
        byte[] forged = PdcpModel.Protect(transform, start + 2000, sdu);
        forged[^1] ^= 1;
        var ops = new CryptoOp[] { bench.Op(receive, bench.Packet(forged)), bench.Op(receive, bench.Packet(PdcpModel.Protect(transform, start, sdu))) };
        bench.Run(ops);
        Assert.Equal(OpStatus.AuthenticationFailed, ops[0].Status);
        Assert.DoesNotContain(Bench.Bytes(ops[0].Source)[2..], b => b != 0);
        Assert.Equal(OpStatus.Success, ops[1].Status);
        Assert.Equal(sdu, Bench.Bytes(ops[1].Source));
        Assert.Equal(1ul, receive.Statistics.AuthenticationFailureCount);
        Assert.Equal(1ul, receive.Statistics.PacketCount);
        ops[0].FreeWithBuffers();
        ops[1].FreeWithBuffers();
    }

    [Fact]
    public void TheHfnComesFromThePacketWhereTheSessionSaysSo()
    {
        using var bench = new Bench(512);
        var random = new Random(7);
        PdcpTransform transform = Transform(random, PdcpDomain.UserPlane, 18, 13) with { HfnPerPacket = true, HeaderInPacket = true };
        using SecuritySession send = bench.Device.Security!.CreateSession(transform);
        using SecuritySession receive = bench.Device.Security.CreateSession(transform with { Operation = SecurityOperation.Unprotect });
        foreach (uint hfn in (uint[])[0, 5, 4, 16383])
        {
            uint count = (hfn << 18) | (uint)random.Next(1 << 18);
            byte[] sdu = Bench.Random(random, 60);
            byte[] pdu = PdcpModel.Protect(transform, count, sdu);
            CryptoOp op = bench.Op(send, bench.Packet((byte[])[.. pdu[..3], .. sdu]));
            op.Hfn = hfn;
            Assert.Equal(OpStatus.Success, bench.Run(op));
            Assert.Equal(pdu, Bench.Bytes(op.Source));
            op.SetSession(receive);
            Assert.Equal(OpStatus.Success, bench.Run(op));
            Assert.Equal((byte[])[.. pdu[..3], .. sdu], Bench.Bytes(op.Source));
            op.FreeWithBuffers();
        }

        CryptoOp beyond = bench.Op(send, bench.Packet(new byte[10]));
        beyond.Hfn = 16384;
        Assert.Equal(OpStatus.InvalidArguments, bench.Run(beyond));
        beyond.FreeWithBuffers();
    }

    [Fact]
    public void ControlPdusAndShortPacketsAreRefused()
    {
        using var bench = new Bench(512);
        PdcpTransform transform = Transform(new Random(8), PdcpDomain.UserPlane, 12, 13) with { HasSdapHeader = false };
        using SecuritySession receive = bench.Device.Security!.CreateSession(transform with { Operation = SecurityOperation.Unprotect });
        foreach (byte[] packet in (byte[][])[[], [0x80], [0x80, 0, 1, 2, 3], [0x00, 1, 2, 3, 4, 5, 6, 7]])
        {
            CryptoOp op = bench.Op(receive, bench.Packet(packet));
            Assert.Equal(OpStatus.InvalidArguments, bench.Run(op));
            Assert.Equal(packet, Bench.Bytes(op.Source));
            op.FreeWithBuffers();
        }

        Assert.Equal(4ul, receive.Statistics.MalformedCount);
    }

    [Fact]
    public void TheShortMacCoversTheMessageWithAllOnes()
    {
        using var bench = new Bench(512);
        byte[] key = Bench.Random(new Random(9), 16);
        var transform = new PdcpTransform
        {
            Operation = SecurityOperation.Protect,
            Domain = PdcpDomain.ShortMac,
            Direction = PdcpDirection.Uplink,
            Bearer = 0,
            SequenceNumberBits = 12,
            Cipher = PdcpCipher.Nea0,
            Integrity = PdcpIntegrity.Nia2,
            IntegrityKey = key,
        };
        using SecuritySession send = bench.Device.Security!.CreateSession(transform);
        using SecuritySession receive = bench.Device.Security.CreateSession(transform with { Operation = SecurityOperation.Unprotect });
        byte[] message = Bench.Random(new Random(10), 8);
        CryptoOp op = bench.Op(send, bench.Packet(message));
        Assert.Equal(OpStatus.Success, bench.Run(op));
        Assert.Equal((byte[])[.. message, .. PdcpModel.Code(PdcpIntegrity.Nia2, key, uint.MaxValue, 31, 1, message)], Bench.Bytes(op.Source));
        op.SetSession(receive);
        Assert.Equal(OpStatus.Success, bench.Run(op));
        Assert.Equal(message, Bench.Bytes(op.Source));
        op.FreeWithBuffers();
    }

    private static void RunBothWays(Bench bench, Random random, PdcpTransform transform)
    {
        using SecuritySession send = bench.Device.Security!.CreateSession(transform);
        using SecuritySession receive = bench.Device.Security.CreateSession(transform with { Operation = SecurityOperation.Unprotect });
        uint count = (transform.Hfn << transform.SequenceNumberBits) | transform.SequenceNumber;
        int header = transform.HeaderInPacket ? PdcpModel.HeaderLength(transform.SequenceNumberBits) : 0;
        for (int round = 0; round < 2; round++)
        {
            var ops = new CryptoOp[random.Next(1, 40)];
            var inputs = new byte[ops.Length][];
            var expected = new byte[ops.Length][];
            for (int i = 0; i < ops.Length; i++, count++)
            {
                byte[] sdu = Bench.Random(random, random.Next(1, i % 8 == 0 ? 2000 : 120));
                expected[i] = PdcpModel.Protect(transform, count, sdu);
                inputs[i] = [.. expected[i][..header], .. sdu];
                ops[i] = bench.Op(send, bench.Packet(inputs[i], i % 3 == 0 ? random : null));
                if (i % 7 == 6)
                {
                    ops[i].Destination = bench.Packet([]);
                }
            }

            bench.Run(ops);
            for (int i = 0; i < ops.Length; i++)
            {
                Assert.Equal(OpStatus.Success, ops[i].Status);
                Assert.Equal(expected[i], Bench.Bytes(ops[i].Destination.IsNull ? ops[i].Source : ops[i].Destination));
                ops[i].FreeWithBuffers();
                ops[i] = bench.Op(receive, bench.Packet(expected[i], i % 4 == 0 ? random : null));
            }

            bench.Run(ops);
            for (int i = 0; i < ops.Length; i++)
            {
                Assert.Equal(OpStatus.Success, ops[i].Status);
                Assert.Equal(inputs[i], Bench.Bytes(ops[i].Source));
                ops[i].FreeWithBuffers();
            }
        }
    }

    private static PdcpTransform Transform(Random random, PdcpDomain domain, int bits, int variant)
    {
        var cipher = (PdcpCipher)(variant % 4);
        var integrity = (PdcpIntegrity)(variant % 5);
        return new PdcpTransform
        {
            Operation = SecurityOperation.Protect,
            Domain = domain,
            Direction = variant % 3 == 0 ? PdcpDirection.Uplink : PdcpDirection.Downlink,
            Bearer = random.Next(32),
            SequenceNumberBits = bits,
            Cipher = cipher,
            CipherKey = cipher == PdcpCipher.Nea0 ? default : Bench.Random(random, 16),
            Integrity = integrity,
            IntegrityKey = integrity is PdcpIntegrity.None or PdcpIntegrity.Nia0 ? default : Bench.Random(random, 16),
            Hfn = 3,
            SequenceNumber = variant % 3 == 0 ? 0u : (1u << bits) - 10,
            HasSdapHeader = domain == PdcpDomain.UserPlane && variant % 7 == 2,
            HeaderInPacket = variant % 6 == 3,
        };
    }
}
