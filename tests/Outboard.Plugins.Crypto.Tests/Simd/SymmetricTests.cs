using System.Security.Cryptography;
using Outboard.Crypto;
using Outboard.Devices;
using Outboard.Mbufs;
using Outboard.Plugins.Crypto.Tests.Kernels;

namespace Outboard.Plugins.Crypto.Tests.Simd;

/// <summary>Ciphers, codes, chains and AEAD through the device, against the framework and BouncyCastle, cut anywhere.</summary>
public sealed class SymmetricTests
{
    public static TheoryData<int> Widths => SimdDevices.Widths;

    [Theory]
    [MemberData(nameof(Widths))]
    public void CounterModeAgreesWithTheFramework(int width)
    {
        using var bench = new Bench(width);
        var random = new Random(1);
        for (int round = 0; round < 300; round++)
        {
            byte[] key = Bench.Random(random, 16 + (8 * random.Next(3)));
            byte[] iv = Bench.Random(random, round % 3 == 0 ? 12 : 16);
            byte[] data = Bench.Random(random, random.Next(1, 900));
            int offset = random.Next(data.Length), length = random.Next(data.Length - offset + 1);
            byte[] counter = iv.Length == 16 ? iv : [.. iv, 0, 0, 0, 1];
            byte[] expected = [.. data];
            AesCtrTests.Reference(key, counter, data.AsSpan(offset, length)).CopyTo(expected, offset);
            using CryptoSession session = bench.Device.CreateSession(
                new CipherTransform(CipherAlgorithm.AesCtr, CipherOperation.Encrypt, key, iv.Length));
            CryptoOp op = bench.Op(session, bench.Packet(data, round % 2 == 0 ? null : random));
            if (round % 5 < 2)
            {
                // Out of place: the rest of the destination stays as it was.
                op.Destination = bench.Packet(data, round % 5 == 0 ? null : random);
            }

            iv.CopyTo(op.Iv);
            op.CipherOffset = offset;
            op.CipherLength = length;
            Assert.Equal(OpStatus.Success, bench.Run(op));
            Assert.Equal(expected, Bench.Bytes(op.Destination.IsNull ? op.Source : op.Destination));
            if (!op.Destination.IsNull)
            {
                Assert.Equal(data, Bench.Bytes(op.Source));
            }

            op.FreeWithBuffers();
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void GcmAgreesWithTheFrameworkBothWays(int width)
    {
        using var bench = new Bench(width);
        var random = new Random(2);
        for (int round = 0; round < 400; round++)
        {
            byte[] key = Bench.Random(random, 16 + (8 * random.Next(3)));
            int tagLength = random.Next(12, 17);
            byte[] nonce = Bench.Random(random, 12);
            byte[] aad = Bench.Random(random, random.Next(65));
            byte[] data = Bench.Random(random, random.Next(round % 4 == 0 ? 5000 : 200));
            byte[] expected = new byte[data.Length];
            byte[] tag = new byte[tagLength];
            using (var oracle = new AesGcm(key, tagLength))
            {
                oracle.Encrypt(nonce, data, expected, tag, aad);
            }

            var transform = new AeadTransform(AeadAlgorithm.AesGcm, CipherOperation.Encrypt, key, 12, tagLength, 7);
            using CryptoSession forward = bench.Device.CreateSession(transform);
            using CryptoSession backward = bench.Device.CreateSession(transform with { Operation = CipherOperation.Decrypt });
            CryptoOp op = bench.Op(forward, bench.Packet(data, round % 2 == 0 ? null : random));
            nonce.CopyTo(op.Iv);
            aad.CopyTo(op.Aad);
            op.AadLength = aad.Length;
            Assert.Equal(OpStatus.Success, bench.Run(op));
            Assert.Equal(expected, Bench.Bytes(op.Source));
            Assert.Equal(tag, op.Digest[..tagLength].ToArray());
            op.SetSession(backward);
            if (round % 3 == 0)
            {
                op.Destination = bench.Packet(new byte[data.Length], random);
            }

            Assert.Equal(OpStatus.Success, bench.Run(op));
            Assert.Equal(data, Bench.Bytes(op.Destination.IsNull ? op.Source : op.Destination));
            op.FreeWithBuffers();
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void AFailedTagLeavesZeros(int width)
    {
        using var bench = new Bench(width);
        var random = new Random(3);
        byte[] key = Bench.Random(random, 32);
        using CryptoSession session = bench.Device.CreateSession(
            new AeadTransform(AeadAlgorithm.AesGcm, CipherOperation.Decrypt, key, 12, 16, 0));
        foreach (int length in (int[])[1, 64, 200, 3000])
        {
            foreach (bool outOfPlace in (bool[])[false, true])
            {
                byte[] data = Bench.Random(random, length);
                CryptoOp op = bench.Op(session, bench.Packet(data, random));
                if (outOfPlace)
                {
                    op.Destination = bench.Packet(data);
                }

                Assert.Equal(OpStatus.AuthenticationFailed, bench.Run(op));
                Assert.DoesNotContain(Bench.Bytes(outOfPlace ? op.Destination : op.Source), b => b != 0);
                op.FreeWithBuffers();
            }
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void CmacBurstsAgreeWithBouncyCastle(int width)
    {
        using var bench = new Bench(width);
        var random = new Random(4);
        byte[][] keys = [Bench.Random(random, 16), Bench.Random(random, 24), Bench.Random(random, 32), Bench.Random(random, 16)];
        CryptoSession[] generate = [.. keys.Select(key => bench.Device.CreateSession(
            new AuthTransform(AuthAlgorithm.AesCmac, AuthOperation.Generate, key, 0, 16)))];
        CryptoSession[] verify = [.. keys.Select(key => bench.Device.CreateSession(
            new AuthTransform(AuthAlgorithm.AesCmac, AuthOperation.Verify, key, 0, 16)))];
        for (int round = 0; round < 40; round++)
        {
            var ops = new CryptoOp[random.Next(1, 70)];
            var expected = new byte[ops.Length][];
            for (int i = 0; i < ops.Length; i++)
            {
                int which = random.Next(4);
                byte[] data = Bench.Random(random, random.Next(300));
                int offset = random.Next(data.Length + 1), length = random.Next(data.Length - offset + 1);
                expected[i] = AesCmacTests.Reference(keys[which], data.AsSpan(offset, length));
                ops[i] = bench.Op(generate[which], bench.Packet(data, i % 2 == 0 ? null : random));
                ops[i].AuthOffset = offset;
                ops[i].AuthLength = length;
                ops[i].UserData = (ulong)which;
            }

            bench.Run(ops);
            for (int i = 0; i < ops.Length; i++)
            {
                Assert.Equal(OpStatus.Success, ops[i].Status);
                Assert.Equal(expected[i], ops[i].Digest[..16].ToArray());
                ops[i].SetSession(verify[ops[i].UserData]);
                ops[i].Digest[i % 16] ^= (byte)(i % 3 == 0 ? 0x40 : 0);
            }

            bench.Run(ops);
            for (int i = 0; i < ops.Length; i++)
            {
                Assert.Equal(i % 3 == 0 ? OpStatus.AuthenticationFailed : OpStatus.Success, ops[i].Status);
                ops[i].FreeWithBuffers();
            }
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void GmacIsGcmWithoutData(int width)
    {
        using var bench = new Bench(width);
        var random = new Random(5);
        for (int round = 0; round < 100; round++)
        {
            byte[] key = Bench.Random(random, 32), nonce = Bench.Random(random, 12);
            byte[] data = Bench.Random(random, random.Next(600));
            byte[] tag = new byte[16];
            using (var oracle = new AesGcm(key, 16))
            {
                oracle.Encrypt(nonce, ReadOnlySpan<byte>.Empty, Span<byte>.Empty, tag, data);
            }

            using CryptoSession session = bench.Device.CreateSession(
                new AuthTransform(AuthAlgorithm.AesGmac, AuthOperation.Generate, key, 12, 16));
            CryptoOp op = bench.Op(session, bench.Packet(data, round % 2 == 0 ? null : random));
            nonce.CopyTo(op.AuthIv);
            Assert.Equal(OpStatus.Success, bench.Run(op));
            Assert.Equal(tag, op.Digest[..16].ToArray());
            op.FreeWithBuffers();
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void ChainsRunInTheirOrder(int width)
    {
        using var bench = new Bench(width);
        var random = new Random(6);
        byte[] cipherKey = Bench.Random(random, 16), authKey = Bench.Random(random, 32);
        var cipher = new CipherTransform(CipherAlgorithm.AesCtr, CipherOperation.Encrypt, cipherKey, 16);
        var auth = new AuthTransform(AuthAlgorithm.AesCmac, AuthOperation.Generate, authKey, 0, 8);
        using CryptoSession encryptThenMac = bench.Device.CreateSession(cipher with { Next = auth });
        using CryptoSession verifyThenDecrypt = bench.Device.CreateSession(
            (auth with { Operation = AuthOperation.Verify }) with { Next = cipher with { Operation = CipherOperation.Decrypt } });
        using CryptoSession macThenEncrypt = bench.Device.CreateSession(auth with { Next = cipher });
        using CryptoSession decryptThenVerify = bench.Device.CreateSession(
            (cipher with { Operation = CipherOperation.Decrypt }) with { Next = auth with { Operation = AuthOperation.Verify } });
        for (int round = 0; round < 120; round++)
        {
            byte[] data = Bench.Random(random, random.Next(1, 500));
            byte[] iv = Bench.Random(random, 16);
            byte[] ciphertext = AesCtrTests.Reference(cipherKey, iv, data);
            bool macFirst = round % 2 == 0;
            byte[] code = AesCmacTests.Reference(authKey, macFirst ? data : ciphertext)[..8];
            CryptoOp op = bench.Op(macFirst ? macThenEncrypt : encryptThenMac, bench.Packet(data, round % 3 == 0 ? null : random));
            iv.CopyTo(op.Iv);
            bool outOfPlace = round % 5 == 0;
            if (outOfPlace)
            {
                op.Destination = bench.Packet(new byte[data.Length], random);
            }

            Assert.Equal(OpStatus.Success, bench.Run(op));
            Assert.Equal(ciphertext, Bench.Bytes(outOfPlace ? op.Destination : op.Source));
            Assert.Equal(code, op.Digest[..8].ToArray());
            if (outOfPlace)
            {
                op.Source.Free();
                op.Source = op.Destination;
                op.Destination = default;
            }

            op.SetSession(macFirst ? decryptThenVerify : verifyThenDecrypt);
            if (round % 7 == 0)
            {
                op.Digest[0] ^= 1;
                Assert.Equal(OpStatus.AuthenticationFailed, bench.Run(op));
                Assert.DoesNotContain(Bench.Bytes(op.Source), b => b != 0);
            }
            else
            {
                Assert.Equal(OpStatus.Success, bench.Run(op));
                Assert.Equal(data, Bench.Bytes(op.Source));
            }

            op.FreeWithBuffers();
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public unsafe void ADigestInsideTheCipheredRangeIsCiphered(bool outOfPlace)
    {
        using var bench = new Bench(512);
        var random = new Random(7);
        byte[] cipherKey = Bench.Random(random, 16), authKey = Bench.Random(random, 16), iv = Bench.Random(random, 16);
        byte[] data = Bench.Random(random, 124);
        var cipher = new CipherTransform(CipherAlgorithm.AesCtr, CipherOperation.Encrypt, cipherKey, 16);
        var auth = new AuthTransform(AuthAlgorithm.AesCmac, AuthOperation.Generate, authKey, 0, 4);
        using CryptoSession forward = bench.Device.CreateSession(auth with { Next = cipher });
        using CryptoSession backward = bench.Device.CreateSession(
            (cipher with { Operation = CipherOperation.Decrypt }) with { Next = auth with { Operation = AuthOperation.Verify } });
        byte[] plain = [.. data, .. AesCmacTests.Reference(authKey, data)[..4]];
        byte[] expected = [.. plain[..2], .. AesCtrTests.Reference(cipherKey, iv, plain.AsSpan(2))];
        CryptoOp op = bench.Op(forward, bench.Packet((byte[])[.. data, 0, 0, 0, 0]));
        if (outOfPlace)
        {
            op.Destination = bench.Packet(new byte[128]);
        }

        Mbuf target = outOfPlace ? op.Destination : op.Source;
        iv.CopyTo(op.Iv);
        op.AuthLength = 124;
        op.CipherOffset = 2;
        op.CipherLength = 126;
        op.DigestAddress = (nint)target.DataPointer + 124;
        Assert.Equal(OpStatus.Success, bench.Run(op));
        Assert.Equal(expected, Bench.Bytes(target));
        if (!outOfPlace)
        {
            op.SetSession(backward);
            Assert.Equal(OpStatus.Success, bench.Run(op));
            Assert.Equal(plain, Bench.Bytes(target));
        }

        op.FreeWithBuffers();
    }

    [Fact]
    public void NullTransformsCopyAndAcceptAnything()
    {
        using var bench = new Bench(512);
        var random = new Random(8);
        byte[] data = Bench.Random(random, 300);
        using CryptoSession cipher = bench.Device.CreateSession(
            new CipherTransform(CipherAlgorithm.Null, CipherOperation.Encrypt, default, 0));
        using CryptoSession auth = bench.Device.CreateSession(
            new AuthTransform(AuthAlgorithm.Null, AuthOperation.Verify, default, 0, 4));
        CryptoOp op = bench.Op(cipher, bench.Packet(data, random));
        op.Destination = bench.Packet(new byte[300], random);
        Assert.Equal(OpStatus.Success, bench.Run(op));
        Assert.Equal(data, Bench.Bytes(op.Destination));
        op.SetSession(auth);
        op.Digest[0] = 99;
        Assert.Equal(OpStatus.Success, bench.Run(op));
        op.FreeWithBuffers();
    }

    [Fact]
    public void WrongRangesAreRefusedAtEnqueue()
    {
        using var bench = new Bench(512);
        using CryptoSession gcm = bench.Device.CreateSession(
            new AeadTransform(AeadAlgorithm.AesGcm, CipherOperation.Encrypt, new byte[16], 12, 16, 100));
        (Action<CryptoOp> Spoil, string What)[] cases =
        [
            (op => op.CipherLength = 101, "length"),
            (op => op.CipherOffset = 1, "offset"),
            (op => op.CipherOffset = -1, "negative offset"),
            (op => op.CipherLength = -1, "negative length"),
            (op => op.CipherOffset = int.MaxValue, "overflow"),
            (op => op.AadLength = 65, "associated data beyond the op"),
            (op => op.AadLength = -2, "negative associated data"),
            (_ => { }, "the session's associated data beyond the op"),
        ];
        foreach ((Action<CryptoOp> spoil, string what) in cases)
        {
            CryptoOp op = bench.Op(gcm, bench.Packet(new byte[100]));
            op.AadLength = what.StartsWith("the session", StringComparison.Ordinal) ? -1 : 0;
            spoil(op);
            Assert.True(bench.Device.EnqueueBurst(0, [op]) == 0, what);
            Assert.Equal(EnqueueRejection.InvalidArguments, bench.Device.GetRejection(0));
            Assert.Equal(OpStatus.InvalidArguments, op.Status);
            op.FreeWithBuffers();
        }
    }

    [Fact]
    public void BurstsAllocateNothing()
    {
        using var bench = new Bench(512);
        using CryptoSession session = bench.Device.CreateSession(
            new AuthTransform(AuthAlgorithm.AesCmac, AuthOperation.Generate, new byte[16], 0, 16));
        CryptoOp[] ops = [.. Enumerable.Range(0, 32).Select(i => bench.Op(session, bench.Packet(new byte[40 * i])))];
        var back = new CryptoOp[32];
        long allocated = long.MaxValue;
        for (int round = 0; round < 20 && allocated != 0; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            int moved = bench.Device.EnqueueBurst(0, ops) + bench.Device.DequeueBurst(0, back);
            bench.Device.Process(ops);
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.Equal(64, moved);
        }

        Assert.Equal(0, allocated);
        foreach (CryptoOp op in ops)
        {
            op.FreeWithBuffers();
        }
    }
}
