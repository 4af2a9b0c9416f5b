using System.Runtime.InteropServices;

namespace Outboard.Plugins.Crypto.Kernels.Snow3g;

/// <summary>What a UIA2 kernel keeps of one message between calls.</summary>
[StructLayout(LayoutKind.Explicit, Size = Size)]
internal unsafe struct Uia2State
{
    public const int Size = 384;

    /// <summary>P^8 to P^1; the scalar kernel has P alone, in the last.</summary>
    [FieldOffset(0)]
    public fixed ulong Powers[8];

    /// <summary>The sum: one or more 128-bit polynomials to be added up, not reduced.</summary>
    [FieldOffset(64)]
    public fixed ulong Sum[8];

    /// <summary>P^8 and x^64 . P^8: what moves a 128-bit sum past a block.</summary>
    [FieldOffset(128)]
    public fixed ulong BlockFold[2];

    /// <summary>Q and x^64 . Q.</summary>
    [FieldOffset(144)]
    public fixed ulong LastFold[2];

    /// <summary>P^32 and x^64 . P^32, for four blocks; only made for long messages, as is what follows.</summary>
    [FieldOffset(160)]
    public fixed ulong FourBlockFold[2];

    /// <summary>P^32 to P^9.</summary>
    [FieldOffset(192)]
    public fixed ulong MorePowers[24];
}
