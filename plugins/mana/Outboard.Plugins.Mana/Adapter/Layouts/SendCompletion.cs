using System.Runtime.InteropServices;

namespace Outboard.Plugins.Mana.Adapter.Layouts;

/// <summary>Completion entry of a sent frame, as the adapter writes it.</summary>
/// <remarks>
/// 0 type (6 bits), client (2 bits), vendor error (24 bits); 4 data offset; 8 list offset (5 bits), work element
/// offset (27 bits); 12 to 59 reserved; 60 as in <see cref="ReceiveCompletion"/>.
/// </remarks>
[StructLayout(LayoutKind.Explicit, Size = Size)]
internal struct SendCompletion
{
    public const int Size = 64;

    [FieldOffset(0)] public uint TypeAndError;
    [FieldOffset(4)] public uint DataOffset;
    [FieldOffset(8)] public uint WorkOffset;
}
