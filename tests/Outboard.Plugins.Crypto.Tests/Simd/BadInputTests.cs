using Outboard.Crypto;
using Outboard.Devices;
using Outboard.Mbufs;

namespace Outboard.Plugins.Crypto.Tests.Simd;

/// <summary>Ops and transforms that are wrong: refused at once, with nothing written.</summary>
public sealed class BadInputTests
{
    [Fact]
    public void SizesOutsideTheCapabilitiesAreRefusedForEveryAlgorithm()
    {
        using CryptoDevice device = SimdDevices.Start(512);
        int tried = 0;
        foreach (CryptoCapability capability in device.Info.Capabilities)
        {
            foreach (int key in Outside(capability.KeySizes))
            {
                Refused(Make(capability) switch
                {
                    CipherTransform cipher => cipher with { Key = new byte[key] },
                    AuthTransform auth => auth with { Key = new byte[key] },
                    AeadTransform aead => aead with { Key = new byte[key] },
                    var other => other,
                });
            }

            switch (capability, Make(capability))
            {
                case (CipherCapability sizes, CipherTransform good):
                    Array.ForEach(Outside(sizes.IvSizes), size => Refused(good with { IvLength = size }));
                    break;
                case (AuthCapability sizes, AuthTransform good):
                    Array.ForEach(Outside(sizes.IvSizes), size => Refused(good with { IvLength = size }));
                    Array.ForEach(Outside(sizes.DigestSizes), size => Refused(good with { DigestLength = size }));
                    break;
                case (AeadCapability sizes, AeadTransform good):
                    Array.ForEach(Outside(sizes.IvSizes), size => Refused(good with { IvLength = size }));
                    Array.ForEach(Outside(sizes.DigestSizes), size => Refused(good with { DigestLength = size }));
                    Array.ForEach(Outside(sizes.AadSizes), size => Refused(good with { AadLength = size }));
                    break;
                default:
                    Assert.Fail($"{capability} is of no known kind");
                    break;
            }
        }

        Assert.True(tried > 100);

        void Refused(CryptoTransform transform)
        {
            tried++;
            Assert.Throws<ArgumentException>(() => device.CreateSession(transform));
        }
    }

    [Fact]
    public void LengthsThatAreNotWholeBlocksAreRefused()
    {
        using var bench = new Bench(512);
        foreach (CipherCapability cipher in bench.Device.Info.Capabilities.OfType<CipherCapability>().Where(c => c.BlockSize > 1))
        {
            using CryptoSession session = bench.Device.CreateSession(Make(cipher));
            for (int length = 0; length <= 2 * cipher.BlockSize; length++)
            {
                CryptoOp op = bench.Op(session, bench.Packet(new byte[100]));
                op.CipherLength = length;
                if (length % cipher.BlockSize == 0)
                {
                    Assert.Equal(OpStatus.Success, bench.Run(op));
                }
                else
                {
                    Refused(bench, op);
                }

                op.FreeWithBuffers();
            }
        }
    }

    [Fact]
    public void BitsAreRefusedWhereBytesAreCounted()
    {
        using var bench = new Bench(512);
        int refused = 0;
        foreach (CryptoCapability capability in bench.Device.Info.Capabilities)
        {
            bool countsBits = capability is CipherCapability
            {
                Algorithm: CipherAlgorithm.Null or CipherAlgorithm.Snow3gUea2 or CipherAlgorithm.ZucEea3 or CipherAlgorithm.ZucNea6,
            }
            or AuthCapability
            {
                Algorithm: AuthAlgorithm.Null or AuthAlgorithm.AesCmac or AuthAlgorithm.Snow3gUia2 or AuthAlgorithm.ZucEia3,
            };
            using CryptoSession session = bench.Device.CreateSession(Make(capability));
            foreach ((int offset, int length) in ((int, int)[])[(0, 128), (8, 128), (1, 128), (0, 127), (3, 5)])
            {
                CryptoOp op = bench.Op(session, bench.Packet(new byte[64]));
                op.InBits = true;
                (op.CipherOffset, op.CipherLength, op.AuthOffset, op.AuthLength) = (offset, length, offset, length);
                op.AadLength = 0;
                if (countsBits || ((offset | length) & 7) == 0)
                {
                    Assert.Equal(OpStatus.Success, bench.Run(op));
                }
                else
                {
                    Refused(bench, op);
                    refused++;
                }

                op.FreeWithBuffers();
            }
        }

        Assert.True(refused > 50);
    }

