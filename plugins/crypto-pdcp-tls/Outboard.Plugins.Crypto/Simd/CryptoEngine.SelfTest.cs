using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using Outboard.Plugins.Crypto.Kernels.AesCmac;
using Outboard.Plugins.Crypto.Kernels.AesGcm;
using Outboard.Plugins.Crypto.Keys;
using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Simd;

/// <content>Known answers through the kernels that this engine was closed over, before it may touch anyone's data.</content>
/// <remarks>
/// The answers come from OpenSSL and System.Security.Cryptography, over messages long enough for every loop of every kernel and
/// with an odd end; the tests compute them again.
/// </remarks>
internal sealed unsafe partial class CryptoEngine<TCtr, TGcm, TCmac>
{
    public override string? SelfTest(KeyStore store, SelfTestProbe? probe = null)
    {
        string? failed = null;
        foreach (SelfTestAnswers answers in SelfTestAnswers.All)
        {
            AesKey* key = store.Expand(SelfTestAnswers.Key.AsSpan(0, answers.KeyLength));
            try
            {
                failed ??= TestCtr(ref *key, answers, probe)
                    ?? TestGcm(ref *key, answers, probe)
                    ?? TestCmac(key, answers, probe);
            }
            finally
            {
                store.Return(key);
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

    private static string? TestCmac(AesKey* key, SelfTestAnswers answers, SelfTestProbe? probe)
    {
        int count = answers.Codes.Length;
        CmacState* states = stackalloc CmacState[count];
        CmacJob* jobs = stackalloc CmacJob[count];
        byte[] code = new byte[TagLength];
        fixed (byte* message = SelfTestAnswers.Message)
        {
            // All lengths side by side, as a batch runs them, and each for itself.
            for (int i = 0; i < count; i++)
            {
                (int length, UInt128 expected) = answers.Codes[i];
                var alone = default(CmacState);
                CmacMessage<TCmac>.Append(ref *key, ref alone, ref *message, (nuint)length);
                CmacMessage<TCmac>.Finish(ref *key, ref alone, ref code[0]);
                string? failed = Compare<TCmac>("aes-cmac", BinaryPrimitives.ReadUInt128BigEndian(code), expected, probe);
                if (failed is not null)
                {
                    return failed;
                }

                nuint blocks = length == 0 ? 0 : ((nuint)length - 1) / 16;
                states[i] = default;
                CmacMessage<TCmac>.Hold(ref states[i], ref message[blocks * 16], (nuint)length - (blocks * 16));
                jobs[i] = new CmacJob { Key = key, State = &states[i].ChainFirst, Data = message, BlockCount = blocks };
            }

            TCmac.Update(jobs, count);
            for (int i = 0; i < count; i++)
            {
                CmacMessage<TCmac>.Finish(ref *key, ref states[i], ref code[0]);
                string? failed = Compare<TCmac>(
                    "aes-cmac", BinaryPrimitives.ReadUInt128BigEndian(code), answers.Codes[i].Code, probe);
                if (failed is not null)
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
