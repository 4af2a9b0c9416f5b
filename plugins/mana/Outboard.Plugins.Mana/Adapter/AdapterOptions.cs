using Outboard.Simd;

namespace Outboard.Plugins.Mana.Adapter;

/// <summary>What the software adapter is made to be.</summary>
internal sealed record AdapterOptions
{
    /// <summary>The vport's address: six bytes, the first in the lowest bits.</summary>
    public ulong MacAddress { get; init; }

    /// <summary>Longest frame with its Ethernet header, without tag and FCS.</summary>
    public int AdapterMtu { get; init; } = 9014;

    /// <summary>Entries of the RSS indirection table, a power of two.</summary>
    public int IndirectionEntries { get; init; } = 128;

    public int QueueMax { get; init; } = 64;

    /// <summary>Offset that every send element must name; above 255 only the long form can.</summary>
    public ushort VportOffset { get; init; } = 3;

    /// <summary>Whether elements without long fields may use the short form.</summary>
    public bool IsShortFormAllowed { get; init; } = true;

    /// <summary>
    /// Whether the port polices what a real vport does: the source address must be the vport's, the EtherType one of a
    /// few, and only frames for the vport's address, broadcast and multicast come in. Off, a wire may carry anybody's
    /// frames, as a capture does.
    /// </summary>
    public bool Enforce { get; init; }

    /// <summary>Chooses the adapter's kernels.</summary>
    public SimdSelector Simd { get; init; } = new(new SimdPolicy());
}
