using System.Runtime.InteropServices;

namespace Outboard.Plugins.Mana.Adapter.Layouts;

/// <summary>OOB of a message on the hardware channel, as the adapter reads it.</summary>
/// <remarks>
/// 0 and 4 reserved; 8 destination receive queue (24 bits), function; 12 its completion queue (24 bits); 16 own
/// completion queue (24 bits), loopback, LSO override, destination is PF; 20 own send queue (24 bits).
/// </remarks>
[StructLayout(LayoutKind.Explicit, Size = Size)]
internal struct HwcSendOob
{
    public const int Size = 24;

    [FieldOffset(8)] public uint Destination;
    [FieldOffset(12)] public uint DestinationCompletion;
    [FieldOffset(16)] public uint OwnCompletion;
    [FieldOffset(20)] public uint OwnSend;

    public readonly uint RemoteReceiveQueue => Destination & 0xFFFFFF;

    public readonly uint RemoteCompletionQueue => DestinationCompletion & 0xFFFFFF;

    public readonly uint OwnSendQueue => OwnSend & 0xFFFFFF;
}
