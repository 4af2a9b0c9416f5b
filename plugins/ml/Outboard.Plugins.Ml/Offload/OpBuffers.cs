using System.Runtime.CompilerServices;
using Outboard.Mbufs;
using Outboard.Ml;

namespace Outboard.Plugins.Ml.Offload;

/// <summary>Reading and writing op buffers: plain memory, chains of segments, and mbuf chains, in any mixture.</summary>
internal static unsafe class OpBuffers
{
    /// <summary>Segments of one buffer; a longer chain is refused at enqueue, which also ends a cyclic one.</summary>
    public const int SegmentsMax = 64;

    /// <summary>Bytes that a buffer really has, segments included; -1 when it is malformed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static long Length(ref readonly MlBuffer buffer)
    {
        long total = 0;
        ref readonly MlBuffer segment = ref buffer;
        for (int count = 1; ; count++)
        {
            if (count > SegmentsMax || !IsSound(in segment))
            {
                return -1;
            }

            total += segment.Length;
            if (!segment.HasNext)
            {
                return total;
            }

            segment = ref segment.Next;
        }
    }

    /// <summary>The address when the first segment alone holds that many bytes in one place, otherwise null.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte* Contiguous(ref readonly MlBuffer buffer, long bytes)
    {
        if (buffer.Length < bytes)
        {
            return null;
        }

        if (buffer.Address != 0)
        {
            return (byte*)buffer.Address;
        }

        Mbuf mbuf = buffer.Mbuf;
        return !mbuf.IsNull && buffer.Offset + bytes <= mbuf.DataLength ? mbuf.DataPointer + buffer.Offset : null;
    }

    /// <summary>Copies out of a buffer whose length has been checked.</summary>
    public static void Read(ref readonly MlBuffer buffer, long offset, byte* to, long bytes) => Copy(in buffer, offset, to, bytes, false);

    /// <summary>Copies into a buffer whose length has been checked.</summary>
    public static void Write(ref readonly MlBuffer buffer, long offset, byte* from, long bytes) => Copy(in buffer, offset, from, bytes, true);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool IsSound(ref readonly MlBuffer segment)
    {
        if (segment.Length < 0)
        {
            return false;
        }

        if (segment.Address != 0 || segment.Length == 0)
        {
            return true;
        }

        // Offset and length come from the caller: the packet must really hold them.
        Mbuf mbuf = segment.Mbuf;
        return !mbuf.IsNull && segment.Offset >= 0 && (long)segment.Offset + segment.Length <= mbuf.PacketLength;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Copy(ref readonly MlBuffer buffer, long offset, byte* memory, long bytes, bool write)
    {
        ref readonly MlBuffer segment = ref buffer;
        while (bytes > 0)
        {
            if (offset < segment.Length)
            {
                long part = Math.Min(bytes, segment.Length - offset);
                if (segment.Address != 0)
                {
                    Move((byte*)segment.Address + offset, memory, part, write);
                }
                else
                {
                    CopyPacket(segment.Mbuf, segment.Offset + offset, memory, part, write);
                }

                memory += part;
                bytes -= part;
                offset = 0;
            }
            else
            {
                offset -= segment.Length;
            }

            if (bytes > 0)
            {
                segment = ref segment.Next;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CopyPacket(Mbuf mbuf, long offset, byte* memory, long bytes, bool write)
    {
        for (; bytes > 0 && !mbuf.IsNull; mbuf = mbuf.Next)
        {
            long length = mbuf.DataLength;
            if (offset >= length)
            {
                offset -= length;
                continue;
            }

            long part = Math.Min(bytes, length - offset);
            Move(mbuf.DataPointer + offset, memory, part, write);
            memory += part;
            bytes -= part;
            offset = 0;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Move(byte* outside, byte* inside, long bytes, bool write)
    {
        if (write)
        {
            Unsafe.CopyBlockUnaligned(outside, inside, (uint)bytes);
        }
        else
        {
            Unsafe.CopyBlockUnaligned(inside, outside, (uint)bytes);
        }
    }
}
