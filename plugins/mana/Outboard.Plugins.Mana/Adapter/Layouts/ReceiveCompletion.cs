using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Outboard.Plugins.Mana.Adapter.Layouts;

/// <summary>Completion entry of received frames, as the adapter writes it.</summary>
/// <remarks>
/// 0 type (6 bits), client (2 bits, 1 = MANA), vendor error (24 bits); 4 flags; 8, 20, 32, 44 frame slots of length
/// (16 bits), reserved (48 bits), hash; 56 work element offset; 60 queue id (24 bits), side, owner (3 bits, on top).
/// The last dword is not written here: it hands the entry over and goes last.
/// </remarks>
[StructLayout(LayoutKind.Explicit, Size = Size)]
internal unsafe struct ReceiveCompletion
{
    public const int Size = 64;
    public const int SlotCount = 4;
    public const uint ManaClient = 1u << 6;

    [FieldOffset(0)] public uint TypeAndError;
    [FieldOffset(4)] public ReceiveFlags Flags;
    [FieldOffset(8)] public fixed uint Slots[SlotCount * 3];
    [FieldOffset(56)] public uint WorkOffset;
    [FieldOffset(60)] public uint Trailer;

    /// <summary>Writes the entry of one frame, all of it but the last dword.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write(
        ReceiveCompletion* entry, CompletionType type, ReceiveFlags flags, int length, uint hash, uint workOffset)
    {
        entry->TypeAndError = (uint)type | ManaClient;
        entry->Flags = flags;
        ulong* slots = (ulong*)entry->Slots;
        slots[0] = (ushort)length;
        slots[1] = hash;
        slots[2] = 0;
        slots[3] = 0;
        slots[4] = 0;
        slots[5] = 0;
        entry->WorkOffset = workOffset;
    }

    /// <summary>Adds a frame to a coalesced entry that is not handed over yet.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Append(ReceiveCompletion* entry, int slot, int length, uint hash)
    {
        entry->TypeAndError = (uint)CompletionType.ReceiveCoalesced4 | ManaClient;
        entry->Slots[slot * 3] = (ushort)length;
        entry->Slots[(slot * 3) + 2] = hash;
    }
}
