using System.Buffers.Binary;

namespace Outboard.Plugins.Mana.Adapter.Requests;

/// <summary>An answer under way, zeroed, written by offset from the start of the message.</summary>
internal readonly ref struct AnswerView(Span<byte> bytes)
{
    private readonly Span<byte> _bytes = bytes;

    public void U8(int offset, byte value) => _bytes[offset] = value;

    public void U16(int offset, ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(_bytes[offset..], value);

    public void U32(int offset, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(_bytes[offset..], value);

    public void U64(int offset, ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(_bytes[offset..], value);
}
