using Outboard.Plugins.Mana.Adapter.Queues;
using Outboard.Plugins.Mana.Kernels.Toeplitz;

namespace Outboard.Plugins.Mana.Adapter;

/// <summary>
/// Where received frames go. Immutable: a change publishes a new one, so a frame is steered by one or the other and
/// never by a mixture.
/// </summary>
internal sealed class Steering
{
    public static Steering Off { get; } = new();

    public bool IsReceiveEnabled { get; init; }

    public bool IsRssEnabled { get; init; }

    public ToeplitzKey? Key { get; init; }

    /// <summary>Queues by hash, a power of two entries.</summary>
    public ReceiveElementQueue?[] Table { get; init; } = [];

    public ReceiveElementQueue? Default { get; init; }

    /// <summary>Hash types in use, one bit each as in a completion.</summary>
    public uint HashTypes { get; init; }

    public bool Coalesce { get; init; }
}
