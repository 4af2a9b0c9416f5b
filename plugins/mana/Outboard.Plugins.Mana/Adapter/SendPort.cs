using Outboard.Plugins.Mana.Adapter.Frames;
using Outboard.Plugins.Mana.Adapter.Queues;
using Outboard.Plugins.Mana.Wires;

namespace Outboard.Plugins.Mana.Adapter;

/// <summary>A send queue with its working memory, and the way back for a wire that returns frames.</summary>
internal sealed unsafe class SendPort(SendElementQueue queue, FrameEngine engine, int frameMax)
    : IFrameSink, IDisposable
{
    public SendElementQueue Queue { get; } = queue;

    public FrameBatch Batch { get; } = new(frameMax);

    public void Deliver(WireFrame* frames, int count) =>
        engine.Deliver(frames, count, Batch, Queue.Counters, wait: false);

    public void Dispose() => Batch.Dispose();
}
