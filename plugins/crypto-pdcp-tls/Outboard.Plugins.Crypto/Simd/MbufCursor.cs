using System.Runtime.CompilerServices;
using Outboard.Mbufs;

namespace Outboard.Plugins.Crypto.Simd;

/// <summary>A place in a packet that moves over its segments run by run.</summary>
internal unsafe struct MbufCursor
{
    private Mbuf _next;
    private byte* _at;
    private nuint _left;

    /// <summary>A place <paramref name="offset"/> bytes into the packet, at most its length.</summary>
    public MbufCursor(Mbuf packet, nuint offset)
    {
        Mbuf segment = packet;
        while (offset > (nuint)segment.DataLength && !segment.Next.IsNull)
        {
            offset -= (nuint)segment.DataLength;
            segment = segment.Next;
        }

        // SAFETY: the callers have compared offset with the packet's length; a packet whose segments do not add up stays inside the last one.
        offset = Math.Min(offset, (nuint)segment.DataLength);
        _at = segment.DataPointer + offset;
        _left = (nuint)segment.DataLength - offset;
        _next = segment.Next;
    }

    /// <summary>The byte at the place; valid for <see cref="Run"/> bytes.</summary>
    public readonly ref byte Byte => ref *_at;

    /// <summary>How many bytes lie in one piece here; 0 only at the end of the packet.</summary>
    public nuint Run()
    {
        while (_left == 0 && !_next.IsNull)
        {
            _at = _next.DataPointer;
            _left = (nuint)_next.DataLength;
            _next = _next.Next;
        }

        return _left;
    }

    /// <summary>Moves on inside the run.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Advance(nuint count)
    {
        _at += count;
        _left -= count;
    }
}
