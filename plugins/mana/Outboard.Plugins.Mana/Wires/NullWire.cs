using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Outboard.Plugins.Mana.Wires;

/// <summary>A generator on the receive side and a sink on the transmit side.</summary>
/// <remarks>
/// Frames are UDP over IPv4 with right checksums, flows drawn from the seed. The payload begins with the frame's number
/// in eight bytes and its complement in the next eight: a word and its complement add to zero in ones' complement, so
/// the checksum made once for a flow stays right for every number, and loss, repetition and disorder show at the
/// receiver.
/// </remarks>
internal sealed unsafe class NullWire : IWire
{
    public const string WireName = "null";
    public const int FlowMax = 4096;

    /// <summary>Where in a frame its number begins.</summary>
    public const int NumberOffset = 14 + 20 + 8;

    private readonly byte* _frames;
    private readonly int _slotSize;
    private readonly int _length;
    private readonly uint _slotMask;
    private readonly ulong _limit;
    private ulong _next;

    public NullWire(NullWireOptions options, ulong destinationMac)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.FrameLength, NullWireOptions.FrameLengthMin);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.FlowCount, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.FlowCount, FlowMax);
        _length = options.FrameLength;
        _slotSize = (_length + 63) & ~63;
        _limit = options.FrameCount == 0 ? ulong.MaxValue : options.FrameCount;

        // A slot is rewritten when its number is offered, so there are more slots than one offer names.
        uint slots = System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(options.FlowCount, 64));
        _slotMask = slots - 1;
        _frames = (byte*)NativeMemory.AlignedAlloc((nuint)(slots * (uint)_slotSize), 64);
        var random = new SplitMix(options.Seed);
        Span<uint> sources = stackalloc uint[FlowMax];
        Span<ushort> ports = stackalloc ushort[FlowMax];
        for (int flow = 0; flow < options.FlowCount; flow++)
        {
            ulong draw = random.Next();
            sources[flow] = 0x0A000000 | ((uint)draw & 0x00FFFFFF);
            ports[flow] = (ushort)(1024 + (((draw >> 32) & 0xFFFF) % 60000));
        }

        for (uint slot = 0; slot < slots; slot++)
        {
            int flow = (int)(slot % (uint)options.FlowCount);
            Fill(new Span<byte>(_frames + (slot * (uint)_slotSize), _length), destinationMac, sources[flow],
                ports[flow], ref random);
        }
    }

    public string Name => WireName;

    public bool HasSource => true;

    public int SpeedMbps => 200_000;

    public string? Fault => null;

    public bool IsExhausted => _next == _limit;

    public int Receive(WireFrame* frames, int max)
    {
        int count = (int)Math.Min((ulong)Math.Min(max, (int)_slotMask + 1), _limit - _next);
        for (int i = 0; i < count; i++)
        {
            ulong number = _next + (uint)i;
            byte* frame = _frames + (((uint)number & _slotMask) * (uint)_slotSize);
            Unsafe.WriteUnaligned(frame + NumberOffset, number);
            Unsafe.WriteUnaligned(frame + NumberOffset + 8, ~number);
            frames[i].Data = frame;
            frames[i].Length = _length;
            frames[i].IsCut = false;
        }

        return count;
    }

    public void Consume(int count) => _next += (uint)count;

    public void Transmit(WireFrame* frames, int count, IFrameSink back)
    {
        // The sink: what arrives here was sent, and the adapter has counted it.
    }

    public void Dispose() => NativeMemory.AlignedFree(_frames);

    private static void Fill(Span<byte> frame, ulong destinationMac, uint source, ushort port, ref SplitMix random)
    {
        const uint DestinationAddress = 0x0A800001;
        const ushort DestinationPort = 4791;
        frame.Clear();
        for (int i = 0; i < 6; i++)
        {
            frame[i] = (byte)(destinationMac >> (8 * i));
        }

        // A locally administered source address.
        frame[6] = 0x02;
        BinaryPrimitives.WriteUInt32BigEndian(frame[8..], source);
        BinaryPrimitives.WriteUInt16BigEndian(frame[12..], 0x0800);
        Span<byte> ip = frame[14..];
        ip[0] = 0x45;
        BinaryPrimitives.WriteUInt16BigEndian(ip[2..], (ushort)ip.Length);
        ip[8] = 64;
        ip[9] = 17;
        BinaryPrimitives.WriteUInt32BigEndian(ip[12..], source);
        BinaryPrimitives.WriteUInt32BigEndian(ip[16..], DestinationAddress);
        BinaryPrimitives.WriteUInt16BigEndian(ip[10..], (ushort)~Sum(ip[..20], 0));
        Span<byte> udp = ip[20..];
        BinaryPrimitives.WriteUInt16BigEndian(udp, port);
        BinaryPrimitives.WriteUInt16BigEndian(udp[2..], DestinationPort);
        BinaryPrimitives.WriteUInt16BigEndian(udp[4..], (ushort)udp.Length);
        for (int i = 24; i < udp.Length; i++)
        {
            udp[i] = (byte)random.Next();
        }

        // Number 0 and its complement stand for every number.
        udp.Slice(16, 8).Fill(0xFF);
        uint pseudo = Sum(ip.Slice(12, 8), (uint)(17 + udp.Length));
        ushort checksum = (ushort)~Sum(udp, pseudo);
        BinaryPrimitives.WriteUInt16BigEndian(udp[6..], checksum == 0 ? (ushort)0xFFFF : checksum);
    }

    private static uint Sum(ReadOnlySpan<byte> data, uint sum)
    {
        for (int i = 0; i < data.Length; i++)
        {
            sum += (i & 1) == 0 ? (uint)data[i] << 8 : data[i];
        }

        while (sum >> 16 != 0)
        {
            sum = (sum & 0xFFFF) + (sum >> 16);
        }

        return sum;
    }

    /// <summary>SplitMix64: the same frames for the same seed everywhere.</summary>
    private struct SplitMix(ulong state)
    {
        private ulong _state = state;

        public ulong Next()
        {
            ulong z = _state += 0x9E3779B97F4A7C15;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return z ^ (z >> 31);
        }
    }
}
