using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Outboard.Plugins.Crypto.Kernels.AesCtr;

/// <summary>How a byte-reversed counter in a register counts: the number sits in its lowest lane.</summary>
internal interface ICounterMode
{
    static abstract Vector128<byte> Add(Vector128<byte> counter, uint increment);

    static abstract Vector256<byte> Add(Vector256<byte> counter, Vector256<uint> increment);

    static abstract Vector512<byte> Add(Vector512<byte> counter, Vector512<uint> increment);
}

/// <summary>Modulo 2^64 in a register: the caller has split the message where the low half of a 128-bit counter wraps.</summary>
internal readonly struct Counter128 : ICounterMode
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Add(Vector128<byte> counter, uint increment) =>
        (counter.AsUInt64() + Vector128.Create(increment, 0UL)).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Add(Vector256<byte> counter, Vector256<uint> increment) =>
        (counter.AsUInt64() + increment.AsUInt64()).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> Add(Vector512<byte> counter, Vector512<uint> increment) =>
        (counter.AsUInt64() + increment.AsUInt64()).AsByte();
}

/// <summary>Modulo 2^32; the other twelve bytes never change.</summary>
internal readonly struct Counter32 : ICounterMode
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Add(Vector128<byte> counter, uint increment) =>
        (counter.AsUInt32() + Vector128.Create(increment, 0u, 0u, 0u)).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Add(Vector256<byte> counter, Vector256<uint> increment) =>
        (counter.AsUInt32() + increment).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> Add(Vector512<byte> counter, Vector512<uint> increment) =>
        (counter.AsUInt32() + increment).AsByte();
}
