using System.Runtime.InteropServices;

namespace Outboard.Plugins.Mana.Adapter.Layouts;

/// <summary>Completion entry of an answer on the hardware channel, as the adapter writes it.</summary>
/// <remarks>
/// 0 type and flags; 4 source queue (24 bits), function; 8 reserved; 12 work element offset in bytes; 16 address high;
/// 20 client data unit; 24 length of the answer; 28 chunk offset.
/// </remarks>
[StructLayout(LayoutKind.Explicit, Size = Size)]
internal struct HwcReceiveCompletion
{
    public const int Size = 64;

    [FieldOffset(0)] public uint TypeAndFlags;
    [FieldOffset(4)] public uint SourceQueue;
    [FieldOffset(12)] public uint WorkOffset;
    [FieldOffset(24)] public uint DataByteCount;
}
