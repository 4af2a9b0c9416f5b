using Outboard.Plugins.Mana.Adapter;
using Outboard.Plugins.Mana.Gdma;
using Outboard.Plugins.Mana.Wires;

namespace Outboard.Plugins.Mana.Tests.Support;

/// <summary>An adapter brought up by the driver's control path, with work elements written by hand.</summary>
internal sealed unsafe class RawPort : IDisposable
{
    public const int BufferSize = 2048;
    public const int BufferCount = 512;

    private readonly DmaBlock _buffers;

    public RawPort(IWire? wire = null, AdapterOptions? options = null, uint sendBytes = 4096, uint receiveBytes = 4096)
    {
        options ??= new AdapterOptions { MacAddress = 0x0100_0000_0002 };
        Adapter = new SoftwareAdapter(options, wire ?? new LoopWire());
        Device = new GdmaDevice(Adapter);
        _buffers = new DmaBlock(Adapter, BufferSize * BufferCount);
        Key = Device.CreateKey(_buffers.Address, (ulong)_buffers.ByteCount);
        Send = Device.CreateQueue(GdmaQueueType.Send, sendBytes, 64);
        Receive = Device.CreateQueue(GdmaQueueType.Receive, receiveBytes, 128);
        Steer(true);
    }

    public SoftwareAdapter Adapter { get; }

    public GdmaDevice Device { get; }

    public MemoryKey Key { get; }

    public GdmaQueuePair Send { get; }

    public GdmaQueuePair Receive { get; }

    public Span<byte> Buffer(int index) => new(_buffers.Pointer + (index * BufferSize), BufferSize);

    public ulong Address(int index) => _buffers.Address + (ulong)(index * BufferSize);

    public void Steer(bool on) => Device.Ethernet.ConfigureReceive(Device.Vport.Handle, new ReceiveSteering
    {
        ReceiveEnabled = on,
        DefaultObject = Receive.Object.Handle,
    });

    public ulong QueueFields => TransmitOob.QueueFields(
        Send.Object.CompletionQueueId, Send.Object.WorkQueueId, Device.VportOffset);

    /// <summary>Posts one buffer for reception, without the doorbell.</summary>
    public void PostReceive(int buffer, uint length = BufferSize) =>
        PostReceive([(Address(buffer), Key.Key, length)]);

    public void PostReceive(ReadOnlySpan<(ulong Address, uint Key, uint Length)> segments) =>
        Post(Receive.Work, segments, 8, 0, 0);

    /// <summary>Posts one send element, without the doorbell.</summary>
    public void PostSend(ulong flags, params ReadOnlySpan<(ulong Address, uint Key, uint Length)> segments) =>
        Post(Send.Work, segments, 8, QueueFields | flags, 0);

    public void PostSendLong(
        ulong flags, ulong more, params ReadOnlySpan<(ulong Address, uint Key, uint Length)> segments) =>
        Post(Send.Work, segments, 24, QueueFields | flags | TransmitOob.FormatLong, more);

    /// <summary>Writes a frame into a buffer and posts it for sending.</summary>
    public void PostFrame(int buffer, ReadOnlySpan<byte> frame, ulong flags = 0)
    {
        frame.CopyTo(Buffer(buffer));
        PostSend(flags, (Address(buffer), Key.Key, (uint)frame.Length));
    }

    /// <summary>Types of the entries in a completion queue, which are taken.</summary>
    public static List<uint> TakeTypes(GdmaQueuePair pair)
    {
        var types = new List<uint>();
        byte* entry;
        while ((entry = pair.Completions.Peek()) != null)
        {
            types.Add(CompletionEntry.Type(entry));
            pair.Completions.Advance();
        }

        return types;
    }

    /// <summary>The next entry as a copy; throws when there is none.</summary>
    public static byte[] TakeEntry(GdmaQueuePair pair)
    {
        byte* entry = pair.Completions.Peek();
        Assert.True(entry != null, "There is no completion.");
        byte[] copy = new ReadOnlySpan<byte>(entry, 64).ToArray();
        pair.Completions.Advance();
        return copy;
    }

    public void Dispose()
    {
        Steer(false);
        Send.Dispose();
        Receive.Dispose();
        Device.DestroyKey(Key);
        _buffers.Dispose();
        Device.Dispose();
        Adapter.Dispose();
    }

    private static void Post(
        WorkRing work, ReadOnlySpan<(ulong Address, uint Key, uint Length)> segments, int oob, ulong first, ulong more)
    {
        ulong* element = (ulong*)work.At(work.Head);
        element[0] = WorkRequest.Header(segments.Length, oob);
        element[1] = first;
        if (oob == 24)
        {
            element[2] = more;
            element[3] = 0;
        }

        for (int i = 0; i < segments.Length; i++)
        {
            WorkRequest.WriteSegment(
                work.SegmentAt(oob, i), segments[i].Address, segments[i].Key, segments[i].Length);
        }

        work.Post(WorkRequest.BasicUnits(segments.Length, oob));
    }
}
