using System.Runtime.Intrinsics;
using Outboard.Plugins.Crypto.Kernels.Emitted;
using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Kernels.AesCbc;

/// <summary>CBC with emitted vector AES on 512-bit registers: thirty-two messages or blocks in flight.</summary>
internal readonly struct AesCbcEmitted512 : IAesCbcKernel
{
    public static SimdWidth Width => SimdWidth.V512;

    public static string Name => "vaes-zmm emitted";

    public static bool IsSupported => EmittedCode.Obstacle is null;

    public static bool IsAccelerated => IsSupported;

    public static void Prepare()
    {
        EmittedChain.Prepare(EmittedChain.Wide);
        EmittedChain.Prepare(EmittedCbc.Wide);
    }

    public static unsafe void Encrypt(ChainJob* jobs, int count, byte* scratch) =>
        AesChain<AesChainEmitted512>.Run(jobs, count, store: true, scratch);

    public static unsafe void Decrypt(ChainJob* jobs, int count, byte* scratch) => EmittedCbc.Decrypt(EmittedCbc.Wide, jobs, count);
}

/// <summary>CBC with emitted vector AES on 256-bit registers: sixteen messages or blocks in flight.</summary>
internal readonly struct AesCbcEmitted256 : IAesCbcKernel
{
    public static SimdWidth Width => SimdWidth.V256;

    public static string Name => "vaes-ymm emitted";

    public static bool IsSupported => EmittedCode.Obstacle is null;

    public static bool IsAccelerated => IsSupported;

    public static void Prepare()
    {
        EmittedChain.Prepare(EmittedChain.Narrow);
        EmittedChain.Prepare(EmittedCbc.Narrow);
    }

    public static unsafe void Encrypt(ChainJob* jobs, int count, byte* scratch) =>
        AesChain<AesChainEmitted256>.Run(jobs, count, store: true, scratch);

    public static unsafe void Decrypt(ChainJob* jobs, int count, byte* scratch) => EmittedCbc.Decrypt(EmittedCbc.Narrow, jobs, count);
}

/// <summary>Cuts messages into calls of an emitted decryption.</summary>
internal static unsafe class EmittedCbc
{
    // The collector waits for a call: 32 KiB are about a microsecond.
    private const nuint CallBlocksMax = 2048;

    /// <summary>The decryptions of 256 bits, by rounds.</summary>
    public static EmittedFunction[] Narrow { get; } = Make(256);

    /// <summary>Those of 512 bits.</summary>
    public static EmittedFunction[] Wide { get; } = Make(512);

    public static void Decrypt(EmittedFunction[] functions, ChainJob* jobs, int count)
    {
        int first = 0;
        while (first < count)
        {
            // As many messages with keys of the first one's size as a call may take; those further back come forward.
            int rounds = jobs[first].Key->RoundCount;
            nint function = functions[(rounds - 10) / 2].Address;
            if (jobs[first].BlockCount > CallBlocksMax)
            {
                DecryptLong(function, jobs + first++);
                continue;
            }

            nuint blocks = 0;
            int end = first;
            for (int i = first; i < count; i++)
            {
                nuint own = jobs[i].BlockCount;
                if (jobs[i].Key->RoundCount == rounds && blocks + own <= CallBlocksMax)
                {
                    blocks += own;
                    if (i != end)
                    {
                        (jobs[i], jobs[end]) = (jobs[end], jobs[i]);
                    }

                    end++;
                }
            }

            Call(function, jobs + first, end - first);
            first = end;
        }
    }

    private static void DecryptLong(nint function, ChainJob* job)
    {
        ChainJob piece = *job;
        for (nuint left = job->BlockCount; left != 0; left -= piece.BlockCount)
        {
            // The block that the next piece is chained to may be overwritten by this one.
            piece.BlockCount = nuint.Min(left, CallBlocksMax);
            Vector128<byte> last = Vector128.Load(piece.Source + (16 * (piece.BlockCount - 1)));
            Call(function, &piece, 1);
            last.Store(piece.State);
            piece.Source += 16 * piece.BlockCount;
            piece.Destination += 16 * piece.BlockCount;
        }
    }

    private static void Call(nint function, ChainJob* jobs, int count)
    {
        // SAFETY: the function touches what the jobs name and registers that a callee may change; it is short, as cut here.
        ((delegate* unmanaged[SuppressGCTransition]<ChainJob*, nint, void>)function)(jobs, count);
    }

    private static EmittedFunction[] Make(int bits) =>
    [
        .. Enumerable.Range(0, 3).Select(i => new EmittedFunction(
            $"cbc decrypt {bits} {10 + (2 * i)}",
            assembler => CbcDecryptFunction.Write(assembler, bits, 10 + (2 * i), CbcKey.ScheduleOffset))),
    ];
}
