using System.Runtime.InteropServices;

namespace Outboard.Plugins.Crypto.Kernels.AesCbc;

/// <summary>The lanes of a chain kernel as it sees them: every live lane does the same number of blocks in one call.</summary>
/// <remarks>
/// The emitted functions read it. 0 keys; 8 blocks; 16 offset; 64 source of each lane; 320 destination of each lane; 576 states.
/// A source or destination is what lies <see cref="Offset"/> before the lane's next block, so that only a lane that changes its
/// message is written.
/// </remarks>
[StructLayout(LayoutKind.Explicit, Size = Size)]
internal unsafe struct ChainLanes
{
    /// <summary>Most lanes.</summary>
    public const int LaneMax = 32;

    /// <summary>Where the sources begin.</summary>
    public const int SourceOffset = 64;

    /// <summary>Where the destinations begin.</summary>
    public const int DestinationOffset = SourceOffset + (8 * LaneMax);

    /// <summary>Where the states begin.</summary>
    public const int StateOffset = DestinationOffset + (8 * LaneMax);

    /// <summary>Bytes of this structure.</summary>
    public const int Size = StateOffset + (16 * LaneMax);

    /// <summary>The round keys of the one key, or, round by round, those of every lane.</summary>
    [FieldOffset(0)]
    public byte* Keys;

    /// <summary>Blocks of every lane, at least 1.</summary>
    [FieldOffset(8)]
    public ulong BlockCount;

    /// <summary>Bytes that are added to each source and destination.</summary>
    [FieldOffset(16)]
    public ulong Offset;

    [FieldOffset(SourceOffset)]
    public fixed ulong Sources[LaneMax];

    [FieldOffset(DestinationOffset)]
    public fixed ulong Destinations[LaneMax];

    [FieldOffset(StateOffset)]
    public fixed byte States[16 * LaneMax];
}
