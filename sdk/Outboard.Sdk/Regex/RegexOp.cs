using System.Runtime.CompilerServices;
using Outboard.Devices;
using Outboard.Mbufs;

namespace Outboard.Regex;

/// <summary>One payload to search, and afterwards its matches.</summary>
/// <remarks>
/// An 8-byte handle to native memory from a <see cref="RegexOpPool"/>.
/// <para><i>Owns</i>: from enqueue to dequeue the device owns the op and its mbuf; the op holds the mbuf, it does not
/// free it.</para>
/// </remarks>
public readonly unsafe struct RegexOp : IOp, IEquatable<RegexOp>
{
    /// <summary>The payload length that means "to the end of the packet".</summary>
    public const int ToEnd = -1;

    private readonly RegexOpHeader* _header;

    internal RegexOp(RegexOpHeader* header) => _header = header;

    /// <inheritdoc/>
    public bool IsNull => _header is null;

    /// <inheritdoc/>
    public OpStatus Status
    {
        get => _header->Status;
        set => _header->Status = value;
    }

    /// <inheritdoc/>
    public ulong UserData
    {
        get => _header->UserData;
        set => _header->UserData = value;
    }

    /// <summary>The packet whose payload is searched; a chain is searched as one payload.</summary>
    public Mbuf Mbuf
    {
        get => _header->Mbuf;
        set => _header->Mbuf = value;
    }

    /// <summary>Where the payload starts in the packet, in bytes; 0 in a fresh op.</summary>
    public int PayloadOffset
    {
        get => (int)_header->PayloadOffset;
        set => _header->PayloadOffset = (uint)value;
    }

    /// <summary>The payload's length in bytes, or <see cref="ToEnd"/>, as in a fresh op.</summary>
    public int PayloadLength
    {
        get => (int)_header->PayloadLength;
        set => _header->PayloadLength = (uint)value;
    }

    /// <summary>What is asked for.</summary>
    public RegexRequestFlags RequestFlags
    {
        get => _header->RequestFlags;
        set => _header->RequestFlags = value;
    }

    /// <summary>What the result is not complete in.</summary>
    public RegexResponseFlags ResponseFlags => _header->ResponseFlags;

    /// <summary>The flow's state when the payload continues one (see <see cref="RegexDevice.CreateStream"/>), else 0.</summary>
    public nint Stream
    {
        get => _header->Stream;
        set => _header->Stream = value;
    }

    /// <summary>How many matches there are, including those beyond the op's room.</summary>
    public int ActualMatchCount => (int)_header->ActualMatchCount;

    /// <summary>How many matches the op has room for.</summary>
    public int MatchCapacity => _header->MatchCapacity;

    /// <summary>The matches, by start, then by rule. Valid until the op is freed.</summary>
    public ReadOnlySpan<RegexMatch> Matches => new(_header + 1, (int)_header->MatchCount);

    /// <summary>The native header.</summary>
    internal RegexOpHeader* Header => _header;

    /// <summary>Whether two handles mean the same op.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    public static bool operator ==(RegexOp left, RegexOp right) => left._header == right._header;

    /// <summary>Whether two handles mean different ops.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    public static bool operator !=(RegexOp left, RegexOp right) => left._header != right._header;

    /// <summary>Names a group to search and marks it valid.</summary>
    /// <param name="slot">0 to 3.</param>
    /// <param name="groupId">The group.</param>
    public void SetGroup(int slot, ushort groupId)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)slot, 3u, nameof(slot));
        (&_header->Group0)[slot] = groupId;
        _header->RequestFlags |= (RegexRequestFlags)(1 << slot);
    }

    /// <summary>A group that the op names.</summary>
    /// <param name="slot">0 to 3.</param>
    public ushort GetGroup(int slot)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)slot, 3u, nameof(slot));
        return (&_header->Group0)[slot];
    }

    /// <inheritdoc/>
    public void Free()
    {
        RegexOp self = this;
        OpPool<RegexOp>.FromHandle(_header->Pool).FreeBulk(new ReadOnlySpan<RegexOp>(in self));
    }

    /// <inheritdoc/>
    public void FreeWithBuffers()
    {
        if (!_header->Mbuf.IsNull)
        {
            _header->Mbuf.Free();
        }

        Free();
    }

    /// <inheritdoc/>
    public bool Equals(RegexOp other) => _header == other._header;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is RegexOp other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => ((nint)_header).GetHashCode();

    static void IOp.Reset(nint address, nint pool, ulong geometry)
    {
        // SAFETY: the pool's objects are RegexOpHeader.Size and the matches long, and aligned to a cache line.
        var header = (RegexOpHeader*)address;
        Unsafe.InitBlockUnaligned(header, 0, RegexOpHeader.Size);
        header->Pool = pool;
        header->Status = OpStatus.NotProcessed;
        header->MatchCapacity = (ushort)geometry;
        header->PayloadLength = uint.MaxValue;
    }

    void IOp.Wipe()
    {
    }
}
