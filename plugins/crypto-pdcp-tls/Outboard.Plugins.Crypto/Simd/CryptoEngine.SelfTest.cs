using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using Outboard.Plugins.Crypto.Kernels.AesCmac;
using Outboard.Plugins.Crypto.Kernels.AesCtr;
using Outboard.Plugins.Crypto.Kernels.AesGcm;
using Outboard.Plugins.Crypto.Keys;
using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Simd;

/// <content>Known answers through the kernels that this engine was closed over, before it may touch anyone's data.</content>
/// <remarks>
/// The answers come from OpenSSL and System.Security.Cryptography, over a message long enough for the main loop of every kernel
/// and with an odd end. Shorter loops are compared with the scalar kernel, which has passed the known answer or is the one in use.
/// </remarks>
internal sealed unsafe partial class CryptoEngine<TCtr, TGcm, TCmac>
{
    public override string? SelfTest(KeyStore store, SelfTestProbe? probe = null)
    {
        string? failed = null;
        foreach (SelfTestAnswers answers in SelfTestAnswers.All)
        {
            // The same key twice: codes side by side take another path where the keys are not one.
            AesKey* key = store.Expand(SelfTestAnswers.Key.AsSpan(0, answers.KeyLength));
            AesKey* twin = store.Expand(SelfTestAnswers.Key.AsSpan(0, answers.KeyLength));
            try
            {
                failed ??= TestCtr(ref *key, answers, probe)
                    ?? TestCtrLengths(ref *key, probe)
                    ?? TestGcm(ref *key, answers, probe)
                    ?? TestCmac(key, answers, probe)
                    ?? TestCmacBatch(key, key, answers, probe)
                    ?? TestCmacBatch(key, twin, answers, probe);
            }
            finally
            {
                store.Return(key);
                store.Return(twin);
            }
        }

        return failed;
    }

    private static string? TestCtr(ref AesKey key, SelfTestAnswers answers, SelfTestProbe? probe)
    {
        byte[] output = new byte[SelfTestAnswers.MessageLength];
        byte[] counter = Convert.FromHexString(SelfTestAnswers.Counter);
        TCtr.Apply(ref key, ref counter[0], ref SelfTestAnswers.Message[0], ref output[0], (nuint)output.Length);
        return Compare<TCtr>("aes-ctr", SelfTestAnswers.Fold(output), answers.CtrFold, probe);
    }

    private static string? TestGcm(ref AesKey key, SelfTestAnswers answers, SelfTestProbe? probe)
    {
        byte[] output = new byte[SelfTestAnswers.MessageLength];
        byte[] tag = new byte[TagLength];
        foreach (bool encrypt in (ReadOnlySpan<bool>)[true, false])
        {
            var state = default(GcmState);
            byte[] input = encrypt ? SelfTestAnswers.Message : output;
            GcmMessage<TGcm>.Start(ref key, ref state, SelfTestAnswers.Nonce);
            GcmMessage<TGcm>.Associate(ref key, ref state, ref SelfTestAnswers.Associated[0], (nuint)SelfTestAnswers.Associated.Length);
            if (encrypt)
            {
                GcmMessage<TGcm>.Encrypt(ref key, ref state, ref input[0], ref output[0], (nuint)output.Length);
            }
            else
            {
                GcmMessage<TGcm>.Decrypt(ref key, ref state, ref input[0], ref output[0], (nuint)output.Length);
            }

            GcmMessage<TGcm>.Finish(ref key, ref state, ref tag[0]);
            UInt128 expected = encrypt ? answers.GcmFold : SelfTestAnswers.Fold(SelfTestAnswers.Message);
            string? failed = Compare<TGcm>("aes-gcm", SelfTestAnswers.Fold(output), expected, probe)
                ?? Compare<TGcm>("aes-gcm", BinaryPrimitives.ReadUInt128BigEndian(tag), answers.GcmTag, probe);
            if (failed is not null)
            {
                return failed;
            }
        }

        return null;
    }

