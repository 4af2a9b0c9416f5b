using System.Runtime.Intrinsics;
using System.Security.Cryptography;
using Outboard.Plugins.Crypto.Engine;
using Outboard.Plugins.Crypto.Kernels.AesCbc;
using Outboard.Plugins.Crypto.Keys;

namespace Outboard.Plugins.Crypto.Kernels.AesCmac;

/// <summary>The message authentication codes that are a chain with a masked last block: CMAC (SP 800-38B 6.2) and XCBC-MAC (RFC 3566 4).</summary>
/// <remarks>
/// state = 0; state = E(state ^ M[i]) for all blocks but the last; code = E(state ^ M[n] ^ mask), where the mask is the first subkey
/// for a whole last block, and the second for one that a 1 bit and zeroes have filled. The message is the bytes before it and then
/// its own bits. Blocks that do not lie in the source as they are go through the scratch: the first, if bytes stand before the
/// message, and the last. All firsts, then all middles, then all lasts of a burst step together.
/// </remarks>
internal static unsafe class ChainedCode<TKernel>
    where TKernel : struct, IAesChainKernel
{
    private const int JobsLength = ChainJob.Size * CryptoUnit.JobMax;
    private const int BlocksLength = 16 * CryptoUnit.JobMax;
    private const int MiddleOffset = JobsLength;
    private const int LastOffset = 2 * JobsLength;
    private const int BlocksOffset = 3 * JobsLength;
    private const int KernelOffset = BlocksOffset + (2 * BlocksLength);

    /// <summary>Writes the code of every message. The key of each is an <see cref="AesKey"/> with both subkeys.</summary>
    public static void Run(CryptoJob* jobs, int count, byte* scratch)
    {
        bool level = true;
        for (int i = 1; i < count; i++)
        {
            level &= jobs[i].Key == jobs->Key && jobs[i].BitLength == jobs->BitLength && jobs[i].AadLength == jobs->AadLength;
        }

        byte* blocks = scratch + BlocksOffset;
        if (level && count > TKernel.FewMax)
        {
            for (int done = 0; done < count; done += TKernel.LaneCount)
            {
                RunLevel(jobs + done, Math.Min(count - done, TKernel.LaneCount), blocks, scratch + KernelOffset);
            }
        }
        else
        {
            RunMixed(jobs, count, scratch);
        }

        CryptographicOperations.ZeroMemory(new Span<byte>(blocks, BlocksLength + (16 * count)));
    }

    // Messages of one key and one length: they go straight to lanes, one each.
    private static void RunLevel(CryptoJob* jobs, int count, byte* blocks, byte* scratch)
    {
        var key = (AesKey*)jobs->Key;
        nuint bits = (8 * (nuint)jobs->AadLength) + jobs->BitLength;
        nuint whole = bits == 0 ? 0 : (bits - 1) >> 7;
        int before = jobs->AadLength, last = (int)(bits - (128 * whole)), lastLength = (last + 7) >> 3;
        bool first = whole != 0 && before != 0;
        nuint taken = first ? 16 - (nuint)before : 0;
        nuint middle = first ? whole - 1 : whole;
        int held = first ? 0 : before;
        var lanes = (ChainLanes*)scratch;
        int rounds = AesChain<TKernel>.Start(lanes, key);
        ulong idle = ((1UL << TKernel.LaneCount) - 1) & ~((1UL << count) - 1);
        for (int i = 0; i < count; i++)
        {
            // SAFETY: a job names the bytes before the message, the bytes of its bits, and room for the code.
            byte* end = blocks + (16 * i), begin = end + BlocksLength, source = jobs[i].Source;
            if (first)
            {
                ShortCopy.Copy(begin, jobs[i].Aad, before);
                ShortCopy.Copy(begin + before, source, (int)taken);
            }

            lanes->Sources[i] = (ulong)(first ? begin : source);
            Vector128<byte>.Zero.Store(lanes->States + (16 * i));
            Vector128<byte>.Zero.Store(end);
            ShortCopy.Copy(end, jobs[i].Aad, held);
            ShortCopy.Copy(end + held, source + taken + (16 * middle), lastLength - held);
            Close(key, end, last);
        }

        if (first)
        {
            AesChain<TKernel>.Advance(lanes, idle, 1, rounds, sharedKey: true, store: false, scratch);
            for (int i = 0; i < count; i++)
            {
                lanes->Sources[i] = (ulong)(jobs[i].Source + taken) - lanes->Offset;
            }
        }

        AesChain<TKernel>.Advance(lanes, idle, (uint)middle, rounds, sharedKey: true, store: false, scratch);
        for (int i = 0; i < count; i++)
        {
            lanes->Sources[i] = (ulong)(blocks + (16 * i)) - lanes->Offset;
        }

        AesChain<TKernel>.Advance(lanes, idle, 1, rounds, sharedKey: true, store: false, scratch);
        for (int i = 0; i < count; i++)
        {
            Vector128.Load(lanes->States + (16 * i)).Store(jobs[i].Code);
        }

        CryptographicOperations.ZeroMemory(new Span<byte>(lanes->States, 16 * TKernel.LaneCount));
    }

    private static void RunMixed(CryptoJob* jobs, int count, byte* scratch)
    {
        ChainJob* first = (ChainJob*)scratch;
        ChainJob* middle = (ChainJob*)(scratch + MiddleOffset);
        ChainJob* last = (ChainJob*)(scratch + LastOffset);
        byte* blocks = scratch + BlocksOffset;
        int firstCount = 0, middleCount = 0;
        for (int i = 0; i < count; i++)
        {
            // SAFETY: a job names its expanded key, the bytes before the message, the bytes of its bits, and room for the code, which
            // serves as the state.
            ref CryptoJob job = ref jobs[i];
            AesKey* key = (AesKey*)job.Key;
            nuint bits = (8 * (nuint)job.AadLength) + job.BitLength;
            nuint whole = bits == 0 ? 0 : (bits - 1) >> 7;
            byte* source = job.Source;
            byte* end = blocks + (16 * i);
            int held = job.AadLength;
            Vector128<byte>.Zero.Store(job.Code);
            if (whole != 0 && held != 0)
            {
                byte* begin = blocks + BlocksLength + (16 * i);
                ShortCopy.Copy(begin, job.Aad, held);
                ShortCopy.Copy(begin + held, source, 16 - held);
                first[firstCount++] = new ChainJob { Key = key, State = job.Code, Source = begin, BlockCount = 1 };
                source += 16 - held;
                whole--;
                bits -= 128;
                held = 0;
            }

            if (whole != 0)
            {
                middle[middleCount++] = new ChainJob { Key = key, State = job.Code, Source = source, BlockCount = whole };
                source += 16 * whole;
                bits -= 128 * whole;
            }

            Vector128<byte>.Zero.Store(end);
            ShortCopy.Copy(end, job.Aad, held);
            ShortCopy.Copy(end + held, source, (int)((bits + 7) >> 3) - held);
            Close(key, end, (int)bits);
            last[i] = new ChainJob { Key = key, State = job.Code, Source = end, BlockCount = 1 };
        }

        byte* kernelScratch = scratch + KernelOffset;
        AesChain<TKernel>.Run(first, firstCount, store: false, kernelScratch);
        AesChain<TKernel>.Run(middle, middleCount, store: false, kernelScratch);
        AesChain<TKernel>.Run(last, count, store: false, kernelScratch);
    }

    // Fills a block of 0 to 128 bits and puts the mask on it.
    private static void Close(AesKey* key, byte* block, int bits)
    {
        if (bits == 128)
        {
            (Vector128.Load(block) ^ key->CmacSubkey1).Store(block);
            return;
        }

        int odd = bits & 7;
        block[bits >> 3] = (byte)((block[bits >> 3] & ~(0xFF >> odd)) | (0x80 >> odd));
        (Vector128.Load(block) ^ key->CmacSubkey2).Store(block);
    }
}
