using Outboard.Crypto;
using Outboard.Devices;
using Outboard.Security;

namespace Outboard.Plugins.Crypto.Tests.Simd;

/// <summary>Packets from outside: whatever they hold, an op ends with a status and every width says the same.</summary>
public sealed class FuzzTests
{
    [Fact]
    public void HostilePacketsEndWithTheSameStatusAtEveryWidth()
    {
        int[] widths = [64, 128, 256, 512];
        Bench[] benches = [.. widths.Select(width => new Bench(width))];
        var seed = new Random(77);
        byte[] key = Bench.Random(seed, 16), iv = Bench.Random(seed, 12);
        SecurityTransform[] transforms =
        [
            new TlsRecordTransform
            {
                Operation = SecurityOperation.Unprotect,
                Version = TlsVersion.Tls13,
                CipherSuite = TlsCipherSuite.AesGcm,
                Key = key,
                Iv = iv,
            },
            Pdcp(12, PdcpIntegrity.Nia2, key, sdap: true),
            Pdcp(18, PdcpIntegrity.Nia0, key, sdap: false),
            Pdcp(7, PdcpIntegrity.None, key, sdap: false),
        ];
        SecuritySession[][] sessions =
            [.. benches.Select(bench => transforms.Select(transform => bench.Device.Security!.CreateSession(transform)).ToArray())];
        for (int round = 0; round < 4000; round++)
        {
            byte[] packet = Bench.Random(seed, seed.Next(round % 3 == 0 ? 12 : 120));
            int which = seed.Next(transforms.Length);
            if (which == 0 && packet.Length > 5 && round % 2 == 0)
            {
                // A header that holds, so that the cipher is reached.
                (packet[0], packet[1], packet[2], packet[3], packet[4]) = (23, 3, 3, 0, (byte)(packet.Length - 5));
            }

            OpStatus? first = null;
            byte[]? left = null;
            for (int w = 0; w < widths.Length; w++)
            {
                CryptoOp op = benches[w].Op(sessions[w][which], benches[w].Packet(packet, new Random(round)));
                OpStatus status = benches[w].Run(op);
                byte[] bytes = Bench.Bytes(op.Source);
                first ??= status;
                left ??= bytes;
                Assert.Equal(first, status);
                Assert.Equal(left, bytes);
                op.FreeWithBuffers();
            }
        }

        foreach (Bench bench in benches)
        {
            bench.Dispose();
        }
    }

    [Fact]
    public void RandomWorkGivesTheSameBytesAtEveryWidth()
    {
        int[] widths = [64, 128, 256, 512];
        Bench[] benches = [.. widths.Select(width => new Bench(width))];
        var seed = new Random(78);
        for (int round = 0; round < 400; round++)
        {
            byte[] key = Bench.Random(seed, 16 + (8 * seed.Next(3)));
            CryptoTransform transform = seed.Next(5) switch
            {
                0 => new CipherTransform(CipherAlgorithm.AesCtr, CipherOperation.Encrypt, key, seed.Next(2) == 0 ? 12 : 16),
                1 => new AuthTransform(AuthAlgorithm.AesCmac, AuthOperation.Generate, key, 0, seed.Next(4, 17)),
                2 => new AuthTransform(AuthAlgorithm.AesGmac, AuthOperation.Generate, key, seed.Next(1, 17), 16),
                3 => new CipherTransform(CipherAlgorithm.AesCtr, CipherOperation.Encrypt, key, 16)
                {
                    Next = new AuthTransform(AuthAlgorithm.AesGmac, AuthOperation.Generate, key, 12, 12),
                },
                _ => new AeadTransform(
                    AeadAlgorithm.AesGcm,
                    seed.Next(2) == 0 ? CipherOperation.Encrypt : CipherOperation.Decrypt,
                    key,
                    seed.Next(1, 25),
                    seed.Next(4, 17),
                    seed.Next(65)),
            };
            byte[] data = Bench.Random(seed, seed.Next(round % 10 == 0 ? 17_000 : 700)), ivs = Bench.Random(seed, 40);
            int cipherOffset = seed.Next(data.Length + 1), authOffset = seed.Next(data.Length + 1);
            int cipherLength = seed.Next(data.Length - cipherOffset + 1), authLength = seed.Next(data.Length - authOffset + 1);
            bool outOfPlace = seed.Next(3) == 0;
            int cuts = seed.Next();
            byte[]? expected = null;
            foreach (Bench bench in benches)
            {
                using CryptoSession session = bench.Device.CreateSession(transform);
                CryptoOp op = bench.Op(session, bench.Packet(data, new Random(cuts)));
                if (outOfPlace)
                {
                    op.Destination = bench.Packet(new byte[data.Length], new Random(cuts + 1));
                }

                ivs.AsSpan(0, 24).CopyTo(op.Iv);
                ivs.AsSpan(24, 16).CopyTo(op.AuthIv);
                ivs.CopyTo(op.Aad);
                (op.CipherOffset, op.CipherLength, op.AuthOffset, op.AuthLength) = (cipherOffset, cipherLength, authOffset, authLength);
                OpStatus status = bench.Run(op);
                byte[] result = [(byte)status, .. Bench.Bytes(op.Source), .. op.Digest];
                if (outOfPlace)
                {
                    result = [.. result, .. Bench.Bytes(op.Destination)];
                }

                expected ??= result;
                Assert.Equal(expected, result);
                op.FreeWithBuffers();
            }
        }

        foreach (Bench bench in benches)
        {
            bench.Dispose();
        }
    }

    private static PdcpTransform Pdcp(int bits, PdcpIntegrity integrity, byte[] key, bool sdap) => new()
    {
        Operation = SecurityOperation.Unprotect,
        Domain = PdcpDomain.UserPlane,
        Direction = PdcpDirection.Uplink,
        Bearer = 5,
        SequenceNumberBits = bits,
        Cipher = PdcpCipher.Nea2,
        CipherKey = key,
        Integrity = integrity,
        IntegrityKey = integrity == PdcpIntegrity.Nia2 ? key : default,
        HasSdapHeader = sdap,
    };
}
