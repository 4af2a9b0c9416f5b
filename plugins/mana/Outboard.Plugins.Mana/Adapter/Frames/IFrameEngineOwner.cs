using Outboard.Plugins.Mana.Adapter.Memory;
using Outboard.Plugins.Mana.Wires;

namespace Outboard.Plugins.Mana.Adapter.Frames;

/// <summary>What the data path needs to know of the adapter it belongs to.</summary>
internal interface IFrameEngineOwner
{
    AdapterOptions Options { get; }

    MemoryRegionTable Regions { get; }

    IWire Wire { get; }

    /// <summary>Where frames go now; may be another one on the next look.</summary>
    Steering Steering { get; }

    /// <summary>Whether the vport sends.</summary>
    bool IsTransmitEnabled { get; }

    LintCounters Lint { get; }
}
