using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Outboard.Crypto;
using Outboard.Plugins.Crypto.Tests.Keys;
using Outboard.Security;

namespace Outboard.Plugins.Crypto.Tests.Simd;

/// <summary>After a burst the stack below holds no round key: the engine wipes what its kernels and the JIT spilled.</summary>
public sealed class StackWipeTests
{
    private const int Depth = 64 * 1024;

    public static TheoryData<int> Widths => SimdDevices.Widths;

    [Theory]
    [MemberData(nameof(Widths))]
    public void NoRoundKeyIsLeftOnTheStack(int width)
    {
        using var bench = new Bench(width);
        byte[] key = Convert.FromHexString("a96f1c5b3e8d7704c2b1f0e9d8a7365f");
        byte[] otherKey = Convert.FromHexString("5d0e2f91b3c84a7766e5d4c3b2a19f80");
        var transform = new AeadTransform(AeadAlgorithm.AesGcm, CipherOperation.Encrypt, key, 12, 16, 0);
        var auth = new AuthTransform(AuthAlgorithm.AesCmac, AuthOperation.Generate, key, 0, 16);
        using CryptoSession gcm = bench.Device.CreateSession(transform);
        using CryptoSession ctr = bench.Device.CreateSession(new CipherTransform(CipherAlgorithm.AesCtr, CipherOperation.Encrypt, key, 16));
        using CryptoSession cmac = bench.Device.CreateSession(auth);
        using CryptoSession otherCmac = bench.Device.CreateSession(auth with { Key = otherKey });
        using SecuritySession tls = bench.Device.Security!.CreateSession(new TlsRecordTransform
        {
            Operation = SecurityOperation.Protect,
            Version = TlsVersion.Tls13,
            CipherSuite = TlsCipherSuite.AesGcm,
            Key = key,
            Iv = new byte[12],
        });
        foreach (int length in (int[])[40, 700])
        {
            CryptoOp[] ops =
            [
                .. Enumerable.Range(0, 12).Select(_ => bench.Op(cmac, bench.Packet(new byte[length]))),
                .. Enumerable.Range(0, 12).Select(_ => bench.Op(otherCmac, bench.Packet(new byte[length]))),
                bench.Op(gcm, bench.Packet(new byte[length])),
                bench.Op(ctr, bench.Packet(new byte[length])),
                bench.Op(tls, bench.Packet(new byte[length])),
            ];
            ops[^1].ContentType = 23;
            Run(bench, ops);
            AssertClean(key, otherKey, $"{width} bits, all kinds of {length} bytes");
            Run(bench, ops[^3..^1]);
            AssertClean(key, otherKey, $"{width} bits, without codes, of {length} bytes");
            foreach (CryptoOp op in ops)
            {
                op.FreeWithBuffers();
            }
        }
    }

    // The stack is filled first, so that nothing of the sessions' creation is taken for the burst's.
    private static void Run(Bench bench, CryptoOp[] ops)
    {
        Fill();
        bench.Run(ops);
    }

    private static void AssertClean(byte[] key, byte[] otherKey, string what)
    {
        byte[] stack = Copy();
        foreach (byte[] one in (byte[][])[key, otherKey])
        {
            using var holder = new KeyHolder(one);
            ReadOnlySpan<byte> roundKeys = MemoryMarshal.CreateReadOnlySpan(ref holder.Key.RoundKeys, 176);
            ReadOnlySpan<byte> planes = MemoryMarshal.AsBytes(MemoryMarshal.CreateReadOnlySpan(ref holder.Key.Planes, 88));
            for (int round = 0; round <= 10; round++)
            {
                Assert.True(stack.AsSpan().IndexOf(roundKeys.Slice(16 * round, 16)) < 0, $"{what}: round key {round} is on the stack");
                for (int plane = 0; plane < 8; plane += 2)
                {
                    ReadOnlySpan<byte> pair = planes.Slice((64 * round) + (8 * plane), 16);
                    Assert.True(stack.AsSpan().IndexOf(pair) < 0, $"{what}: planes of round key {round} are on the stack");
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static unsafe void Fill()
    {
        byte* window = stackalloc byte[Depth];
        new Span<byte>(window, Depth).Fill(0xEE);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    [SkipLocalsInit]
    private static unsafe byte[] Copy()
    {
        byte* window = stackalloc byte[Depth];
        return new ReadOnlySpan<byte>(window, Depth).ToArray();
    }
}
