using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Outboard.Plugins.Crypto.Kernels.Ghash;
using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Kernels.Zuc256;

/// <summary>The field of POLYVAL (RFC 8452 3), a message at a time, in 128-bit registers behind every vector width.</summary>
/// <remarks>
/// An element is sixteen bytes, least significant first. Its product, a . b . x^-128, is the one that the GHASH kernels form from
/// reversed bytes and keys divided by x (RFC 8452, appendix A), so their steps are used on elements as they stand.
/// </remarks>
internal static unsafe class Polyval
{
    /// <summary>From this many blocks on the powers of the key pay.</summary>
    private const uint AggregateFrom = 12;

    /// <summary>sum = (sum ^ block) . key for each sixteen bytes of data, the last of them padded with zeros.</summary>
    /// <param name="sum">The running value.</param>
    /// <param name="key">The key.</param>
    /// <param name="data">The data.</param>
    /// <param name="bitLength">Its bits, most significant of each byte first.</param>
    /// <param name="room">Sixteen bytes for the last block.</param>
    public static void Absorb<TLanes>(byte* sum, byte* key, byte* data, nuint bitLength, byte* room)
        where TLanes : struct, ISimdKernel
    {
        nuint blocks = bitLength >> 7;
        Blocks<TLanes>(sum, key, data, blocks);
        int rest = (int)(bitLength & 127);
        if (rest != 0)
        {
            var last = new Span<byte>(room, 16);
            last.Clear();
            int bytes = (rest + 7) >> 3;
            new ReadOnlySpan<byte>(data + (16 * blocks), bytes).CopyTo(last);
            last[bytes - 1] &= (byte)(0xFF << ((8 * bytes) - rest));
            Blocks<TLanes>(sum, key, room, 1);
        }
    }

    /// <summary>value = value . key.</summary>
    public static void Multiply<TLanes>(byte* value, byte* key)
        where TLanes : struct, ISimdKernel
    {
        if (TLanes.Width == SimdWidth.Scalar)
        {
            ulong* v = (ulong*)value, k = (ulong*)key;
            GhashScalar.Multiply(ref v[1], ref v[0], k[1], k[0]);
            return;
        }

        Multiply(Vector128.Load(value).AsUInt64(), Vector128.Load(key).AsUInt64()).AsByte().Store(value);
    }

    private static void Blocks<TLanes>(byte* sum, byte* key, byte* data, nuint blocks)
        where TLanes : struct, ISimdKernel
    {
        if (TLanes.Width == SimdWidth.Scalar)
        {
            ulong* s = (ulong*)sum, k = (ulong*)key;
            for (; blocks != 0; blocks--, data += 16)
            {
                s[0] ^= Unsafe.ReadUnaligned<ulong>(data);
                s[1] ^= Unsafe.ReadUnaligned<ulong>(data + 8);
                GhashScalar.Multiply(ref s[1], ref s[0], k[1], k[0]);
            }

            return;
        }

        Vector128<ulong> value = Vector128.Load(sum).AsUInt64(), h = Vector128.Load(key).AsUInt64();
        if (blocks >= AggregateFrom)
        {
            Vector128<ulong> h2 = Multiply(h, h), h3 = Multiply(h2, h), h4 = Multiply(h2, h2);
            for (; blocks >= 4; blocks -= 4, data += 64)
            {
                Ghash128.MultiplyFirst(
                    value ^ Vector128.Load(data).AsUInt64(), h4, out Vector128<ulong> low, out Vector128<ulong> middle, out Vector128<ulong> high);
                Ghash128.MultiplyAdd(Vector128.Load(data + 16).AsUInt64(), h3, ref low, ref middle, ref high);
                Ghash128.MultiplyAdd(Vector128.Load(data + 32).AsUInt64(), h2, ref low, ref middle, ref high);
                Ghash128.MultiplyAdd(Vector128.Load(data + 48).AsUInt64(), h, ref low, ref middle, ref high);
                value = Ghash128.Reduce(low, middle, high);
            }
        }

        for (; blocks != 0; blocks--, data += 16)
        {
            value = Multiply(value ^ Vector128.Load(data).AsUInt64(), h);
        }

        value.AsByte().Store(sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> Multiply(Vector128<ulong> a, Vector128<ulong> b)
    {
        Ghash128.MultiplyFirst(a, b, out Vector128<ulong> low, out Vector128<ulong> middle, out Vector128<ulong> high);
        return Ghash128.Reduce(low, middle, high);
    }
}
