using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Outboard.Plugins.Crypto.Kernels.AesBlock;
using Outboard.Plugins.Crypto.Keys;
using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Kernels.AesCtr;

/// <summary>Counter mode over the bit-plane cipher: four counters at a time.</summary>
internal readonly struct AesCtrScalar : IAesCtrKernel
{
    public static SimdWidth Width => SimdWidth.Scalar;

    public static string Name => "bitsliced";

    public static bool IsSupported => true;

    public static bool IsAccelerated => true;

    [SkipLocalsInit]
    public static void Apply(ref AesKey key, ref byte counter, ref byte source, ref byte destination, nuint length)
    {
        Unsafe.SkipInit(out KeystreamBuffer buffer);
        ref byte keystream = ref buffer.First;
        for (nuint i = 0; i < length;)
        {
            nuint run = Math.Min(length - i, BitslicedAes.StepLength);
            for (nuint b = 0; b < BitslicedAes.StepLength; b += 16)
            {
                Unsafe.CopyBlockUnaligned(ref Unsafe.AddByteOffset(ref keystream, b), ref counter, 16);
                if (b < run)
                {
                    CounterBlock.Advance(ref counter, 1);
                }
            }

            BitslicedAes.EncryptFour(ref key, ref keystream);
            KeystreamXor.Apply(
                ref Unsafe.AddByteOffset(ref source, i), ref Unsafe.AddByteOffset(ref destination, i), ref keystream, run);
            i += run;
        }
    }

    [SkipLocalsInit]
    public static void Apply32(ref AesKey key, ref byte counter, ref byte source, ref byte destination, nuint length)
    {
        Unsafe.SkipInit(out KeystreamBuffer buffer);
        ref byte keystream = ref buffer.First;
        uint count = BinaryPrimitives.ReverseEndianness(Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref counter, 12)));
        for (nuint i = 0; i < length;)
        {
            nuint run = Math.Min(length - i, BitslicedAes.StepLength);
            for (int b = 0; b < BitslicedAes.StepLength; b += 16)
            {
                Unsafe.CopyBlockUnaligned(ref Unsafe.Add(ref keystream, b), ref counter, 12);
                Unsafe.WriteUnaligned(
                    ref Unsafe.Add(ref keystream, b + 12), BinaryPrimitives.ReverseEndianness(count + ((uint)b / 16)));
            }

            count += (uint)((run + 15) / 16);
            BitslicedAes.EncryptFour(ref key, ref keystream);
            KeystreamXor.Apply(
                ref Unsafe.AddByteOffset(ref source, i), ref Unsafe.AddByteOffset(ref destination, i), ref keystream, run);
            i += run;
        }

        Unsafe.WriteUnaligned(ref Unsafe.Add(ref counter, 12), BinaryPrimitives.ReverseEndianness(count));
    }
}
