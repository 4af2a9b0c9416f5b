using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Outboard.Plugins.Mana.Adapter.Layouts;

namespace Outboard.Plugins.Mana.Adapter.Requests;

/// <summary>A request as it came, read by offset from the start of the message.</summary>
internal readonly ref struct RequestView(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;

    public int Length => _bytes.Length;

    public RequestHeader Header => MemoryMarshal.Read<RequestHeader>(_bytes);

    public byte U8(int offset) => _bytes[offset];

    public ushort U16(int offset) => BinaryPrimitives.ReadUInt16LittleEndian(_bytes[offset..]);

    public uint U32(int offset) => BinaryPrimitives.ReadUInt32LittleEndian(_bytes[offset..]);

    public ulong U64(int offset) => BinaryPrimitives.ReadUInt64LittleEndian(_bytes[offset..]);

    public ReadOnlySpan<byte> Bytes(int offset, int count) => _bytes.Slice(offset, count);
}
