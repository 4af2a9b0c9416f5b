using System.Runtime.CompilerServices;
using Outboard.Plugins.Mana.Adapter.Frames;
using Outboard.Plugins.Mana.Adapter.Hwc;
using Outboard.Plugins.Mana.Adapter.Memory;
using Outboard.Plugins.Mana.Adapter.Queues;
using Outboard.Plugins.Mana.Adapter.Requests;
using Outboard.Plugins.Mana.Bus;
using Outboard.Plugins.Mana.Wires;
using Outboard.Simd;

namespace Outboard.Plugins.Mana.Adapter;

/// <summary>
/// The device side of a MANA virtual function with one Ethernet vport, run on the cores of its callers.
/// </summary>
/// <remarks>
/// A doorbell does the work that it announces before it returns. <see cref="Poll"/> takes frames off the wire for the
/// queue that is about to be read. Registers, the mailbox and the hardware channel are control path and serialized.
/// Guest memory is reached through keys only (the four boot pages and the channel's own buffers through the key of all
/// mapped memory), every access checked against its region.
/// </remarks>
internal sealed unsafe class SoftwareAdapter : AdapterBus, IFrameEngineOwner
{
    public const uint DoorbellZone = 0x10000;
    public const uint DoorbellPageSize = 4096;
    public const uint SharedMemory = 0x400;
    public const uint SharedMemorySize = 32;
    public const int Vectors = 64;

    private const uint VersionRegister = 0x01000000;
    private const uint AllOnes = 0xFFFFFFFF;
    private const uint SendDoorbell = 0x000;
    private const uint ReceiveDoorbell = 0x400;
    private const uint CompletionDoorbell = 0x800;
    private const uint EventDoorbell = 0xFF8;

    private readonly Vector[] _vectors = new Vector[Vectors];
    private readonly RequestHandler _handler;
    private readonly HwcEndpoint _channel;
    private readonly Mailbox _mailbox;
    private readonly FrameEngine _engine;
    private readonly FrameBatch _receiveBatch;
    private readonly VportCounters _receiveLost = new();
    private Steering _steering = Steering.Off;
    private int _wireBusy;
    private bool _endReported;
    private bool _isGone;
    private bool _disposed;

    public SoftwareAdapter(AdapterOptions options, IWire wire)
    {
        Options = options;
        Wire = wire;
        for (int i = 0; i < Vectors; i++)
        {
            _vectors[i] = new Vector();
        }

        Resources = new AdapterResources();
        _engine = FrameEngine.Create(this, options.Simd);
        _receiveBatch = new FrameBatch(64);
        _handler = new RequestHandler(this);
        _channel = new HwcEndpoint(this, _handler);
        _mailbox = new Mailbox(_channel);
    }

    public AdapterOptions Options { get; }

    public IWire Wire { get; }

    public GuestMemory Memory { get; } = new();

    public MemoryRegionTable Regions { get; } = new();

    public AdapterResources Resources { get; }

    public LintCounters Lint { get; } = new();

    public VportCounters ReceiveLost => _receiveLost;

    public Steering Steering => Volatile.Read(ref _steering);

    public bool IsTransmitEnabled { get; set; }

    public FrameEngine Engine => _engine;

    /// <summary>The kernels that the data path was closed over.</summary>
    public KernelChoice[] Kernels => [_engine.Checksum, _engine.Toeplitz];

    public override int VectorCount => Vectors;

    public override uint ReadRegister32(uint offset)
    {
        if (_isGone)
        {
            return AllOnes;
        }

        return offset switch
        {
            0x00 => VersionRegister,
            0x08 => DoorbellZone,
            0x10 => DoorbellPageSize,
            0x18 => SharedMemory,
            0x20 => SharedMemorySize,
            >= SharedMemory and < SharedMemory + SharedMemorySize => _mailbox.Read(offset - SharedMemory),
            _ => 0,
        };
    }

    public override ulong ReadRegister64(uint offset) =>
        ReadRegister32(offset) | ((ulong)(_isGone ? AllOnes : ReadRegister32(offset + 4)) << 32);

    public override void WriteRegister32(uint offset, uint value)
    {
        if (!_isGone && offset is >= SharedMemory and < SharedMemory + SharedMemorySize)
        {
            _mailbox.Write(offset - SharedMemory, value);
        }
    }

