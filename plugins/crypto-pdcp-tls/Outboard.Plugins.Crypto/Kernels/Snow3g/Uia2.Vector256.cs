using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Kernels.Snow3g;

/// <summary>UIA2 with 256-bit carry-less multiplication: two registers a block.</summary>
internal readonly unsafe struct Uia2Vector256 : IUia2Hash
{
    public static SimdWidth Width => SimdWidth.V256;

    public static string Name => "vpclmul-256";

    public static bool IsSupported => Pclmulqdq.V256.IsSupported && Avx2.IsSupported;

    public static bool IsAccelerated => IsSupported;

    public static void Start(Uia2State* state, ulong p, ulong q, nuint length)
    {
        Uia2Field.Start(state, p, q);
        Vector256<ulong>.Zero.Store(state->Sum);
    }

    public static void Absorb(Uia2State* state, byte* data, nuint blockCount)
    {
        Vector256<ulong> p0 = Vector256.Load(state->Powers), p1 = Vector256.Load(state->Powers + 4);
        Vector256<ulong> fold = Vector256.Create(Vector128.Load(state->BlockFold)), sum = Vector256.Load(state->Sum);
        for (; blockCount != 0; blockCount--, data += 64)
        {
            Vector256<ulong> products = Fold(Words(data), p0) ^ Fold(Words(data + 32), p1);
            sum = Fold(sum, fold) ^ products;
        }

        sum.Store(state->Sum);
    }

    public static uint Finish(Uia2State* state, ulong bitLength) =>
        Uia2Field.Finish(state, Vector128.Load(state->Sum) ^ Vector128.Load(state->Sum + 2), bitLength);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ulong> Fold(Vector256<ulong> x, Vector256<ulong> factors) =>
        Pclmulqdq.V256.CarrylessMultiply(x, factors, 0x00) ^ Pclmulqdq.V256.CarrylessMultiply(x, factors, 0x11);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ulong> Words(byte* data) => Avx2.Shuffle(
        Vector256.Load(data), Vector256.Create(Uia2Vector128.ReverseWords, Uia2Vector128.ReverseWords)).AsUInt64();
}
