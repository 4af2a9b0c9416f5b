using System.Runtime.CompilerServices;
using Outboard.Plugins.Crypto.Keys;

namespace Outboard.Plugins.Crypto.Kernels.AesCtr;

/// <summary>A counter-mode message of any number of pieces, cut anywhere.</summary>
internal static class CtrMessage<TKernel>
    where TKernel : struct, IAesCtrKernel
{
    /// <summary>Enciphers the next piece.</summary>
    /// <param name="key">The key.</param>
    /// <param name="state">Counter set, the rest zero, before the first piece.</param>
    /// <param name="shortCounter">Whether only the last four bytes of the block count.</param>
    /// <param name="source">The bytes.</param>
    /// <param name="destination">The same bytes, or others that do not touch them.</param>
    /// <param name="length">How many.</param>
    public static void Apply(
        ref AesKey key, ref CtrState state, bool shortCounter, ref byte source, ref byte destination, nuint length)
    {
        nuint i = 0;
        if (state.Used != 0)
        {
            i = Math.Min(length, (nuint)(16 - state.Used));
            KeystreamXor.Apply(ref source, ref destination, ref Unsafe.Add(ref state.Keystream, state.Used), i);
            state.Used = (state.Used + (int)i) & 15;
        }

        nuint whole = (length - i) & ~(nuint)15;
        if (whole != 0)
        {
            Run(
                ref key,
                ref state,
                shortCounter,
                ref Unsafe.AddByteOffset(ref source, i),
                ref Unsafe.AddByteOffset(ref destination, i),
                whole);
            i += whole;
        }

        if (i < length)
        {
            Unsafe.InitBlockUnaligned(ref state.Keystream, 0, 16);
            Run(ref key, ref state, shortCounter, ref state.Keystream, ref state.Keystream, 16);
            KeystreamXor.Apply(
                ref Unsafe.AddByteOffset(ref source, i),
                ref Unsafe.AddByteOffset(ref destination, i),
                ref state.Keystream,
                length - i);
            state.Used = (int)(length - i);
        }
    }

    /// <summary>Enciphers a message that is in one piece; the state ends at its counter.</summary>
    public static void ApplyWhole(
        ref AesKey key, ref CtrState state, bool shortCounter, ref byte source, ref byte destination, nuint length) =>
        Run(ref key, ref state, shortCounter, ref source, ref destination, length);

    private static void Run(
        ref AesKey key, ref CtrState state, bool shortCounter, ref byte source, ref byte destination, nuint length)
    {
        if (shortCounter)
        {
            TKernel.Apply32(ref key, ref state.Counter, ref source, ref destination, length);
        }
        else
        {
            TKernel.Apply(ref key, ref state.Counter, ref source, ref destination, length);
        }
    }
}
