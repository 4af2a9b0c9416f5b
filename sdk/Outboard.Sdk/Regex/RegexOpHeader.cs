using System.Runtime.InteropServices;
using Outboard.Devices;
using Outboard.Mbufs;

namespace Outboard.Regex;

/// <summary>The native layout of a <see cref="RegexOp"/>: one cache line, then the matches.</summary>
/// <remarks>
/// <code>
///  0 pool handle      8 user data      16 status  18 request flags  20 response flags  22 match capacity
/// 24 mbuf            32 payload offset 36 payload length            40 four group ids
/// 48 stream          56 match count    60 actual match count        64 matches
/// </code>
/// </remarks>
[StructLayout(LayoutKind.Explicit, Size = Size)]
internal struct RegexOpHeader
{
    public const int Size = 64;

    [FieldOffset(0)] public nint Pool;
    [FieldOffset(8)] public ulong UserData;
    [FieldOffset(16)] public OpStatus Status;
    [FieldOffset(18)] public RegexRequestFlags RequestFlags;
    [FieldOffset(20)] public RegexResponseFlags ResponseFlags;
    [FieldOffset(22)] public ushort MatchCapacity;
    [FieldOffset(24)] public Mbuf Mbuf;
    [FieldOffset(32)] public uint PayloadOffset;
    [FieldOffset(36)] public uint PayloadLength;
    [FieldOffset(40)] public ushort Group0;
    [FieldOffset(42)] public ushort Group1;
    [FieldOffset(44)] public ushort Group2;
    [FieldOffset(46)] public ushort Group3;
    [FieldOffset(48)] public nint Stream;
    [FieldOffset(56)] public uint MatchCount;
    [FieldOffset(60)] public uint ActualMatchCount;
}
