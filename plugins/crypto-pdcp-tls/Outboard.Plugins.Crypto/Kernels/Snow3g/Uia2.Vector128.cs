using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Kernels.Snow3g;

/// <summary>UIA2 with 128-bit carry-less multiplication: two words a register, eight words to one unreduced sum.</summary>
internal readonly unsafe struct Uia2Vector128 : IUia2Hash
{
    public static SimdWidth Width => SimdWidth.V128;

    public static string Name => "pclmul";

    public static bool IsSupported => Pclmulqdq.IsSupported && Ssse3.IsSupported;

    public static bool IsAccelerated => IsSupported;

    /// <summary>Reverses the bytes of each 64-bit word.</summary>
    public static Vector128<byte> ReverseWords => Vector128.Create((byte)7, 6, 5, 4, 3, 2, 1, 0, 15, 14, 13, 12, 11, 10, 9, 8);

    public static void Start(Uia2State* state, ulong p, ulong q, nuint length)
    {
        Uia2Field.Start(state, p, q);
        Vector128<ulong>.Zero.Store(state->Sum);
    }

    public static void Absorb(Uia2State* state, byte* data, nuint blockCount)
    {
        Vector128<ulong> p0 = Vector128.Load(state->Powers), p1 = Vector128.Load(state->Powers + 2);
        Vector128<ulong> p2 = Vector128.Load(state->Powers + 4), p3 = Vector128.Load(state->Powers + 6);
        Vector128<ulong> fold = Vector128.Load(state->BlockFold), sum = Vector128.Load(state->Sum);
        for (; blockCount != 0; blockCount--, data += 64)
        {
            Vector128<ulong> products = Uia2Field.Fold(Words(data), p0) ^ Uia2Field.Fold(Words(data + 16), p1)
                ^ Uia2Field.Fold(Words(data + 32), p2) ^ Uia2Field.Fold(Words(data + 48), p3);
            sum = Uia2Field.Fold(sum, fold) ^ products;
        }

        sum.Store(state->Sum);
    }

    public static uint Finish(Uia2State* state, ulong bitLength) =>
        Uia2Field.Finish(state, Vector128.Load(state->Sum), bitLength);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> Words(byte* data) => Ssse3.Shuffle(Vector128.Load(data), ReverseWords).AsUInt64();
}
