using Outboard.Crypto;
using Outboard.Devices;
using Outboard.Plugins.Crypto.Tests.Simd;
using Outboard.Security;

namespace Outboard.Plugins.Crypto.Tests.Pdcp;

/// <summary>Every ciphering with every integrity algorithm, both directions, every sequence number length, at every width.</summary>
public sealed class PdcpCombinationTests
{
    private static readonly (PdcpDomain Domain, int Bits)[] s_bearers =
    [
        (PdcpDomain.UserPlane, 7), (PdcpDomain.UserPlane, 12), (PdcpDomain.UserPlane, 15), (PdcpDomain.UserPlane, 18),
        (PdcpDomain.ControlPlane, 5), (PdcpDomain.ControlPlane, 12),
    ];

    // Nothing, a byte, around a keystream word and block, ordinary, and the longest SDU (TS 38.323 4.3.1).
    private static readonly int[] s_lengths = [0, 1, 2, 3, 4, 5, 15, 16, 17, 40, 63, 64, 65, 200, 1400, 9000];

    public static TheoryData<int> Widths => SimdDevices.Widths;

    [Theory]
    [MemberData(nameof(Widths))]
    public void PdusOfEveryCombinationAreThoseOfTheDefinition(int width)
    {
        using var bench = new Bench(width);
        var random = new Random(width);
        foreach ((PdcpDomain domain, int bits) in s_bearers)
        {
            var sessions = new List<SecuritySession>();
            var ops = new List<CryptoOp>();
            var expected = new List<byte[]>();
            var back = new List<(SecuritySession Receive, uint Hfn, byte[] Sdu)>();
            int place = 0;
            foreach (PdcpTransform transform in Combinations(random, domain, bits))
            {
                // All combinations share bursts, so that a burst mixes algorithms, keys and lengths.
                SecuritySession send = bench.Device.Security!.CreateSession(transform);
                SecuritySession receive = bench.Device.Security.CreateSession(
                    transform with { Operation = SecurityOperation.Unprotect, HeaderInPacket = false });
                sessions.AddRange(send, receive);
                foreach (int length in (int[])[s_lengths[place++ % s_lengths.Length], s_lengths[random.Next(s_lengths.Length - 1)]])
                {
                    byte[] sdu = Bench.Random(random, Math.Max(length, transform.HasSdapHeader ? 1 : 0));
                    uint count = Count(random, bits);
                    byte[] pdu = PdcpModel.Protect(transform, count, sdu);
                    CryptoOp op = bench.Op(send, bench.Packet([.. pdu[..PdcpModel.HeaderLength(bits)], .. sdu], place % 3 == 0 ? random : null));
                    op.Hfn = count >> bits;
                    op.Destination = place % 5 == 0 ? bench.Packet([]) : default;
                    ops.Add(op);
                    expected.Add(pdu);
                    back.Add((receive, count >> bits, sdu));
                }
            }

            RunAll(bench, ops);
            var received = new List<CryptoOp>();
            for (int i = 0; i < ops.Count; i++)
            {
                Assert.Equal(OpStatus.Success, ops[i].Status);
                Assert.Equal(expected[i], Bench.Bytes(ops[i].Destination.IsNull ? ops[i].Source : ops[i].Destination));
                ops[i].FreeWithBuffers();
                CryptoOp op = bench.Op(back[i].Receive, bench.Packet(expected[i], i % 4 == 0 ? random : null));
                op.Hfn = back[i].Hfn;
                op.Destination = i % 7 == 0 ? bench.Packet([]) : default;
                received.Add(op);
            }

            RunAll(bench, received);
            for (int i = 0; i < received.Count; i++)
            {
                Assert.Equal(OpStatus.Success, received[i].Status);
                Assert.Equal(back[i].Sdu, Bench.Bytes(received[i].Destination.IsNull ? received[i].Source : received[i].Destination));
                received[i].FreeWithBuffers();
            }

            sessions.ForEach(session => session.Dispose());
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void AnyBitThatChangesIsSeenByEveryIntegrityAlgorithm(int width)
    {
        using var bench = new Bench(width);
        var random = new Random(width + 1);
        foreach (PdcpTransform transform in Combinations(random, PdcpDomain.UserPlane, 12))
        {
            if (transform.Integrity is PdcpIntegrity.None or PdcpIntegrity.Nia0)
            {
                continue;
            }

            using SecuritySession receive = bench.Device.Security!.CreateSession(
                transform with { Operation = SecurityOperation.Unprotect, HeaderInPacket = false });
            byte[] pdu = PdcpModel.Protect(transform, 5, Bench.Random(random, 30));
            for (int round = 0; round < 12; round++)
            {
                byte[] bad = [.. pdu];
                bad[random.Next(2, bad.Length)] ^= (byte)(1 << random.Next(8));
                CryptoOp op = bench.Op(receive, bench.Packet(bad));
                Assert.Equal(OpStatus.AuthenticationFailed, bench.Run(op));
                Assert.DoesNotContain(Bench.Bytes(op.Source)[2..], one => one != 0);
                op.FreeWithBuffers();
            }

            // The right PDU under another HFN is a wrong one, too.
            CryptoOp late = bench.Op(receive, bench.Packet(pdu));
            late.Hfn = 1;
            Assert.Equal(OpStatus.AuthenticationFailed, bench.Run(late));
            late.FreeWithBuffers();
            Assert.Equal(13ul, receive.Statistics.AuthenticationFailureCount);
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void CountGoesOverTheHfnAndNeverOverItsEnd(int width)
    {
        using var bench = new Bench(width);
        var random = new Random(width + 2);
        foreach ((PdcpDomain domain, int bits) in s_bearers)
        {
            uint last = uint.MaxValue >> bits, top = (1u << bits) - 1;
            foreach ((uint hfn, int sent, int good) in ((uint, int, int)[])[(6, 9, 9), (last, 9, 4)])
            {
                PdcpTransform transform = Combinations(random, domain, bits).ElementAt(random.Next(16)) with
                {
                    HfnPerPacket = false,
                    HeaderInPacket = false,
                    HasSdapHeader = false,
                    Hfn = hfn,
                    SequenceNumber = top - 3,
                    HfnThreshold = hfn == last ? last : 7,
                };
                using SecuritySession send = bench.Device.Security!.CreateSession(transform);
                using SecuritySession receive = bench.Device.Security.CreateSession(transform with { Operation = SecurityOperation.Unprotect });
                uint count = (hfn << bits) | (top - 3);
                for (int i = 0; i < sent; i++, count++)
                {
                    byte[] sdu = Bench.Random(random, 20);
                    CryptoOp op = bench.Op(send, bench.Packet(sdu));
                    if (i >= good)
                    {
                        Assert.Equal(OpStatus.LifetimeExceeded, bench.Run(op));
                        Assert.Equal(sdu, Bench.Bytes(op.Source));
                        op.FreeWithBuffers();
                        continue;
                    }

                    Assert.Equal(OpStatus.Success, bench.Run(op));
                    Assert.Equal(PdcpModel.Protect(transform, count, sdu), Bench.Bytes(op.Source));
                    CryptoOpFlags flags = count >> bits >= transform.HfnThreshold ? CryptoOpFlags.SoftExpiry : CryptoOpFlags.None;
                    Assert.Equal(flags, op.Flags);
                    op.SetSession(receive);
                    Assert.Equal(OpStatus.Success, bench.Run(op));
                    Assert.Equal(sdu, Bench.Bytes(op.Source));
                    Assert.Equal(flags, op.Flags);
                    op.FreeWithBuffers();
                }

                Assert.Equal((ulong)(sent - good), send.Statistics.LifetimeCount);
            }
        }
    }

    [Theory]
    [InlineData(PdcpIntegrity.Nia0)]
    [InlineData(PdcpIntegrity.Nia1)]
    [InlineData(PdcpIntegrity.Nia2)]
    [InlineData(PdcpIntegrity.Nia3)]
    public void ShortMacsAreOfAllOnes(PdcpIntegrity integrity)
    {
        foreach (int width in (int[])[64, 128, 256, 512])
        {
            using var bench = new Bench(width);
            var random = new Random(width);
            byte[] key = integrity == PdcpIntegrity.Nia0 ? [] : Bench.Random(random, 16);
            var transform = new PdcpTransform
            {
                Operation = SecurityOperation.Protect,
                Domain = PdcpDomain.ShortMac,
                Direction = PdcpDirection.Uplink,
                Bearer = 0,
                SequenceNumberBits = 12,
                Cipher = PdcpCipher.Nea0,
                Integrity = integrity,
                IntegrityKey = key,
            };
            using SecuritySession send = bench.Device.Security!.CreateSession(transform);
            using SecuritySession receive = bench.Device.Security.CreateSession(transform with { Operation = SecurityOperation.Unprotect });
            foreach (int length in s_lengths)
            {
                byte[] message = Bench.Random(random, length);
                CryptoOp op = bench.Op(send, bench.Packet(message));
                Assert.Equal(OpStatus.Success, bench.Run(op));
                Assert.Equal([.. message, .. PdcpModel.Code(integrity, key, uint.MaxValue, 31, 1, message)], Bench.Bytes(op.Source));
                op.SetSession(receive);
                Assert.Equal(OpStatus.Success, bench.Run(op));
                Assert.Equal(message, Bench.Bytes(op.Source));
                op.FreeWithBuffers();
            }
        }
    }

    // NEA0 to NEA3 with NIA0 to NIA3 and, on the user plane, without; uplink and downlink; bearers 0 and 31 among them.
    private static IEnumerable<PdcpTransform> Combinations(Random random, PdcpDomain domain, int bits)
    {
        for (int i = 0; i < 4 * 5 * 2; i++)
        {
            var cipher = (PdcpCipher)(i % 4);
            var integrity = (PdcpIntegrity)(i / 4 % 5);
            if (domain == PdcpDomain.ControlPlane && integrity == PdcpIntegrity.None)
            {
                continue;
            }

            yield return new PdcpTransform
            {
                Operation = SecurityOperation.Protect,
                Domain = domain,
                Direction = (PdcpDirection)(i / 20),
                Bearer = (i % 7) switch
                {
                    0 => 0,
                    1 => 31,
                    _ => random.Next(32),
                },
                SequenceNumberBits = bits,
                Cipher = cipher,
                CipherKey = cipher == PdcpCipher.Nea0 ? default : Bench.Random(random, 16),
                Integrity = integrity,
                IntegrityKey = integrity is PdcpIntegrity.None or PdcpIntegrity.Nia0 ? default : Bench.Random(random, 16),
                HfnPerPacket = true,
                HeaderInPacket = true,
                HasSdapHeader = domain == PdcpDomain.UserPlane && i % 3 == 0,
            };
        }
    }

    // 0, the last one, one behind a turn of the sequence number, any.
    private static uint Count(Random random, int bits) => random.Next(6) switch
    {
        0 => 0,
        1 => uint.MaxValue,
        2 => 5u << bits,
        3 => (5u << bits) - 1,
        _ => (uint)random.NextInt64(1L << 32),
    };

    private static void RunAll(Bench bench, List<CryptoOp> ops)
    {
        for (int at = 0; at < ops.Count; at += 64)
        {
            bench.Run([.. ops.Skip(at).Take(64)]);
        }
    }
}