    private static string? TestCtrLengths(ref AesKey key, SelfTestProbe? probe)
    {
        byte[] output = new byte[SelfTestAnswers.MessageLength], expected = new byte[SelfTestAnswers.MessageLength];
        foreach (bool shortCounter in (ReadOnlySpan<bool>)[false, true])
        {
            // Steps of half a 256-bit register, with an odd end, past sixteen registers of 512 bits.
            for (int length = 3; length <= SelfTestAnswers.MessageLength; length += 80)
            {
                byte[] counter = Convert.FromHexString(SelfTestAnswers.Counter);
                byte[] expectedCounter = [.. counter];
                ref byte message = ref SelfTestAnswers.Message[0];
                if (shortCounter)
                {
                    TCtr.Apply32(ref key, ref counter[0], ref message, ref output[0], (nuint)length);
                    AesCtrScalar.Apply32(ref key, ref expectedCounter[0], ref message, ref expected[0], (nuint)length);
                }
                else
                {
                    TCtr.Apply(ref key, ref counter[0], ref message, ref output[0], (nuint)length);
                    AesCtrScalar.Apply(ref key, ref expectedCounter[0], ref message, ref expected[0], (nuint)length);
                }

                UInt128 fold = SelfTestAnswers.Fold([.. output.AsSpan(0, length), .. counter]);
                string? failed = Compare<TCtr>("aes-ctr", fold, SelfTestAnswers.Fold([.. expected.AsSpan(0, length), .. expectedCounter]), probe);
                if (failed is not null)
                {
                    return failed;
                }
            }
        }

        return null;
    }

    private static string? TestCmac(AesKey* key, SelfTestAnswers answers, SelfTestProbe? probe)
    {
        byte[] code = new byte[TagLength];
        foreach ((int length, UInt128 expected) in answers.Codes)
        {
            var alone = default(CmacState);
            CmacMessage<TCmac>.Append(ref *key, ref alone, ref SelfTestAnswers.Message[0], (nuint)length);
            CmacMessage<TCmac>.Finish(ref *key, ref alone, ref code[0]);
            if (Compare<TCmac>("aes-cmac", BinaryPrimitives.ReadUInt128BigEndian(code), expected, probe) is { } failed)
            {
                return failed;
            }
        }

        return null;
    }

    // Every length several times, more messages than the widest kernel has lanes, as a burst brings them.
    private static string? TestCmacBatch(AesKey* even, AesKey* odd, SelfTestAnswers answers, SelfTestProbe? probe)
    {
        int count = 6 * answers.Codes.Length;
        CmacState* states = stackalloc CmacState[count];
        CmacJob* jobs = stackalloc CmacJob[count];
        byte[] code = new byte[TagLength];
        fixed (byte* message = SelfTestAnswers.Message)
        {
            for (int i = 0; i < count; i++)
            {
                int length = answers.Codes[i % answers.Codes.Length].Length;
                nuint blocks = length == 0 ? 0 : ((nuint)length - 1) / 16;
                states[i] = default;
                CmacMessage<TCmac>.Hold(ref states[i], ref message[blocks * 16], (nuint)length - (blocks * 16));
                jobs[i] = new CmacJob
                {
                    Key = i % 2 == 0 ? even : odd,
                    State = &states[i].ChainFirst,
                    Data = message,
                    BlockCount = blocks,
                };
            }

            TCmac.Update(jobs, count);
            for (int i = 0; i < count; i++)
            {
                CmacMessage<TCmac>.Finish(ref *even, ref states[i], ref code[0]);
                UInt128 expected = answers.Codes[i % answers.Codes.Length].Code;
                if (Compare<TCmac>("aes-cmac", BinaryPrimitives.ReadUInt128BigEndian(code), expected, probe) is { } failed)
                {
                    return failed;
                }
            }
        }

        return null;
    }

    private static string? Compare<TKernel>(string operation, UInt128 result, UInt128 expected, SelfTestProbe? probe)
        where TKernel : struct, ISimdKernel
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"{operation} {TKernel.Name} ({(int)TKernel.Width} bits)");
        probe?.Invoke(name, MemoryMarshal.AsBytes(MemoryMarshal.CreateSpan(ref result, 1)));
        return result == expected ? null : name;
    }
}
