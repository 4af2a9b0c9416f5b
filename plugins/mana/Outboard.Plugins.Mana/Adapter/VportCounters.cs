using Outboard.Plugins.Mana.Wires;

namespace Outboard.Plugins.Mana.Adapter;

/// <summary>Hardware counters of one queue; a vport's are the sums over its queues. Each has one writer.</summary>
internal sealed class VportCounters
{
    public ulong ReceiveNoBuffer;
    public ulong ReceiveVportDisabled;
    public ulong ReceiveBytes;
    public ulong ReceiveUnicastFrames;
    public ulong ReceiveUnicastBytes;
    public ulong ReceiveBroadcastFrames;
    public ulong ReceiveBroadcastBytes;
    public ulong ReceiveMulticastFrames;
    public ulong ReceiveMulticastBytes;
    public ulong SendVportDisabled;
    public ulong SendVportOffset;
    public ulong SendVlan;
    public ulong SendEtherType;
    public ulong SendSourceAddress;
    public ulong SendMtu;
    public ulong SendInvalidOob;
    public ulong SendBytes;
    public ulong SendUnicastFrames;
    public ulong SendUnicastBytes;
    public ulong SendBroadcastFrames;
    public ulong SendBroadcastBytes;
    public ulong SendMulticastFrames;
    public ulong SendMulticastBytes;
    public ulong SendGdmaError;

    /// <summary>Counts a received frame by the kind of its destination.</summary>
    public unsafe void CountReceived(byte* frame, int length)
    {
        ReceiveBytes += (uint)length;
        if ((frame[0] & 1) == 0)
        {
            ReceiveUnicastFrames++;
            ReceiveUnicastBytes += (uint)length;
        }
        else if (IsBroadcast(frame))
        {
            ReceiveBroadcastFrames++;
            ReceiveBroadcastBytes += (uint)length;
        }
        else
        {
            ReceiveMulticastFrames++;
            ReceiveMulticastBytes += (uint)length;
        }
    }

    /// <summary>Counts sent frames by the kind of their destination; nearly all of them are for one station.</summary>
    public unsafe void CountSent(WireFrame* frames, int count)
    {
        ulong bytes = 0;
        ulong unicastFrames = 0;
        ulong unicastBytes = 0;
        for (int i = 0; i < count; i++)
        {
            uint length = (uint)frames[i].Length;
            bytes += length;
            if ((frames[i].Data[0] & 1) == 0)
            {
                unicastFrames++;
                unicastBytes += length;
            }
            else
            {
                CountSentToGroup(frames[i].Data, length);
            }
        }

        SendBytes += bytes;
        SendUnicastFrames += unicastFrames;
        SendUnicastBytes += unicastBytes;
    }

    private unsafe void CountSentToGroup(byte* frame, uint length)
    {
        if (IsBroadcast(frame))
        {
            SendBroadcastFrames++;
            SendBroadcastBytes += length;
        }
        else
        {
            SendMulticastFrames++;
            SendMulticastBytes += length;
        }
    }

    /// <summary>Adds in the order of the statistics answer, which has broadcast before multicast.</summary>
    public void AddTo(Span<ulong> counters)
    {
        ReadOnlySpan<ulong> own =
        [
            ReceiveNoBuffer, ReceiveVportDisabled, ReceiveBytes,
            ReceiveUnicastFrames, ReceiveUnicastBytes,
            ReceiveBroadcastFrames, ReceiveBroadcastBytes,
            ReceiveMulticastFrames, ReceiveMulticastBytes,
            0, SendVportDisabled, SendVportOffset, SendVlan, SendEtherType, SendSourceAddress, 0, 0, SendMtu,
            SendInvalidOob,
            SendBytes,
            SendUnicastFrames, SendUnicastBytes,
            SendBroadcastFrames, SendBroadcastBytes,
            SendMulticastFrames, SendMulticastBytes,
            SendGdmaError,
        ];
        for (int i = 0; i < own.Length; i++)
        {
            counters[i] += own[i];
        }
    }

    private static unsafe bool IsBroadcast(byte* frame) =>
        *(uint*)frame == 0xFFFFFFFF && *(ushort*)(frame + 4) == 0xFFFF;
}
