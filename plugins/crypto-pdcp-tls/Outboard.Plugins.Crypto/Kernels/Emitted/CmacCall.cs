using System.Runtime.InteropServices;

namespace Outboard.Plugins.Crypto.Kernels.Emitted;

/// <summary>What an emitted CMAC function is told, behind its one argument.</summary>
/// <remarks>0 keys, 8 states, 16 blocks of every lane, 24 zero, 32 the data of each lane.</remarks>
[StructLayout(LayoutKind.Explicit, Size = 32 + (8 * LanesMax))]
internal unsafe struct CmacCall
{
    /// <summary>Lanes of a 512-bit function; one of 256 bits has half.</summary>
    public const int LanesMax = 32;

    /// <summary>The round keys of the one key, or round by round those of every lane.</summary>
    [FieldOffset(0)]
    public byte* Keys;

    [FieldOffset(8)]
    public byte* States;

    [FieldOffset(16)]
    public ulong BlockCount;

    /// <summary>Where in the data to begin.</summary>
    [FieldOffset(24)]
    public ulong Offset;

    [FieldOffset(32)]
    public fixed ulong Data[LanesMax];
}
