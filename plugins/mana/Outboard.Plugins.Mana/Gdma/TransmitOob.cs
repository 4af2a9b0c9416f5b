namespace Outboard.Plugins.Mana.Gdma;

/// <summary>Out-of-band data of an Ethernet send element, as the driver writes it (reference 1.4).</summary>
/// <remarks>
/// Every field is written, so nothing of an earlier element shows through: the header offset of a UDP frame and the
/// unused fields of the long form are part of what the adapter checks.
/// </remarks>
internal static class TransmitOob
{
    public const int ShortSize = 8;
    public const int LongSize = 24;

    /// <summary>Largest vport offset of the short form; above it the long form is a must.</summary>
    public const uint ShortVportOffsetMax = 255;

    /// <summary>Largest offset that the 10 bits for the L4 header can say.</summary>
    public const int L4OffsetMax = 1023;

    public const ulong FormatLong = 1;
    public const ulong OuterIPv4 = 1UL << 2;
    public const ulong OuterIPv6 = 1UL << 3;
    public const ulong IPChecksum = 1UL << 4;
    public const ulong TcpChecksum = 1UL << 5;
    public const ulong UdpChecksum = 1UL << 6;
    public const ulong SuppressCompletion = 1UL << 7;

    /// <summary>The part of the first eight bytes that is the same for every frame of one queue.</summary>
    public static ulong QueueFields(uint completionQueue, uint sendQueue, uint vportOffset) =>
        ((ulong)(completionQueue & 0xFFFFFF) << 8)
        | ((ulong)((sendQueue >> 10) & 0x3FFF) << 42)
        | ((ulong)(vportOffset & 0xFF) << 56);

    /// <summary>L4 header offset in its place.</summary>
    public static ulong L4Offset(int offset) => (ulong)((uint)offset & 0x3FF) << 32;

    /// <summary>First eight of the sixteen bytes that the long form adds; the other eight are reserved.</summary>
    public static ulong LongFields(uint vportOffset, bool injectVlan, ushort vlanTci) =>
        ((ulong)(vportOffset & 0xFFF) << 48)
        | (injectVlan ? (1UL << 3) | ((ulong)(uint)(vlanTci >> 13) << 16) | ((ulong)((uint)(vlanTci >> 12) & 1) << 19)
            | ((ulong)((uint)vlanTci & 0xFFF) << 20) : 0);
}
