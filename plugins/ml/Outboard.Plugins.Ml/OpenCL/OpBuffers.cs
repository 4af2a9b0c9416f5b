using System.Runtime.CompilerServices;
using Outboard.Ml;

namespace Outboard.Plugins.Ml.OpenCL;

/// <summary>Copies between an op's buffers and contiguous memory: a run through one buffer's segments.</summary>
/// <remarks>The lengths were checked with <see cref="LengthOf"/> when the op was taken.</remarks>
internal unsafe ref struct OpBuffers
{
    private ref readonly MlBuffer _segment;
    private int _position;

    public OpBuffers(ref readonly MlBuffer first) => _segment = ref first;

    /// <summary>Bytes that a buffer holds over all its segments; -1 when one of them is not there.</summary>
    public static long LengthOf(ref readonly MlBuffer first)
    {
        long length = 0;
        ref readonly MlBuffer segment = ref first;
        while (true)
        {
            bool isMissing = segment.Mbuf.IsNull
                ? segment.Address == 0 && segment.Length != 0
                : (long)segment.Offset + segment.Length > segment.Mbuf.PacketLength;
            if (isMissing)
            {
                return -1;
            }

            length += segment.Length;
            if (!segment.HasNext)
            {
                return length;
            }

            segment = ref segment.Next;
        }
    }

    /// <summary>Copies the next bytes out of the buffer.</summary>
    public void Read(byte* target, int byteCount)
    {
        while (byteCount > 0)
        {
            int count = Math.Min(byteCount, Available());
            if (_segment.Mbuf.IsNull)
            {
                // SAFETY: the segment is `Length` bytes long, of which `count` are left.
                Unsafe.CopyBlockUnaligned(target, (byte*)_segment.Address + _position, (uint)count);
            }
            else
            {
                _segment.Mbuf.CopyTo(new Span<byte>(target, count), _segment.Offset + _position);
            }

            target += count;
            byteCount -= count;
            _position += count;
        }
    }

    /// <summary>Copies bytes to the next place in the buffer.</summary>
    public void Write(byte* source, int byteCount)
    {
        while (byteCount > 0)
        {
            int count = Math.Min(byteCount, Available());
            if (_segment.Mbuf.IsNull)
            {
                // SAFETY: as in Read.
                Unsafe.CopyBlockUnaligned((byte*)_segment.Address + _position, source, (uint)count);
            }
            else
            {
                _segment.Mbuf.CopyFrom(new ReadOnlySpan<byte>(source, count), _segment.Offset + _position);
            }

            source += count;
            byteCount -= count;
            _position += count;
        }
    }

    private int Available()
    {
        while (_position == _segment.Length)
        {
            _segment = ref _segment.Next;
            _position = 0;
        }

        return _segment.Length - _position;
    }
}
