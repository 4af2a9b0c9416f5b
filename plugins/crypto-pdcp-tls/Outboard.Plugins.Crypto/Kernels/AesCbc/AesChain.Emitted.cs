using Outboard.Plugins.Crypto.Kernels.Emitted;
using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Kernels.AesCbc;

/// <summary>Chains of thirty-two messages side by side with emitted vector AES on 512-bit registers.</summary>
internal readonly struct AesChainEmitted512 : IAesChainKernel
{
    public static SimdWidth Width => SimdWidth.V512;

    public static string Name => "vaes-zmm-32-lanes emitted";

    public static bool IsSupported => EmittedCode.Obstacle is null;

    public static bool IsAccelerated => IsSupported;

    public static int LaneCount => 32;

    public static bool MixesKeys => true;

    public static void Prepare() => EmittedChain.Prepare(EmittedChain.Wide);

    public static int FewMax => AesChainVector128.LaneCount;

    public static unsafe void RunFew(ChainJob* jobs, int count, bool store, byte* scratch) =>
        AesChain<AesChainVector128>.Run(jobs, count, store, scratch);

    public static unsafe void Run(ChainLanes* lanes, int rounds, bool sharedKey, bool store) =>
        EmittedChain.Run(EmittedChain.Wide, lanes, rounds, sharedKey, store);
}

/// <summary>Chains of sixteen messages side by side with emitted vector AES on 256-bit registers.</summary>
internal readonly struct AesChainEmitted256 : IAesChainKernel
{
    public static SimdWidth Width => SimdWidth.V256;

    public static string Name => "vaes-ymm-16-lanes emitted";

    public static bool IsSupported => EmittedCode.Obstacle is null;

    public static bool IsAccelerated => IsSupported;

    public static int LaneCount => 16;

    public static bool MixesKeys => true;

    public static void Prepare() => EmittedChain.Prepare(EmittedChain.Narrow);

    public static int FewMax => AesChainVector128.LaneCount;

    public static unsafe void RunFew(ChainJob* jobs, int count, bool store, byte* scratch) =>
        AesChain<AesChainVector128>.Run(jobs, count, store, scratch);

    public static unsafe void Run(ChainLanes* lanes, int rounds, bool sharedKey, bool store) =>
        EmittedChain.Run(EmittedChain.Narrow, lanes, rounds, sharedKey, store);
}

/// <summary>The emitted chain functions.</summary>
internal static unsafe class EmittedChain
{
    /// <summary>The functions of 256 bits: by rounds, then one key for each lane or for all, then state only or stored.</summary>
    public static EmittedFunction[] Narrow { get; } = Make(256);

    /// <summary>Those of 512 bits.</summary>
    public static EmittedFunction[] Wide { get; } = Make(512);

    /// <summary>Assembles the functions, so that no message has to wait for it.</summary>
    public static void Prepare(EmittedFunction[] functions)
    {
        foreach (EmittedFunction function in functions)
        {
            _ = function.Address;
        }
    }

    public static void Run(EmittedFunction[] functions, ChainLanes* lanes, int rounds, bool sharedKey, bool store)
    {
        nint function = functions[(2 * (rounds - 10)) + (sharedKey ? 2 : 0) + (store ? 1 : 0)].Address;

        // SAFETY: the function touches what the lanes name, as many blocks of each as they say, and registers that a callee may
        // change. The caller keeps it below a microsecond, so the runtime need not know that it is away.
        ((delegate* unmanaged[SuppressGCTransition]<ChainLanes*, void>)function)(lanes);
    }

    private static EmittedFunction[] Make(int bits) =>
    [
        .. Enumerable.Range(0, 12).Select(i => new EmittedFunction(
            $"chain {bits} {10 + (i / 4 * 2)} {(i % 4 > 1 ? "one key" : "keys")}{(i % 2 == 1 ? " stored" : string.Empty)}",
            assembler => ChainFunction.Write(assembler, bits, 10 + (i / 4 * 2), i % 4 > 1, i % 2 == 1))),
    ];
}
