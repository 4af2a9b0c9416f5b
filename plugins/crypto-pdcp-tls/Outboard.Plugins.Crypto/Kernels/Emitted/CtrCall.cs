using System.Runtime.InteropServices;
using Outboard.Plugins.Crypto.Keys;

namespace Outboard.Plugins.Crypto.Kernels.Emitted;

/// <summary>What an emitted counter-mode function is told, behind its one argument.</summary>
/// <remarks>
/// 0 round keys, 8 source, 16 destination, 24 whole registers to do, 32 mask of the bytes behind them, 40 first
/// counter, byte-reversed.
/// </remarks>
[StructLayout(LayoutKind.Explicit, Size = 56)]
internal unsafe struct CtrCall
{
    [FieldOffset(0)]
    public AesKey* Key;

    [FieldOffset(8)]
    public byte* Source;

    [FieldOffset(16)]
    public byte* Destination;

    [FieldOffset(24)]
    public ulong RegisterCount;

    [FieldOffset(32)]
    public ulong Mask;

    [FieldOffset(40)]
    public ulong CounterLow;

    [FieldOffset(48)]
    public ulong CounterHigh;
}
