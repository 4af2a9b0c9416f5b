using System.Runtime.CompilerServices;

namespace Outboard.Plugins.Mana.Gdma;

/// <summary>Completion entries of 64 bytes, as the driver reads them (reference 1.5).</summary>
internal static unsafe class CompletionEntry
{
    public const int Size = 64;

    public const uint ReceiveOkay = 1;
    public const uint ReceiveCoalesced4 = 2;
    public const uint ReceiveFence = 3;
    public const uint ReceiveTruncated = 4;
    public const uint TransmitOkay = 32;
    public const uint TransmitGdmaError = 42;

    /// <summary>Most frames that one coalesced entry names.</summary>
    public const int CoalescedMax = 4;

    public const uint VlanPresent = 1u << 12;
    public const uint OuterIPGood = 1u << 13;
    public const uint OuterIPBad = 1u << 14;
    public const uint IPGood = 1u << 25;
    public const uint IPBad = 1u << 26;
    public const uint TcpGood = 1u << 27;
    public const uint TcpBad = 1u << 28;
    public const uint UdpGood = 1u << 29;
    public const uint UdpBad = 1u << 30;
    public const int HashTypeShift = 16;
    public const uint HashTypeMask = 0x1FF;

    /// <summary>Dword 15: work queue id, which side it is, owner bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Trailer(byte* entry) => Volatile.Read(ref *(uint*)(entry + 60));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Owner(uint trailer) => trailer >> 29;

    public static uint WorkQueueId(uint trailer) => trailer & 0xFFFFFF;

    public static bool IsSend(uint trailer) => (trailer & (1u << 24)) != 0;

    /// <summary>Type of the entry, the low six bits of the first dword.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Type(byte* entry) => *(uint*)entry & 0x3F;

    /// <summary>Vendor error, above the two client bits.</summary>
    public static uint VendorError(byte* entry) => *(uint*)entry >> 8;

    /// <summary>Offset in basic units of the send element that this entry completes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint TransmitWorkOffset(byte* entry) => *(uint*)(entry + 8) >> 5;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint ReceiveFlags(byte* entry) => *(uint*)(entry + 4);

    /// <summary>Length of frame <paramref name="slot"/> (0 to 3); 0 ends the list.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint ReceiveLength(byte* entry, int slot) => *(ushort*)(entry + 8 + (slot * 12));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint ReceiveHash(byte* entry, int slot) => *(uint*)(entry + 16 + (slot * 12));

    /// <summary>Frames that a receive entry names.</summary>
    public static int FrameCount(byte* entry)
    {
        int count = Type(entry) == ReceiveOkay ? 1 : 0;
        if (Type(entry) == ReceiveCoalesced4)
        {
            while (count < CoalescedMax && ReceiveLength(entry, count) != 0)
            {
                count++;
            }
        }

        return count;
    }

    /// <summary>Offset in basic units of the receive element of the first frame.</summary>
    public static uint ReceiveWorkOffset(byte* entry) => *(uint*)(entry + 56);
}
