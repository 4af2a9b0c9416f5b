namespace Outboard.Plugins.Mana.Gdma;

/// <summary>One CONFIG_VPORT_RX request: what of the steering is to change.</summary>
internal ref struct ReceiveSteering
{
    /// <summary>Whether frames are received.</summary>
    public bool ReceiveEnabled { get; init; }

    /// <summary>Whether the hash chooses the queue.</summary>
    public bool RssEnabled { get; init; }

    /// <summary>Queue of frames that no hash steers; null leaves it as it is.</summary>
    public ulong? DefaultObject { get; init; }

    /// <summary>Forty bytes of Toeplitz key; empty leaves it as it is.</summary>
    public ReadOnlySpan<byte> Key { get; init; }

    /// <summary>One object handle for each entry of the indirection table; empty leaves it as it is.</summary>
    public ReadOnlySpan<ulong> Table { get; init; }

    /// <summary>Hash types wanted, one bit each as in a completion; 0 is the adapter's default.</summary>
    public uint HashTypes { get; init; }

    /// <summary>Whether up to four frames may share a completion.</summary>
    public bool Coalesce { get; init; }
}
