using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Outboard.Plugins.Crypto.Kernels.Emitted;
using Outboard.Plugins.Crypto.Keys;
using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Kernels.AesCtr;

/// <summary>Counter mode with emitted vector AES on 512-bit registers: four blocks an instruction, thirty-two in flight.</summary>
internal readonly struct AesCtrEmitted512 : IAesCtrKernel
{
    public static SimdWidth Width => SimdWidth.V512;

    public static string Name => "vaes-zmm emitted";

    public static bool IsSupported => EmittedCode.Obstacle is null;

    public static bool IsAccelerated => IsSupported;

    public static void Apply(ref AesKey key, ref byte counter, ref byte source, ref byte destination, nuint length) =>
        EmittedCtr.Apply(512, ref key, ref counter, ref source, ref destination, length);

    public static void Apply32(ref AesKey key, ref byte counter, ref byte source, ref byte destination, nuint length) =>
        EmittedCtr.Apply32(512, ref key, ref counter, ref source, ref destination, length);
}

/// <summary>Counter mode with emitted vector AES on 256-bit registers: two blocks an instruction, sixteen in flight.</summary>
internal readonly struct AesCtrEmitted256 : IAesCtrKernel
{
    public static SimdWidth Width => SimdWidth.V256;

    public static string Name => "vaes-ymm emitted";

    public static bool IsSupported => EmittedCode.Obstacle is null;

    public static bool IsAccelerated => IsSupported;

    public static void Apply(ref AesKey key, ref byte counter, ref byte source, ref byte destination, nuint length) =>
        EmittedCtr.Apply(256, ref key, ref counter, ref source, ref destination, length);

    public static void Apply32(ref AesKey key, ref byte counter, ref byte source, ref byte destination, nuint length) =>
        EmittedCtr.Apply32(256, ref key, ref counter, ref source, ref destination, length);
}

/// <summary>Cuts a message into calls of an emitted function.</summary>
internal static unsafe class EmittedCtr
{
    // A call keeps the collector waiting: eight kilobytes are well below a microsecond.
    private const nuint PieceLength = 8192;

    // By width (256, 512), rounds (10, 12, 14) and counter (128, 32 bits).
    private static readonly EmittedFunction[] s_functions = [.. Enumerable.Range(0, 12).Select(i =>
    {
        int bits = i < 6 ? 256 : 512, rounds = 10 + (2 * (i / 2 % 3));
        return new EmittedFunction($"ctr {bits} {rounds}", assembler => CtrFunction.Write(assembler, bits, rounds, i % 2 == 1));
    })];

    /// <summary>Does a whole burst in 512-bit registers.</summary>
    public static EmittedFunction Burst512 { get; } = new("aes-ctr 512", assembler => CtrBurst.Write(assembler, 512));

    /// <summary>Does a whole burst in 256-bit registers.</summary>
    public static EmittedFunction Burst256 { get; } = new("aes-ctr 256", assembler => CtrBurst.Write(assembler, 256));

    public static void Apply(
        int vectorBits, ref AesKey key, ref byte counter, ref byte source, ref byte destination, nuint length)
    {
        while (length != 0)
        {
            // A register counts in 64 bits: a piece ends where the low half of the counter wraps.
            ulong room = CounterBlock.BlocksBeforeWrap(ref counter);
            nuint run = Math.Min(length, PieceLength);
            if (room != 0 && room < PieceLength / 16)
            {
                run = Math.Min(run, (nuint)room * 16);
            }

            Run(vectorBits, ref key, ref counter, ref source, ref destination, run, shortCounter: false);
            CounterBlock.Advance(ref counter, ((ulong)run + 15) / 16);
            source = ref Unsafe.AddByteOffset(ref source, run);
            destination = ref Unsafe.AddByteOffset(ref destination, run);
            length -= run;
        }
    }

    public static void Apply32(
        int vectorBits, ref AesKey key, ref byte counter, ref byte source, ref byte destination, nuint length)
    {
        if (length <= 16)
        {
            // One block is no work for a wide register; loading the keys into every lane would cost more than the cipher.
            AesCtrVector128.Apply32(ref key, ref counter, ref source, ref destination, length);
            return;
        }

        while (length != 0)
        {
            nuint run = Math.Min(length, PieceLength);
            Run(vectorBits, ref key, ref counter, ref source, ref destination, run, shortCounter: true);
            CounterBlock.Advance32(ref counter, (uint)((run + 15) / 16));
            source = ref Unsafe.AddByteOffset(ref source, run);
            destination = ref Unsafe.AddByteOffset(ref destination, run);
            length -= run;
        }
    }

    private static void Run(
        int vectorBits, ref AesKey key, ref byte counter, ref byte source, ref byte destination, nuint length, bool shortCounter)
    {
        nuint registerLength = (nuint)vectorBits / 8;
        int rest = (int)(length % registerLength);

        // Managed memory may be given by a test; a pin costs nothing for the native memory that packets and keys lie in.
        fixed (AesKey* keyAddress = &key)
        fixed (byte* from = &source, to = &destination)
        {
            CtrCall call;
            call.Key = keyAddress;
            call.Source = from;
            call.Destination = to;
            call.RegisterCount = length / registerLength;
            call.Mask = (1UL << rest) - 1;
            call.CounterLow = BinaryPrimitives.ReverseEndianness(Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref counter, 8)));
            call.CounterHigh = BinaryPrimitives.ReverseEndianness(Unsafe.ReadUnaligned<ulong>(ref counter));

            // SAFETY: the function touches what the call names and the registers that a callee may change. It takes a microsecond at
            // most, so the runtime need not know that it is away.
            nint function = s_functions[(vectorBits == 512 ? 6 : 0) + (key.RoundCount - 10) + (shortCounter ? 1 : 0)].Address;
            ((delegate* unmanaged[SuppressGCTransition]<CtrCall*, void>)function)(&call);
        }
    }
}
