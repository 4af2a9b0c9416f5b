using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Outboard.Plugins.Crypto.Kernels.Zuc;
using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Kernels.Zuc256;

/// <summary>The code of NIA6 and NCA6: ((POLYVAL with H, plus the lengths) . Q) plus P, where H, Q and P are the keystream's first 48 bytes.</summary>
internal static unsafe class Zuc256Code
{
    /// <summary>Words of keystream that become H, Q and P.</summary>
    public const int KeyWords = 12;

    private const int HashKeyOffset = ZucLane.PieceOffset;
    private const int QOffset = HashKeyOffset + 16;
    private const int POffset = HashKeyOffset + 32;
    private const int RoomOffset = HashKeyOffset + 48;
    private const int SeamOffset = ZucLane.SumOffset + 16;

    /// <summary>Takes H, Q and P from the lane's first block of keystream.</summary>
    public static void Start(ZucLane* lane)
    {
        uint* words = (uint*)lane + ZucLane.CurrentWord, keys = (uint*)((byte*)lane + HashKeyOffset);
        for (int i = 0; i < KeyWords; i++)
        {
            keys[i] = BinaryPrimitives.ReverseEndianness(words[i]);
        }

        new Span<byte>((byte*)lane + ZucLane.SumOffset, 16).Clear();
    }

    /// <summary>Adds data, padded with zeros to whole blocks.</summary>
    public static void Absorb<TLanes>(ZucLane* lane, byte* data, nuint bitLength)
        where TLanes : struct, ISimdKernel =>
        Polyval.Absorb<TLanes>((byte*)lane + ZucLane.SumOffset, (byte*)lane + HashKeyOffset, data, bitLength, (byte*)lane + RoomOffset);

    /// <summary>Adds a message of two parts that are not padded between them.</summary>
    /// <param name="lane">The lane.</param>
    /// <param name="prefix">The first part.</param>
    /// <param name="prefixLength">Its bytes, 0 to 16.</param>
    /// <param name="data">The second.</param>
    /// <param name="bitLength">Its bits.</param>
    public static void Absorb<TLanes>(ZucLane* lane, byte* prefix, int prefixLength, byte* data, nuint bitLength)
        where TLanes : struct, ISimdKernel
    {
        if (prefixLength != 0)
        {
            var first = new Span<byte>((byte*)lane + SeamOffset, 16);
            nuint taken = Math.Min((nuint)(16 - prefixLength) * 8, bitLength);
            new ReadOnlySpan<byte>(prefix, prefixLength).CopyTo(first);
            new ReadOnlySpan<byte>(data, (int)((taken + 7) >> 3)).CopyTo(first[prefixLength..]);
            Absorb<TLanes>(lane, (byte*)lane + SeamOffset, (nuint)(prefixLength * 8) + taken);
            data += taken >> 3;
            bitLength -= taken;
        }

        Absorb<TLanes>(lane, data, bitLength);
    }

    /// <summary>Adds the lengths and writes the sixteen bytes of the code.</summary>
    public static void Finish<TLanes>(ZucLane* lane, ulong firstLength, ulong secondLength)
        where TLanes : struct, ISimdKernel
    {
        byte* sum = (byte*)lane + ZucLane.SumOffset;
        ((ulong*)sum)[0] ^= firstLength;
        ((ulong*)sum)[1] ^= secondLength;
        Polyval.Multiply<TLanes>(sum, (byte*)lane + QOffset);
        ulong* p = (ulong*)((byte*)lane + POffset);
        Unsafe.WriteUnaligned(lane->Job->Code, ((ulong*)sum)[0] ^ p[0]);
        Unsafe.WriteUnaligned(lane->Job->Code + 8, ((ulong*)sum)[1] ^ p[1]);
    }
}