    [Fact]
    public void RangesOutsideEitherPacketAreRefused()
    {
        using var bench = new Bench(512);
        using CryptoSession chain = bench.Device.CreateSession(
            new CipherTransform(CipherAlgorithm.Snow3gUea2, CipherOperation.Encrypt, new byte[16], 16)
            {
                Next = new AuthTransform(AuthAlgorithm.Snow3gUia2, AuthOperation.Generate, new byte[16], 16, 4),
            });
        Action<CryptoOp>[] cases =
        [
            op => op.CipherOffset = 1,
            op => op.CipherLength = 101,
            op => op.AuthOffset = 101,
            op => op.AuthLength = int.MaxValue,
            op => (op.AuthOffset, op.AuthLength) = (int.MaxValue, int.MaxValue),
            op => op.AuthLength = -1,
            op => op.AuthOffset = -1,
            op => (op.InBits, op.CipherLength) = (true, 801),
            op => (op.InBits, op.AuthOffset, op.AuthLength) = (true, int.MaxValue, int.MaxValue),
            op => op.Destination = bench.Packet(new byte[99]),
        ];
        for (int i = 0; i < cases.Length; i++)
        {
            CryptoOp op = bench.Op(chain, bench.Packet(new byte[100], i % 2 == 0 ? null : new Random(i)));
            cases[i](op);
            Refused(bench, op);
            bench.Device.Process([op]);
            Assert.Equal(OpStatus.InvalidArguments, op.Status);
            Assert.DoesNotContain(Bench.Bytes(op.Source), b => b != 0);
            op.FreeWithBuffers();
        }
    }

    [Fact]
    public void LongIvsNeedAnAddress()
    {
        using var bench = new Bench(512);
        CryptoTransform[] transforms =
        [
            new AeadTransform(AeadAlgorithm.AesGcm, CipherOperation.Encrypt, new byte[16], 25, 16, 0),
            new AuthTransform(AuthAlgorithm.AesGmac, AuthOperation.Generate, new byte[16], 17, 16),
        ];
        foreach (CryptoTransform transform in transforms)
        {
            using CryptoSession session = bench.Device.CreateSession(transform);
            CryptoOp op = bench.Op(session, bench.Packet(new byte[100]));
            op.IvAddress = op.AuthIvAddress = 0;
            Refused(bench, op);
            op.FreeWithBuffers();
        }
    }

    /// <summary>Out of place onto memory that the input lies in, but not in the same place: what is written would be read.</summary>
    [Fact]
    public void AnOutputThatOverlapsItsInputIsRefused()
    {
        using var bench = new Bench(512);
        using CryptoSession cipher = bench.Device.CreateSession(
            new CipherTransform(CipherAlgorithm.AesCtr, CipherOperation.Encrypt, new byte[16], 16));
        foreach (int shift in (int[])[0, 1, 16, 63, 100, 101])
        {
            foreach (bool chained in (bool[])[false, true])
            {
                Mbuf source = bench.Packet(new byte[300]);
                Assert.True(source.TryClone(source.Pool, out Mbuf clone));
                if (chained)
                {
                    Assert.True(clone.TryChain(bench.Packet(new byte[10])));
                }

                Assert.True(clone.TryAdjust(shift));
                CryptoOp op = bench.Op(cipher, source);
                op.Destination = clone;
                op.CipherLength = 100;
                if (shift is 0 or >= 100)
                {
                    Assert.Equal(OpStatus.Success, bench.Run(op));
                }
                else
                {
                    Refused(bench, op);
                    Assert.DoesNotContain(Bench.Bytes(source), b => b != 0);
                }

                op.FreeWithBuffers();
            }
        }
    }

    [Fact]
    public void SessionsOfOtherDevicesAndKindsAndGoneOnesAreRefused()
    {
        using var bench = new Bench(512);
        var transform = new CipherTransform(CipherAlgorithm.AesCtr, CipherOperation.Encrypt, new byte[16], 16);
        CryptoOp op = bench.Bare(bench.Packet(new byte[10]));

        // Both devices hold sessions in the same slots; that their generations are the same is one chance in 4095 each time.
        int refused = 0;
        for (int i = 0; i < 20; i++)
        {
            using CryptoDevice stranger = SimdDevices.CreateRegistry().OpenCrypto("crypto_simd0");
            stranger.Configure(new CryptoConfiguration());
            using CryptoSession mine = bench.Device.CreateSession(transform);
            using CryptoSession foreign = stranger.CreateSession(transform);
            op.SetSession(foreign);
            refused += bench.Device.EnqueueBurst(0, [op]) == 0 && op.Status == OpStatus.InvalidSession ? 1 : 0;
            _ = bench.Device.DequeueBurst(0, new CryptoOp[1]);
        }

        Assert.InRange(refused, 17, 20);
        Assert.Equal(EnqueueRejection.InvalidSession, bench.Device.GetRejection(0));
        CryptoSession gone = bench.Device.CreateSession(transform);
        op.SetSession(gone);
        gone.Dispose();
        Assert.Equal(0, bench.Device.EnqueueBurst(0, [op]));
        Assert.Equal(OpStatus.InvalidSession, op.Status);
        op.FreeWithBuffers();
    }

