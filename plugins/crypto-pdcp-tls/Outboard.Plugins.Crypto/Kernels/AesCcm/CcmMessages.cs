using System.Runtime.Intrinsics;
using System.Security.Cryptography;
using Outboard.Plugins.Crypto.Engine;
using Outboard.Plugins.Crypto.Kernels.AesCbc;
using Outboard.Plugins.Crypto.Keys;

namespace Outboard.Plugins.Crypto.Kernels.AesCcm;

/// <summary>CCM of many messages: code = chain(first block, associated data, plaintext) ^ E(counter 0), text by counter 1 and up.</summary>
/// <remarks>
/// Ciphertexts are deciphered before the chain and plaintexts enciphered behind it, since both may lie in one place. In the chain
/// each part of all messages steps together: the blocks that begin it, whole blocks of associated data, their last, whole blocks of
/// text, its last. The code's own room is the state of the chain.
/// </remarks>
internal static unsafe class CcmMessages<TKernel>
    where TKernel : struct, IAesCcmKernel
{
    private const int BlocksOffset = ChainJob.Size * CryptoUnit.JobMax;
    private const int BlocksLength = 32 * CryptoUnit.JobMax;
    private const int StatesOffset = BlocksOffset + BlocksLength;
    private const int KernelOffset = StatesOffset + (16 * CryptoUnit.JobMax);

    /// <summary>Transforms every message and writes its code.</summary>
    public static void Run(CryptoJob* jobs, int count, byte* scratch)
    {
        Cipher(jobs, count, encrypt: false, scratch + BlocksOffset);
        Begin(jobs, count, scratch);
        ChainAad(jobs, count, scratch);
        ChainText(jobs, count, scratch);
        CloseCodes(jobs, count, scratch);
        Cipher(jobs, count, encrypt: true, scratch + BlocksOffset);

        // Last blocks of text, and the keystream of the codes.
        CryptographicOperations.ZeroMemory(new Span<byte>(scratch + BlocksOffset, KernelOffset - BlocksOffset));
    }

    private static void Cipher(CryptoJob* jobs, int count, bool encrypt, byte* counter)
    {
        for (int i = 0; i < count; i++)
        {
            // SAFETY: a job names its key, a nonce of at most 13 bytes, and its bytes at both ends.
            ref CryptoJob job = ref jobs[i];
            if (job.Encrypt == encrypt && job.BitLength != 0)
            {
                CcmBlocks.WriteCounter(counter, ref job, 1);
                TKernel.Count((AesKey*)job.Key, counter, job.Source, job.Destination, job.Length);
            }
        }
    }

    private static void Begin(CryptoJob* jobs, int count, byte* scratch)
    {
        var chains = (ChainJob*)scratch;
        for (int i = 0; i < count; i++)
        {
            ref CryptoJob job = ref jobs[i];
            byte* blocks = scratch + BlocksOffset + (32 * i);
            Vector128<byte>.Zero.Store(job.Code);
            CcmBlocks.WriteFirst(blocks, ref job);
            chains[i] = Of(ref job, blocks, 1);
            if (job.AadLength != 0)
            {
                CcmBlocks.WriteAadStart(blocks + 16, ref job);
                chains[i].BlockCount = 2;
            }
        }

        TKernel.Chain(chains, count, scratch + KernelOffset);
    }

    private static void ChainAad(CryptoJob* jobs, int count, byte* scratch)
    {
        var chains = (ChainJob*)scratch;
        int whole = 0;
        for (int i = 0; i < count; i++)
        {
            ref CryptoJob job = ref jobs[i];
            int taken = CcmBlocks.AadInStart(job.AadLength);
            if (job.AadLength - taken >= 16)
            {
                chains[whole++] = Of(ref job, job.Aad + taken, (nuint)(job.AadLength - taken) >> 4);
            }
        }

        TKernel.Chain(chains, whole, scratch + KernelOffset);
        int last = 0;
        for (int i = 0; i < count; i++)
        {
            ref CryptoJob job = ref jobs[i];
            int rest = (job.AadLength - CcmBlocks.AadInStart(job.AadLength)) & 15;
            if (rest != 0)
            {
                byte* block = scratch + BlocksOffset + (16 * i);
                CcmBlocks.WriteLast(block, job.Aad + job.AadLength - rest, rest);
                chains[last++] = Of(ref job, block, 1);
            }
        }

        TKernel.Chain(chains, last, scratch + KernelOffset);
    }

    private static void ChainText(CryptoJob* jobs, int count, byte* scratch)
    {
        var chains = (ChainJob*)scratch;
        int whole = 0;
        for (int i = 0; i < count; i++)
        {
            ref CryptoJob job = ref jobs[i];
            if (job.Length >= 16)
            {
                chains[whole++] = Of(ref job, job.Encrypt ? job.Source : job.Destination, job.Length >> 4);
            }
        }

        TKernel.Chain(chains, whole, scratch + KernelOffset);
        int last = 0;
        for (int i = 0; i < count; i++)
        {
            ref CryptoJob job = ref jobs[i];
            nuint rest = job.Length & 15;
            if (rest != 0)
            {
                byte* block = scratch + BlocksOffset + (16 * i);
                CcmBlocks.WriteLast(block, (job.Encrypt ? job.Source : job.Destination) + (job.Length - rest), (int)rest);
                chains[last++] = Of(ref job, block, 1);
            }
        }

        TKernel.Chain(chains, last, scratch + KernelOffset);
    }

    private static void CloseCodes(CryptoJob* jobs, int count, byte* scratch)
    {
        // A chain of one block from zero is the block encrypted.
        var chains = (ChainJob*)scratch;
        for (int i = 0; i < count; i++)
        {
            byte* block = scratch + BlocksOffset + (16 * i), state = scratch + StatesOffset + (16 * i);
            CcmBlocks.WriteCounter(block, ref jobs[i], 0);
            Vector128<byte>.Zero.Store(state);
            chains[i] = Of(ref jobs[i], block, 1) with { State = state };
        }

        TKernel.Chain(chains, count, scratch + KernelOffset);
        for (int i = 0; i < count; i++)
        {
            (Vector128.Load(jobs[i].Code) ^ Vector128.Load(scratch + StatesOffset + (16 * i))).Store(jobs[i].Code);
        }
    }

    private static ChainJob Of(ref CryptoJob job, byte* source, nuint blocks) =>
        new() { Key = (AesKey*)job.Key, State = job.Code, Source = source, BlockCount = blocks };
}
