namespace Outboard.Plugins.Mana.Wires;

/// <summary>What is behind the adapter's port.</summary>
/// <remarks>
/// Called on data path threads: nothing here throws. <see cref="Receive"/> and <see cref="Consume"/> are called by one
/// thread at a time, <see cref="Transmit"/> by one thread a send queue and so possibly by several at once.
/// </remarks>
internal unsafe interface IWire : IDisposable
{
    /// <summary>Name as the device argument gives it.</summary>
    string Name { get; }

    /// <summary>Whether frames may come in by <see cref="Receive"/>.</summary>
    bool HasSource { get; }

    /// <summary>Link speed in Mbit/s; 0 where a wire has none of its own.</summary>
    int SpeedMbps { get; }

    /// <summary>
    /// Offers frames without taking them off: they stay valid and come again until <see cref="Consume"/> takes them.
    /// </summary>
    int Receive(WireFrame* frames, int max);

    /// <summary>Takes the first <paramref name="count"/> of the frames offered last off the wire.</summary>
    void Consume(int count);

    /// <summary>Sends frames. Their bytes are the adapter's again when this returns.</summary>
    void Transmit(WireFrame* frames, int count, IFrameSink back);

    /// <summary>What went wrong on the wire, if anything did; the port then stays silent.</summary>
    string? Fault { get; }

    /// <summary>Whether everything that was going to come has been offered and taken.</summary>
    bool IsExhausted { get; }
}
