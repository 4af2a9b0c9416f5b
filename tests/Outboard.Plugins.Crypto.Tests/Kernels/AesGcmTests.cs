using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Crypto.Modes;
using Org.BouncyCastle.Crypto.Parameters;
using Outboard.Plugins.Crypto.Tests.Keys;
using Outboard.Testing;

namespace Outboard.Plugins.Crypto.Tests.Kernels;

public sealed class AesGcmTests
{
    public static TheoryData<KernelSet> Kernels => KernelSet.All;

    [Theory]
    [MemberData(nameof(Kernels))]
    public void EveryLengthAgreesWithTheFrameworkBetweenUnreadablePages(KernelSet kernel)
    {
        kernel.SkipUnlessSupported();
        const int LengthMax = 1100;
        var random = new Random(1234);
        using var source = new GuardedMemory(LengthMax);
        using var destination = new GuardedMemory(LengthMax);
        byte[] nonce = new byte[12];
        byte[] tag = new byte[16];
        byte[] expectedTag = new byte[16];
        foreach (int keyLength in (int[])[16, 24, 32])
        {
            byte[] key = new byte[keyLength];
            random.NextBytes(key);
            using var holder = new KeyHolder(key);
            using var oracle = new AesGcm(key, 16);
            int step = keyLength == 16 ? 1 : 13;
            for (int length = 0; length <= LengthMax; length += step)
            {
                random.NextBytes(nonce);
                byte[] aad = new byte[length % 53];
                random.NextBytes(aad);
                byte[] plain = new byte[length];
                random.NextBytes(plain);
                byte[] expected = new byte[length];
                oracle.Encrypt(nonce, plain, expected, expectedTag, aad);

                Span<byte> input = source.AtEnd(length), output = destination.AtEnd(length);
                plain.CopyTo(input);
                Whole(kernel, holder, true, nonce, aad, input, output, tag);
                Assert.Equal(expected, output.ToArray());
                Assert.Equal(expectedTag, tag);

                Span<byte> same = destination.AtStart(length);
                expected.CopyTo(same);
                Whole(kernel, holder, false, nonce, aad, same, same, tag);
                Assert.Equal(plain, same.ToArray());
                Assert.Equal(expectedTag, tag);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void EveryIvLengthAgreesWithBouncyCastle(KernelSet kernel)
    {
        kernel.SkipUnlessSupported();
        var random = new Random(77);
        byte[] key = new byte[32];
        random.NextBytes(key);
        using var holder = new KeyHolder(key);
        for (int ivLength = 1; ivLength <= 140; ivLength++)
        {
            byte[] iv = new byte[ivLength];
            byte[] aad = new byte[random.Next(40)];
            byte[] plain = new byte[random.Next(200)];
            random.NextBytes(iv);
            random.NextBytes(aad);
            random.NextBytes(plain);
            var oracle = new GcmBlockCipher(new AesEngine());
            oracle.Init(true, new AeadParameters(new KeyParameter(key), 128, iv, aad));
            byte[] expected = new byte[plain.Length + 16];
            int done = oracle.ProcessBytes(plain, 0, plain.Length, expected, 0);
            oracle.DoFinal(expected, done);

            byte[] output = new byte[plain.Length];
            byte[] tag = new byte[16];
            Whole(kernel, holder, true, iv, aad, plain, output, tag);
            Assert.Equal(expected, (byte[])[.. output, .. tag]);
        }
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void BulkKernelsLeaveCounterAndHashAsTheScalarKernelDoes(KernelSet kernel)
    {
        kernel.SkipUnlessSupported();
        KernelSet scalar = KernelSet.Scalar;
        var random = new Random(99);
        using var holder = new KeyHolder(new byte[16]);
        for (int blocks = 0; blocks <= 150; blocks++)
        {
            byte[] counter = new byte[16];
            byte[] hash = new byte[16];
            byte[] source = new byte[blocks * 16];
            random.NextBytes(counter);
            counter.AsSpan(12, 3).Fill(0xFF);
            random.NextBytes(hash);
            random.NextBytes(source);
            foreach (bool encrypt in (bool[])[true, false])
            {
                byte[] c1 = [.. counter], h1 = [.. hash], o1 = new byte[source.Length];
                byte[] c2 = [.. counter], h2 = [.. hash], o2 = new byte[source.Length];
                scalar.GcmBlocks(ref holder.Key, encrypt, c1, h1, source, o1);
                kernel.GcmBlocks(ref holder.Key, encrypt, c2, h2, source, o2);
                Assert.Equal(c1, c2);
                Assert.Equal(h1, h2);
                Assert.Equal(o1, o2);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void ShortMessagesInOnePieceAgreeWithTheFramework(KernelSet kernel)
    {
        kernel.SkipUnlessSupported();
        var random = new Random(112);
        using var source = new GuardedMemory(512);
        byte[] key = new byte[32];
        random.NextBytes(key);
        using var holder = new KeyHolder(key);
        using var oracle = new AesGcm(key, 16);
        byte[] nonce = new byte[12];
        byte[] tag = new byte[16], expectedTag = new byte[16];
        for (int aadLength = 0; aadLength <= 64; aadLength += aadLength < 20 ? 1 : 11)
        {
            for (int length = 0; length <= 432; length += aadLength is 0 or 13 ? 1 : 19)
            {
                byte[] aad = new byte[aadLength];
                byte[] plain = new byte[length];
                random.NextBytes(aad);
                random.NextBytes(plain);
                random.NextBytes(nonce);
                byte[] expected = new byte[length];
                oracle.Encrypt(nonce, plain, expected, expectedTag, aad);
                Span<byte> same = length % 2 == 0 ? source.AtEnd(length) : source.AtStart(length);
                plain.CopyTo(same);
                kernel.Gcm(ref holder.Key, true, nonce, aad, same, same, tag);
                Assert.Equal(expected, same.ToArray());
                Assert.Equal(expectedTag, tag);
                kernel.Gcm(ref holder.Key, false, nonce, aad, same, same, tag);
                Assert.Equal(plain, same.ToArray());
                Assert.Equal(expectedTag, tag);
            }
        }
    }

    internal static void Whole(
        KernelSet kernel,
        KeyHolder holder,
        bool encrypt,
        ReadOnlySpan<byte> iv,
        ReadOnlySpan<byte> aad,
        ReadOnlySpan<byte> source,
        Span<byte> destination,
        Span<byte> tag) => kernel.Gcm(ref holder.Key, encrypt, iv, aad, source, destination, tag);
}