    public override void RingDoorbell(uint page, uint offset, ulong value)
    {
        if (_isGone)
        {
            return;
        }

        uint id = (uint)value & 0xFFFFFF;
        uint tail = (uint)(value >> 32);
        switch (offset)
        {
            case SendDoorbell:
                RingSend(page, id, tail);
                break;
            case ReceiveDoorbell:
                RingReceive(page, (uint)value, tail);
                break;
            case CompletionDoorbell:
                CompletionProducer? completions = Resources.FindCompletionQueue(id);
                if (completions is null || completions.DoorbellPage != page)
                {
                    Lint.Doorbells++;
                    return;
                }

                completions.Ring(tail & 0x7FFFFFFF, tail >> 31 != 0);
                break;
            case EventDoorbell:
                EventProducer? events = Resources.FindEventQueue(id & 0xFFFF);
                if (events is null || events.DoorbellPage != page)
                {
                    Lint.Doorbells++;
                    return;
                }

                events.Ring(tail & 0x7FFFFFFF, tail >> 31 != 0);
                break;
            default:
                Lint.Doorbells++;
                break;
        }
    }

    public override void Poll(uint page, uint completionQueue, int budget)
    {
        if (!Wire.HasSource || _isGone)
        {
            return;
        }

        ReceiveElementQueue? queue = Resources.FindCompletionQueue(completionQueue)?.Receive;
        if (queue is null || Interlocked.CompareExchange(ref _wireBusy, 1, 0) != 0)
        {
            return;
        }

        while (budget > 0 && queue.HasElement)
        {
            int offered = Wire.Receive(_receiveBatch.Frames, Math.Min(budget, FrameBatch.Capacity));
            int taken = _engine.Deliver(_receiveBatch.Frames, offered, _receiveBatch, _receiveLost, wait: true);
            Wire.Consume(taken);
            budget -= taken;
            if (taken == 0)
            {
                break;
            }
        }

        if (Wire.IsExhausted && !_endReported)
        {
            _endReported = true;
            ReportLink(isUp: false);
        }

        Volatile.Write(ref _wireBusy, 0);
    }

    public override void MapMemory(byte* address, nuint byteCount) => Memory.Map(address, byteCount);

    public override void UnmapMemory(byte* address) => Memory.Unmap(address);

    public override void ConnectVector(int vector, IInterruptSink? sink) => _vectors[vector].Sink = sink;

    public IInterruptSource VectorAt(int vector) => _vectors[vector];

    /// <summary>Publishes where frames go from now on. A batch under way ends by what was before.</summary>
    public void Steer(Steering steering) => Volatile.Write(ref _steering, steering);

    /// <summary>Sums the hardware counters over everything that counts.</summary>
    public void ReadCounters(Span<ulong> counters)
    {
        counters.Clear();
        _receiveLost.AddTo(counters);
        Resources.AddCounters(counters);
    }

    /// <summary>Tells the driver that the link went up or down.</summary>
    public void ReportLink(bool isUp)
    {
        const byte SocReconfigData = 133;
        const uint LinkUp = 2u << 24;
        const uint LinkDown = 3u << 24;
        _channel.Events?.Post(SocReconfigData, isUp ? LinkUp : LinkDown);
    }

    /// <summary>Takes the function away: registers read as all ones, doorbells go nowhere.</summary>
    public void Remove() => _isGone = true;

    /// <summary>Forgets everything that a driver made: what a reset of the function does.</summary>
    public void Reset()
    {
        Steer(Steering.Off);
        IsTransmitEnabled = false;
        _handler.Reset();
        Resources.Clear();
        Regions.Clear();
    }

    public override void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            _isGone = true;
            Reset();
            _receiveBatch.Dispose();
            Wire.Dispose();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void RingSend(uint page, uint id, uint tail)
    {
        SendPort? port = Resources.FindSendQueue(id);
        if (port is not null && port.Queue.DoorbellPage == page && port.Queue.TryRing(tail))
        {
            _engine.Send(port.Queue, port.Batch, port);
        }
        else if (!_channel.TryRingSend(page, id, tail))
        {
            Lint.Doorbells++;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void RingReceive(uint page, uint idAndCount, uint tail)
    {
        // The count above the id is written as 0 by every driver; anything else is no doorbell of this queue.
        ReceiveElementQueue? queue = Resources.FindReceiveQueue(idAndCount);
        if (queue is not null && queue.DoorbellPage == page && queue.TryRing(tail))
        {
            return;
        }

        if (!_channel.TryRingReceive(page, idAndCount, tail))
        {
            Lint.Doorbells++;
        }
    }

    private sealed class Vector : IInterruptSource
    {
        private IInterruptSink? _sink;

        public IInterruptSink? Sink
        {
            set => Volatile.Write(ref _sink, value);
        }

        public void Raise() => Volatile.Read(ref _sink)?.Raise();
    }
}
