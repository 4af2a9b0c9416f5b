using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Outboard.Crypto;
using Outboard.Mbufs;
using Outboard.Plugins.Crypto.Kernels.AesCmac;
using Outboard.Plugins.Crypto.Kernels.AesCtr;
using Outboard.Plugins.Crypto.Kernels.AesGcm;
using Outboard.Plugins.Crypto.Keys;
using Outboard.Plugins.Crypto.Pdcp;
using Outboard.Plugins.Crypto.Tls;

namespace Outboard.Plugins.Crypto.Simd;

/// <summary>The engine closed over its kernels, so that every call below is direct.</summary>
/// <remarks>
/// A batch runs in two halves. The first does everything up to a CMAC, the codes of the whole batch are then computed side by
/// side, and the second half writes or compares them. Ops that need no CMAC are done in the first half. Statuses are set in
/// either, the order of ops never changes.
/// </remarks>
internal sealed unsafe partial class CryptoEngine<TCtr, TGcm, TCmac> : CryptoEngine
    where TCtr : struct, IAesCtrKernel
    where TGcm : struct, IAesGcmKernel
    where TCmac : struct, IAesCmacKernel
{
    private const int BatchMax = 32;
    private const int TagLength = 16;

    // More than the frames below Process use: keystream, states and what the JIT spilled of round keys. Codes of a batch wait on
    // the stack, so a batch that has some reaches deeper.
    private const int ShallowWipeLength = 3072;
    private const int DeepWipeLength = 10240;

    public override void Process(
        ReadOnlySpan<CryptoOp> ops, ReadOnlySpan<SimdSession> sessions, ref EngineCounters counters)
    {
        bool deep = false;
        while (!ops.IsEmpty)
        {
            int run = Math.Min(ops.Length, BatchMax);
            deep |= ProcessBatch(ops[..run], sessions[..run], ref counters);
            ops = ops[run..];
            sessions = sessions[run..];
        }

        // Registers first: what they hold would follow into the wiped stack.
        VectorRegisters.Clear();
        if (deep)
        {
            WipeDeep();
        }
        else
        {
            WipeShallow();
        }
    }

    // True when codes waited on the stack.
    [SkipLocalsInit]
    private static bool ProcessBatch(
        ReadOnlySpan<CryptoOp> ops, ReadOnlySpan<SimdSession> sessions, ref EngineCounters counters)
    {
        int waiting = 0;
        DeferredCode* deferred = null;
        for (int i = 0; i < ops.Length; i++)
        {
            CryptoOp op = ops[i];
            SimdSession session = sessions[i];
            if (session is SymmetricSession symmetric)
            {
                if (symmetric.IsAead)
                {
                    DoAead(op, symmetric, ref counters);
                    continue;
                }

                if (!symmetric.HasAuth)
                {
                    DoCipher(op, symmetric, ref counters);
                    continue;
                }
            }
            else if (session is TlsSession tls)
            {
                DoTls(op, tls, ref counters);
                continue;
            }

            if (deferred is null)
            {
                // SAFETY: one block for the whole batch, reached at most once for each call.
#pragma warning disable CA2014 // In a loop, but taken only while there is none: the stack grows once.
                DeferredCode* block = stackalloc DeferredCode[BatchMax];
#pragma warning restore CA2014
                deferred = block;
            }

            // An op that only looks ready for the batch may have to see the outcome of those before it.
            if (session is PdcpSession pdcp && MustWait(op, pdcp, deferred, waiting))
            {
                FinishCodes(deferred, waiting, sessions, ref counters);
                waiting = 0;
            }

            bool wait = session is PdcpSession again
                ? BeginPdcp(op, again, ref deferred[waiting], ref counters)
                : BeginAuth(op, (SymmetricSession)session, ref deferred[waiting], ref counters);
            if (wait)
            {
                deferred[waiting].Op = op;
                deferred[waiting].Index = i;
                waiting++;
            }
        }

        if (waiting != 0)
        {
            FinishCodes(deferred, waiting, sessions, ref counters);
        }

        return deferred is not null;
    }

    // The codes of all waiting ops side by side, then the second half of each op.
    private static void FinishCodes(
        DeferredCode* deferred, int count, ReadOnlySpan<SimdSession> sessions, ref EngineCounters counters)
    {
        CmacJob* jobs = stackalloc CmacJob[BatchMax];
        int jobCount = 0;
        for (int i = 0; i < count; i++)
        {
            // The first block tops up what the state holds already.
            DeferredCode* code = deferred + i;
            if (code->Data is not null)
            {
                nuint taken = CmacMessage<TCmac>.Fill(ref code->State, ref *code->Data, code->Length);
                code->Data += taken;
                code->Length -= taken;
                if (code->Length != 0)
                {
                    jobs[jobCount++] = Job(code, &code->State.BlockFirst, 1);
                }
            }
        }

        TCmac.Update(jobs, jobCount);
        jobCount = 0;
        for (int i = 0; i < count; i++)
        {
            DeferredCode* code = deferred + i;
            if (code->Data is not null && code->Length != 0)
            {
                nuint blocks = (code->Length - 1) / 16;
                if (blocks != 0)
                {
                    jobs[jobCount++] = Job(code, code->Data, blocks);
                }

                CmacMessage<TCmac>.Hold(ref code->State, ref code->Data[blocks * 16], code->Length - (blocks * 16));
            }
        }

        TCmac.Update(jobs, jobCount);
        for (int i = 0; i < count; i++)
        {
            CmacMessage<TCmac>.Close(ref *deferred[i].Key, ref deferred[i].State);
            jobs[i] = Job(deferred + i, &deferred[i].State.BlockFirst, 1);
        }

        TCmac.Update(jobs, count);
        for (int i = 0; i < count; i++)
        {
            DeferredCode* code = deferred + i;
            var digest = new Span<byte>(&code->State.ChainFirst, TagLength);
            if (sessions[code->Index] is PdcpSession pdcp)
            {
                EndPdcp(code->Op, pdcp, code->Packet, code->Count, digest, ref counters);
            }
            else
            {
                EndAuth(code->Op, (SymmetricSession)sessions[code->Index], digest, ref counters);
            }
        }
    }

    private static CmacJob Job(DeferredCode* code, byte* data, nuint blockCount) => new()
    {
        Key = code->Key,
        State = &code->State.ChainFirst,
        Data = data,
        BlockCount = blockCount,
    };

    // Sets the message of a code: in one piece it waits for the batch, in several it is absorbed now.
    private static void SetMessage(ref DeferredCode code, Mbuf packet, int offset, int length)
    {
        code.Data = Packet.InFirstSegment(packet, offset, length);
        code.Length = (nuint)length;
        if (code.Data is not null)
        {
            return;
        }

        var at = new MbufCursor(packet, (nuint)offset);
        for (nuint left = (nuint)length; left != 0;)
        {
            nuint run = Math.Min(at.Run(), left);
            if (run == 0)
            {
                break;
            }

            CmacMessage<TCmac>.Append(ref *code.Key, ref code.State, ref at.Byte, run);
            at.Advance(run);
            left -= run;
        }
    }

    private static void ApplyCounterMode(
        ref AesKey key, ref CtrState state, bool shortCounter, Mbuf source, Mbuf destination, int offset, int length)
    {
        byte* from = Packet.InFirstSegment(source, offset, length);
        byte* to = Packet.InFirstSegment(destination, offset, length);
        if (from is not null && to is not null)
        {
            CtrMessage<TCtr>.ApplyWhole(ref key, ref state, shortCounter, ref *from, ref *to, (nuint)length);
            return;
        }

        var read = new MbufCursor(source, (nuint)offset);
        var write = new MbufCursor(destination, (nuint)offset);
        for (nuint left = (nuint)length; left != 0;)
        {
            nuint run = Math.Min(Math.Min(read.Run(), write.Run()), left);
            if (run == 0)
            {
                break;
            }

            CtrMessage<TCtr>.Apply(ref key, ref state, shortCounter, ref read.Byte, ref write.Byte, run);
            read.Advance(run);
            write.Advance(run);
            left -= run;
        }
    }

    private static void ApplyGcm(
        ref AesKey key, ref GcmState state, bool encrypt, Mbuf source, Mbuf destination, int offset, int length)
    {
        var read = new MbufCursor(source, (nuint)offset);
        var write = new MbufCursor(destination, (nuint)offset);
        for (nuint left = (nuint)length; left != 0;)
        {
            nuint run = Math.Min(Math.Min(read.Run(), write.Run()), left);
            if (run == 0)
            {
                break;
            }

            if (encrypt)
            {
                GcmMessage<TGcm>.Encrypt(ref key, ref state, ref read.Byte, ref write.Byte, run);
            }
            else
            {
                GcmMessage<TGcm>.Decrypt(ref key, ref state, ref read.Byte, ref write.Byte, run);
            }

            read.Advance(run);
            write.Advance(run);
            left -= run;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    [SkipLocalsInit]
    private static void WipeShallow()
    {
        byte* window = stackalloc byte[ShallowWipeLength];
        CryptographicOperations.ZeroMemory(new Span<byte>(window, ShallowWipeLength));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    [SkipLocalsInit]
    private static void WipeDeep()
    {
        byte* window = stackalloc byte[DeepWipeLength];
        CryptographicOperations.ZeroMemory(new Span<byte>(window, DeepWipeLength));
    }
}
