using System.Runtime.InteropServices;
using Outboard.Mbufs;

namespace Outboard.Ml;

/// <summary>Where a tensor, or all tensors of one direction, lie: native memory, or part of an mbuf chain.</summary>
/// <remarks>
/// 32 bytes of native memory.
/// <para><i>Owns</i>: the application owns what it points to; while the op is in the device only the device touches it.</para>
/// </remarks>
[StructLayout(LayoutKind.Explicit, Size = Size)]
public unsafe struct MlBuffer
{
    /// <summary>The size in native memory, in bytes.</summary>
    public const int Size = 32;

    [FieldOffset(0)] private readonly nint _address;
    [FieldOffset(8)] private readonly Mbuf _mbuf;
    [FieldOffset(16)] private readonly uint _offset;
    [FieldOffset(20)] private readonly uint _length;
    [FieldOffset(24)] private MlBuffer* _next;

    /// <summary>A buffer in native memory.</summary>
    /// <param name="address">Where.</param>
    /// <param name="length">Its length in bytes.</param>
    public MlBuffer(nint address, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        _address = address;
        _length = (uint)length;
    }

    /// <summary>A buffer in an mbuf chain; needs <see cref="MlCapabilities.MbufBuffers"/>.</summary>
    /// <param name="mbuf">The first segment.</param>
    /// <param name="offset">Bytes from the start of the packet.</param>
    /// <param name="length">Its length in bytes.</param>
    public MlBuffer(Mbuf mbuf, int offset, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        _mbuf = mbuf;
        _offset = (uint)offset;
        _length = (uint)length;
    }

    /// <summary>The address in native memory, or 0 when the buffer is in an mbuf.</summary>
    public readonly nint Address => _address;

    /// <summary>The first segment of the packet, or null when the buffer is plain memory.</summary>
    public readonly Mbuf Mbuf => _mbuf;

    /// <summary>Bytes from the start of the packet.</summary>
    public readonly int Offset => (int)_offset;

    /// <summary>Length in bytes, without the segments that follow.</summary>
    public readonly int Length => (int)_length;

    /// <summary>Whether nothing was set.</summary>
    public readonly bool IsEmpty => _address == 0 && _mbuf.IsNull;

    /// <summary>Whether another segment follows.</summary>
    public readonly bool HasNext => _next is not null;

    /// <summary>The segment that follows; needs <see cref="MlCapabilities.SegmentedBuffers"/>.</summary>
    /// <exception cref="NullReferenceException">None follows.</exception>
    public readonly ref MlBuffer Next => ref *_next;

    /// <summary>Sets the segment that follows.</summary>
    /// <param name="next">The address of a buffer in native memory that lives as long as the op is in the device, or 0.</param>
    public void SetNext(nint next) => _next = (MlBuffer*)next;
}
