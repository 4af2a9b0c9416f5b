namespace Outboard.Plugins.Mana.Wires;

/// <summary>A plug that connects the port's transmit side with its receive side.</summary>
/// <remarks>
/// Frames go from the sender's memory to posted buffers in one copy. A frame that finds no buffer is lost, as on any
/// wire, and shows in the counter of frames without a buffer.
/// </remarks>
internal sealed unsafe class LoopWire : IWire
{
    public const string WireName = "loop";

    public string Name => WireName;

    public bool HasSource => false;

    public int SpeedMbps => 200_000;

    public string? Fault => null;

    public bool IsExhausted => false;

    public int Receive(WireFrame* frames, int max) => 0;

    public void Consume(int count)
    {
        // Nothing is ever offered.
    }

    public void Transmit(WireFrame* frames, int count, IFrameSink back) => back.Deliver(frames, count);

    public void Dispose()
    {
        // Holds nothing.
    }
}
