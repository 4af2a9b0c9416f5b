using System.Runtime.InteropServices;
using Outboard.Plugins.Crypto.Keys;

namespace Outboard.Plugins.Crypto.Kernels.AesCbc;

/// <summary>Whole blocks of one message that are chained under one key: the part of CBC and of the codes built on it that costs time.</summary>
/// <remarks>The emitted functions read it: 0 key, 8 state, 16 source, 24 destination, 32 blocks.</remarks>
[StructLayout(LayoutKind.Explicit, Size = Size)]
internal unsafe struct ChainJob
{
    /// <summary>Bytes of one job.</summary>
    public const int Size = 40;

    /// <summary>The key; of a decryption, its other schedule is used (<see cref="CbcKey"/>).</summary>
    [FieldOffset(0)]
    public AesKey* Key;

    /// <summary>The chain: the block before the first one; after an encryption, the last block made.</summary>
    [FieldOffset(8)]
    public byte* State;

    [FieldOffset(16)]
    public byte* Source;

    /// <summary>The source itself or bytes that do not touch it; not used where only the state is wanted.</summary>
    [FieldOffset(24)]
    public byte* Destination;

    /// <summary>Blocks of 16 bytes; 0 is no work.</summary>
    [FieldOffset(32)]
    public nuint BlockCount;
}
