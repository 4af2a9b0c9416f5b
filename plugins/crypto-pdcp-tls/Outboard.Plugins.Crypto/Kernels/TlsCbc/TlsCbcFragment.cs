using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Outboard.Plugins.Crypto.Kernels.TlsCbc;

/// <summary>One fragment, <c>content | MAC | padding | padding length</c>: what of it is public, and what is secret.</summary>
/// <remarks>The secret fields are only ever operands of additions, shifts and logic.</remarks>
internal unsafe struct TlsCbcFragment
{
    /// <summary>Bytes of the pseudo header before the content.</summary>
    public const int HeaderLength = 13;

    /// <summary>Bytes of a frame: the end of a fragment as far in as a MAC can begin, with room for words that reach over it.</summary>
    public const int FrameLength = MacLengthMax + PaddingMax + 16;

    // The padding and the byte that says its length (RFC 5246 6.2.3.2: 0 to 255 and that byte).
    private const int PaddingMax = 256;
    private const int MacLengthMax = 48;

    private ulong _isPadded;
    private long _padding;
    private long _contentLength;
    private int _macLength;

    /// <summary>Secret: bytes of the content, as far as the padding can be believed.</summary>
    public readonly long ContentLength => _contentLength;

    /// <summary>Public: the fewest bytes that the content can have.</summary>
    public static long ContentMin(long length, int macLength) => Math.Max(0, length - macLength - PaddingMax);

    /// <summary>Public: the most bytes that the content can have; negative for a fragment that cannot be one.</summary>
    public static long ContentMax(long length, int macLength) => length - macLength - 1;

    /// <summary>Reads the padding.</summary>
    /// <param name="fragment">The fragment.</param>
    /// <param name="length">Its bytes, more than the MAC has.</param>
    /// <param name="macLength">Bytes of the MAC.</param>
    /// <param name="frame">Room for <see cref="FrameLength"/> bytes, kept until <see cref="IsAuthentic"/>.</param>
    public void Begin(byte* fragment, long length, int macLength, byte* frame)
    {
        int window = macLength + PaddingMax;
        int held = (int)Math.Min(length, window);
        new Span<byte>(frame, FrameLength).Clear();
        Unsafe.CopyBlockUnaligned(frame + (window - held), fragment + (length - held), (uint)held);

        _macLength = macLength;
        long padding = frame[window - 1];
        ulong repeated = (ulong)padding * 0x0101010101010101;
        ulong different = 0;
        for (int at = 0; at < PaddingMax; at += sizeof(ulong))
        {
            // The last padding + 1 bytes say the same.
            ulong before = SecretMask.FirstBytes(PaddingMax - 1 - padding - at);
            different |= (*(ulong*)(frame + macLength + at) ^ repeated) & ~before;
        }

        // A MAC is checked in either case: of a fragment with wrong padding as if it had none (RFC 5246 6.2.3.2).
        long most = ContentMax(length, macLength);
        _isPadded = SecretMask.IsZero(different) & SecretMask.IsNotNegative(most - padding);
        _padding = padding & (long)_isPadded;
        _contentLength = most - _padding;
    }

    /// <summary>Writes the pseudo header.</summary>
    /// <param name="header">The header as far as the length.</param>
    /// <param name="destination">Room for <see cref="HeaderLength"/> bytes.</param>
    public readonly void WriteHeader(byte* header, byte* destination)
    {
        Unsafe.CopyBlockUnaligned(destination, header, HeaderLength - 2);
        destination[HeaderLength - 2] = (byte)(_contentLength >> 8);
        destination[HeaderLength - 1] = (byte)_contentLength;
    }

    /// <summary>Ends the hashed bytes in blocks that hold more than they should: clears what is behind, and pads (FIPS 180-4 5.1).</summary>
    /// <param name="blocks">The blocks in which the hashed bytes may end.</param>
    /// <param name="length">Bytes of these.</param>
    /// <param name="start">Where in the hashed bytes they begin.</param>
    /// <param name="blockLength">Bytes of a block, a power of two.</param>
    /// <param name="lengthField">Bytes of the length at the end of the last.</param>
    /// <returns>Secret: which of the blocks is the last, from 0.</returns>
    public readonly long End(byte* blocks, int length, long start, int blockLength, int lengthField)
    {
        long end = HeaderLength + _contentLength - start;
        for (int at = 0; at < length; at += sizeof(ulong))
        {
            ulong hashed = SecretMask.FirstBytes(end - at);
            ulong marked = SecretMask.FirstBytes(end + 1 - at);
            ulong* word = (ulong*)(blocks + at);
            *word = (*word & hashed) | ((marked ^ hashed) & 0x8080808080808080);
        }

        long last = (end + lengthField) >> System.Numerics.BitOperations.Log2((uint)blockLength);
        ulong bits = BinaryPrimitives.ReverseEndianness((ulong)(blockLength + HeaderLength + _contentLength) << 3);
        for (int block = 0; block * blockLength < length; block++)
        {
            ulong* word = (ulong*)(blocks + ((block + 1) * blockLength) - sizeof(ulong));
            *word |= bits & SecretMask.IsZero((ulong)(block ^ last));
        }

        return last;
    }

    /// <summary>Compares the MAC, wherever it is.</summary>
    /// <param name="mac">What it should be.</param>
    /// <param name="frame">The frame that <see cref="Begin"/> filled; changed.</param>
    /// <returns>All ones where padding and MAC are right.</returns>
    public readonly ulong IsAuthentic(byte* mac, byte* frame)
    {
        // The MAC is moved to the front of the frame by 128, 64, ... bytes or not, as the bits of its offset say.
        long offset = PaddingMax - 1 - _padding;
        for (int bit = 7; bit >= 0; bit--)
        {
            ulong moves = 0 - (ulong)((offset >> bit) & 1);
            int left = _macLength + (1 << bit) - 1;
            for (int at = 0; at < left; at += sizeof(ulong))
            {
                ulong* word = (ulong*)(frame + at);
                *word = SecretMask.Choose(moves, *(ulong*)(frame + at + (1 << bit)), *word);
            }
        }

        ulong different = 0;
        for (int at = 0; at < _macLength; at += sizeof(uint))
        {
            different |= *(uint*)(frame + at) ^ *(uint*)(mac + at);
        }

        return _isPadded & SecretMask.IsZero(different);
    }
}
