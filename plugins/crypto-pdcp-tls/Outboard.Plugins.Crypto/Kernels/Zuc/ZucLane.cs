using System.Runtime.InteropServices;
using Outboard.Plugins.Crypto.Engine;

namespace Outboard.Plugins.Crypto.Kernels.Zuc;

/// <summary>What a lane is at: its message, and the keystream of the current block and the one before it.</summary>
/// <remarks>
/// <code>
///   0  sixteen words of keystream of the block before
///  64  sixteen words of the current block
/// 128  64 bytes for a part of the message that does not lie whole in memory
/// 192  sum of an authentication, 64 bytes
/// 256  the fields
/// </code>
/// </remarks>
[StructLayout(LayoutKind.Explicit, Size = Size)]
internal unsafe struct ZucLane
{
    /// <summary>Bytes of a lane.</summary>
    public const int Size = 320;

    /// <summary>Words of a lane.</summary>
    public const int WordCount = Size / sizeof(uint);

    /// <summary>Where the current block is, in words.</summary>
    public const int CurrentWord = 16;

    public const int PieceOffset = 128;

    public const int SumOffset = 192;

    [FieldOffset(256)]
    public CryptoJob* Job;

    /// <summary>The message from where the next block works.</summary>
    [FieldOffset(264)]
    public byte* Source;

    [FieldOffset(272)]
    public byte* Destination;

    /// <summary>Bits of the message from there on.</summary>
    [FieldOffset(280)]
    public nuint BitsLeft;

    /// <summary>Blocks of keystream still to come.</summary>
    [FieldOffset(288)]
    public uint BlocksLeft;

    /// <summary>Words of the last block of keystream that are needed, 1 to 16.</summary>
    [FieldOffset(292)]
    public int LastWords;

    /// <summary>Blocks of keystream seen.</summary>
    [FieldOffset(296)]
    public uint BlocksDone;

    /// <summary>Bytes before the message that are taken as part of it and are not behind <see cref="Source"/>.</summary>
    [FieldOffset(300)]
    public int PrefixLength;

    /// <summary>Whether the end of the message has been worked on.</summary>
    [FieldOffset(304)]
    public bool Ended;
}