    [Fact]
    public void SessionlessTransformsThatAreNotOfferedAreRefused()
    {
        using var bench = new Bench(512);
        var cipher = new CipherTransform(CipherAlgorithm.AesCtr, CipherOperation.Encrypt, new byte[16], 16);
        var auth = new AuthTransform(AuthAlgorithm.AesCmac, AuthOperation.Generate, new byte[16], 0, 16);
        var aead = new AeadTransform(AeadAlgorithm.AesGcm, CipherOperation.Encrypt, new byte[16], 12, 16, 0);
        CryptoTransform[] wrong =
        [
            cipher with { Key = new byte[15] },
            cipher with { IvLength = 13 },
            cipher with { Algorithm = (CipherAlgorithm)200 },
            cipher with { Next = cipher },
            cipher with { Next = aead },
            auth with { DigestLength = 17 },
            auth with { Next = auth },
            auth with { Next = aead },
            auth with { Algorithm = (AuthAlgorithm)200 },
            aead with { IvLength = 1025 },
            aead with { DigestLength = 3 },
            aead with { Next = cipher },
        ];
        foreach (CryptoTransform transform in wrong)
        {
            CryptoOp op = bench.Bare(bench.Packet(new byte[10]));
            op.SetSessionless(transform);
            Refused(bench, op);
            op.FreeWithBuffers();
        }
    }

    [Fact]
    public void ALoneOpIsDoneByTheNextDequeue()
    {
        using var bench = new Bench(512);
        foreach (CryptoCapability capability in bench.Device.Info.Capabilities)
        {
            using CryptoSession session = bench.Device.CreateSession(Make(capability));
            CryptoOp op = bench.Op(session, bench.Packet(new byte[48]));
            op.AadLength = 0;
            Assert.Equal(OpStatus.Success, bench.Run(op));
            op.FreeWithBuffers();
        }
    }

    [Fact]
    public void BurstsOfEveryAlgorithmAllocateNothing()
    {
        using var bench = new Bench(512);
        CryptoSession[] sessions = [.. bench.Device.Info.Capabilities.Select(one => bench.Device.CreateSession(Make(one)))];
        CryptoOp[] ops = [.. sessions.SelectMany((session, s) => Enumerable.Range(1, 2)
            .Select(i => bench.Op(session, bench.Packet(new byte[48 * i], i == 1 ? null : new Random(s)))))];
        foreach (CryptoOp one in ops)
        {
            CryptoOp op = one;
            op.AadLength = 0;
        }

        var back = new CryptoOp[ops.Length];
        long allocated = long.MaxValue;
        for (int round = 0; round < 40 && allocated != 0; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            int moved = bench.Device.EnqueueBurst(0, ops) + bench.Device.DequeueBurst(0, back);
            bench.Device.Process(ops);
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.Equal(2 * ops.Length, moved);
        }

        Assert.Equal(0, allocated);
        Assert.All(ops, op => Assert.Equal(OpStatus.Success, op.Status));
        Array.ForEach(ops, op => op.FreeWithBuffers());
        Array.ForEach(sessions, session => session.Dispose());
    }

    private static void Refused(Bench bench, CryptoOp op)
    {
        op.Status = OpStatus.NotProcessed;
        Assert.Equal(0, bench.Device.EnqueueBurst(0, [op]));
        Assert.Equal(OpStatus.InvalidArguments, op.Status);
        Assert.Equal(EnqueueRejection.InvalidArguments, bench.Device.GetRejection(0));
    }

    private static int[] Outside(SizeRange range) =>
    [
        .. ((int[])[range.Minimum - 1, range.Minimum + 1, range.Maximum - 1, range.Maximum + 1])
            .Where(size => !range.Contains(size)).Distinct()
            .Where(size => size is >= 0 and < 100_000),
    ];

    private static CryptoTransform Make(CryptoCapability capability)
    {
        byte[] key = new byte[capability.KeySizes.Minimum];
        return capability switch
        {
            CipherCapability c => new CipherTransform(c.Algorithm, CipherOperation.Encrypt, key, c.IvSizes.Minimum),
            AuthCapability a => new AuthTransform(a.Algorithm, AuthOperation.Generate, key, a.IvSizes.Minimum, a.DigestSizes.Maximum),
            _ => Aead((AeadCapability)capability, key),
        };
    }

    private static AeadTransform Aead(AeadCapability aead, byte[] key) => new(
        aead.Algorithm, CipherOperation.Encrypt, key, aead.IvSizes.Minimum, aead.DigestSizes.Maximum, aead.AadSizes.Minimum);
}
