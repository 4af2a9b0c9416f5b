using System.Buffers.Binary;

namespace Outboard.Plugins.Mana.Gdma;

/// <summary>Writes a request of the hardware channel field after field. Control path.</summary>
internal ref struct MessageWriter(Span<byte> target)
{
    private readonly Span<byte> _target = target;
    private int _position;

    public readonly int Position => _position;

    public MessageWriter U8(byte value)
    {
        _target[_position] = value;
        _position++;
        return this;
    }

    public MessageWriter U16(ushort value)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(_target[_position..], value);
        _position += 2;
        return this;
    }

    public MessageWriter U32(uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(_target[_position..], value);
        _position += 4;
        return this;
    }

    public MessageWriter U64(ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(_target[_position..], value);
        _position += 8;
        return this;
    }

    public MessageWriter Bytes(ReadOnlySpan<byte> value)
    {
        value.CopyTo(_target[_position..]);
        _position += value.Length;
        return this;
    }

    public MessageWriter Zeros(int byteCount)
    {
        _target.Slice(_position, byteCount).Clear();
        _position += byteCount;
        return this;
    }
}
