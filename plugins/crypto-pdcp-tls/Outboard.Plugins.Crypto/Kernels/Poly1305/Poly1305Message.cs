using System.Runtime.InteropServices;

namespace Outboard.Plugins.Crypto.Kernels.Poly1305;

/// <summary>One message of whole blocks, in up to <see cref="PartMax"/> parts, with its one-time key.</summary>
/// <remarks>AEADs pad everything to whole blocks (RFC 8439 2.8), so there is no last block with a length of its own.</remarks>
[StructLayout(LayoutKind.Sequential, Size = Size)]
internal unsafe struct Poly1305Message
{
    /// <summary>Bytes of this.</summary>
    public const int Size = 96;

    /// <summary>Most parts.</summary>
    public const int PartMax = 4;

    /// <summary>r and s, 32 bytes.</summary>
    public byte* Key;

    /// <summary>Where the 16-byte code goes.</summary>
    public byte* Code;

    /// <summary>How many parts there are.</summary>
    public int PartCount;

    private fixed ulong _address[PartMax];
    private fixed ulong _blocks[PartMax];

    /// <summary>All blocks.</summary>
    public nuint BlockCount;

    /// <summary>Adds a part; one without blocks is left out.</summary>
    public void Add(byte* address, nuint blocks)
    {
        if (blocks != 0)
        {
            _address[PartCount] = (ulong)address;
            _blocks[PartCount] = blocks;
            BlockCount += blocks;
            PartCount++;
        }
    }

    /// <summary>Where a part begins.</summary>
    public readonly byte* Address(int part) => (byte*)_address[part];

    /// <summary>The blocks of a part, at least 1.</summary>
    public readonly nuint Blocks(int part) => (nuint)_blocks[part];
}
