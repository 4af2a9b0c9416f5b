using System.Buffers.Binary;

namespace Outboard.Plugins.Mana.Gdma;

/// <summary>Reads an answer of the hardware channel field after field. Control path.</summary>
internal ref struct MessageReader(ReadOnlySpan<byte> source)
{
    private ReadOnlySpan<byte> _rest = source;

    public byte U8()
    {
        byte value = _rest[0];
        _rest = _rest[1..];
        return value;
    }

    public ushort U16()
    {
        ushort value = BinaryPrimitives.ReadUInt16LittleEndian(_rest);
        _rest = _rest[2..];
        return value;
    }

    public uint U32()
    {
        uint value = BinaryPrimitives.ReadUInt32LittleEndian(_rest);
        _rest = _rest[4..];
        return value;
    }

    public ulong U64()
    {
        ulong value = BinaryPrimitives.ReadUInt64LittleEndian(_rest);
        _rest = _rest[8..];
        return value;
    }

    public void Bytes(Span<byte> target)
    {
        _rest[..target.Length].CopyTo(target);
        _rest = _rest[target.Length..];
    }

    public void Skip(int byteCount) => _rest = _rest[byteCount..];
}
