using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Crypto.Macs;
using Org.BouncyCastle.Crypto.Parameters;
using Outboard.Plugins.Crypto.Kernels.AesCmac;
using Outboard.Plugins.Crypto.Tests.Keys;
using Outboard.Testing;

namespace Outboard.Plugins.Crypto.Tests.Kernels;

public sealed unsafe class AesCmacTests
{
    public static TheoryData<KernelSet> Kernels => KernelSet.All;

    [Theory]
    [MemberData(nameof(Kernels))]
    public void EveryLengthAndSplitAgreesWithBouncyCastleBetweenUnreadablePages(KernelSet kernel)
    {
        kernel.SkipUnlessSupported();
        const int LengthMax = 200;
        var random = new Random(4493);
        using var buffer = new GuardedMemory(LengthMax);
        foreach (int keyLength in (int[])[16, 24, 32])
        {
            byte[] key = new byte[keyLength];
            random.NextBytes(key);
            using var holder = new KeyHolder(key);
            for (int length = 0; length <= LengthMax; length++)
            {
                Span<byte> message = length % 2 == 0 ? buffer.AtEnd(length) : buffer.AtStart(length);
                random.NextBytes(message);
                byte[] expected = Reference(key, message);
                Assert.Equal(expected, Code(kernel, holder, message, length));
                Assert.Equal(expected, Code(kernel, holder, message, 1 + random.Next(40)));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void ManyJobsAtOnceAgreeWithEachAlone(KernelSet kernel)
    {
        kernel.SkipUnlessSupported();
        var random = new Random(8);
        using var key0 = new KeyHolder(new byte[16]);
        using var key1 = new KeyHolder(Convert.FromHexString("000102030405060708090a0b0c0d0e0f1011121314151617"));
        using var key2 = new KeyHolder(Convert.FromHexString("2b7e151628aed2a6abf7158809cf4f3c"));
        using var key3 = new KeyHolder(new byte[32]);
        KeyHolder[] keys = [key0, key1, key2, key3];
        for (int count = 0; count <= 80; count += count < 40 ? 1 : 5)
        {
            byte[][] data = new byte[count][];
            int[] choice = new int[count];
            byte[] states = new byte[Math.Max(1, count) * 16];
            random.NextBytes(states);
            byte[] expected = [.. states];
            CmacJob[] jobs = new CmacJob[Math.Max(1, count)];
            fixed (byte* state = states)
            fixed (CmacJob* job = jobs)
            {
                var handles = new List<System.Runtime.InteropServices.GCHandle>();
                for (int i = 0; i < count; i++)
                {
                    data[i] = new byte[16 * (count % 7 == 3 ? 100 : random.Next(0, 9))];
                    random.NextBytes(data[i]);
                    choice[i] = count % 3 == 0 ? count / 3 % 4 : random.Next(count % 3 == 1 ? 4 : 1, 5) % 4;
                    var handle = System.Runtime.InteropServices.GCHandle.Alloc(
                        data[i], System.Runtime.InteropServices.GCHandleType.Pinned);
                    handles.Add(handle);
                    job[i] = new CmacJob
                    {
                        Key = keys[choice[i]].Pointer,
                        State = state + (16 * i),
                        Data = (byte*)handle.AddrOfPinnedObject(),
                        BlockCount = (nuint)data[i].Length / 16,
                    };
                }

                kernel.CmacJobs(job, count);
                for (int i = 0; i < count; i++)
                {
                    Assert.Equal((nuint)0, job[i].BlockCount);
                    byte[] alone = Chain(keys[choice[i]], expected.AsSpan(16 * i, 16), data[i]);
                    Assert.Equal(alone, states.AsSpan(16 * i, 16).ToArray());
                    handles[i].Free();
                }
            }
        }
    }

    internal static byte[] Reference(byte[] key, ReadOnlySpan<byte> message)
    {
        var mac = new CMac(new AesEngine());
        mac.Init(new KeyParameter(key));
        mac.BlockUpdate(message.ToArray(), 0, message.Length);
        byte[] code = new byte[16];
        mac.DoFinal(code, 0);
        return code;
    }

    private static byte[] Code(KernelSet kernel, KeyHolder holder, ReadOnlySpan<byte> message, int piece)
    {
        var state = default(CmacState);
        byte[] code = new byte[16];
        for (int i = 0; i < message.Length;)
        {
            int run = Math.Min(piece, message.Length - i);
            kernel.CmacAppend(ref holder.Key, ref state, message.Slice(i, run));
            i += run;
        }

        kernel.CmacFinish(ref holder.Key, ref state, code);
        return code;
    }

    private static byte[] Chain(KeyHolder holder, ReadOnlySpan<byte> start, byte[] data)
    {
        byte[] state = start.ToArray();
        AesCmacScalar.Update(ref holder.Key, ref state[0], ref data.Length == 0 ? ref state[0] : ref data[0], (nuint)data.Length / 16);
        return state;
    }
}
