using System.Runtime.InteropServices;

namespace Outboard.Plugins.Mana.Adapter.Layouts;

/// <summary>Scatter-gather element, as the adapter reads it: 0 address, 8 memory key, 12 size.</summary>
[StructLayout(LayoutKind.Explicit, Size = Size)]
internal struct ScatterGather
{
    public const int Size = 16;

    [FieldOffset(0)] public ulong Address;
    [FieldOffset(8)] public uint MemoryKey;
    [FieldOffset(12)] public uint ByteCount;
}
