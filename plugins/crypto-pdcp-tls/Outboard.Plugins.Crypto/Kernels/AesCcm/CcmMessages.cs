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
    where TKernel : struct, IAesChainKernel
{
    private const int BlocksOffset = ChainJob.Size * CryptoUnit.JobMax;
    private const int BlocksLength = 32 * CryptoUnit.JobMax;
    private const int StatesOffset = BlocksOffset + BlocksLength;
    private const int KernelOffset = StatesOffset + (16 * CryptoUnit.JobMax);

    // Counter mode comes before the chain and behind it, so it has the same place. It needs no scratch of its own.
    private const int CountersOffset = KernelOffset;
    private const int CounterJobsOffset = CountersOffset + (16 * CryptoUnit.JobMax);

    /// <summary>Transforms every message and writes its code.</summary>
    /// <param name="text">Counter mode.</param>
    /// <param name="jobs">The messages, which stay as they are.</param>
    /// <param name="count">1 to <see cref="CryptoUnit.JobMax"/>.</param>
    /// <param name="scratch">That of a unit.</param>
    public static void Run(CryptoUnit text, CryptoJob* jobs, int count, byte* scratch)
    {
        Cipher(text, jobs, count, encrypt: false, scratch);
        Begin(jobs, count, scratch);
        ChainAad(jobs, count, scratch);
        ChainText(jobs, count, scratch);
        CloseCodes(jobs, count, scratch);
        Cipher(text, jobs, count, encrypt: true, scratch);

        // Last blocks of text, and the keystream of the codes.
        CryptographicOperations.ZeroMemory(new Span<byte>(scratch + BlocksOffset, KernelOffset - BlocksOffset));
    }

    private static void Cipher(CryptoUnit text, CryptoJob* jobs, int count, bool encrypt, byte* scratch)
    {
        var counted = (CryptoJob*)(scratch + CounterJobsOffset);
        int taken = 0;
        for (int i = 0; i < count; i++)
        {
            // SAFETY: a job names its key, a nonce of at most 13 bytes, and its bytes at both ends.
            ref CryptoJob job = ref jobs[i];
            if (job.Encrypt == encrypt && job.BitLength != 0)
            {
                byte* counter = scratch + CountersOffset + (16 * taken);
                CcmBlocks.WriteCounter(counter, ref job, 1);
                counted[taken] = job;
                counted[taken].Iv = counter;
                counted[taken++].IvLength = 16;
            }
        }

        if (taken != 0)
        {
            text.Run(counted, taken, scratch);
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

        AesChain<TKernel>.Run(chains, count, store: false, scratch + KernelOffset);
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

        AesChain<TKernel>.Run(chains, whole, store: false, scratch + KernelOffset);
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

        AesChain<TKernel>.Run(chains, last, store: false, scratch + KernelOffset);
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

        AesChain<TKernel>.Run(chains, whole, store: false, scratch + KernelOffset);
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

        AesChain<TKernel>.Run(chains, last, store: false, scratch + KernelOffset);
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

        AesChain<TKernel>.Run(chains, count, store: false, scratch + KernelOffset);
        for (int i = 0; i < count; i++)
        {
            (Vector128.Load(jobs[i].Code) ^ Vector128.Load(scratch + StatesOffset + (16 * i))).Store(jobs[i].Code);
        }
    }

    private static ChainJob Of(ref CryptoJob job, byte* source, nuint blocks) =>
        new() { Key = (AesKey*)job.Key, State = job.Code, Source = source, BlockCount = blocks };
}
