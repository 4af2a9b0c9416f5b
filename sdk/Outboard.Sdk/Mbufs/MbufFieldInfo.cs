namespace Outboard.Mbufs;

/// <summary>One entry of the map of dynamic fields.</summary>
/// <param name="Name">The field's name.</param>
/// <param name="Offset">Bytes from the start of the header.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Alignment">Bytes; a power of two.</param>
public sealed record MbufFieldInfo(string Name, int Offset, int Size, int Alignment);
