using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Outboard.Simd;
using Aes = System.Runtime.Intrinsics.X86.Aes;

namespace Outboard.Plugins.Crypto.Kernels.Snow3g;

/// <summary>Four lanes where there is no GFNI: S1 is a round of AES, S2 and the feedback are byte shuffles of tables in registers.</summary>
internal unsafe struct Snow3gSsse3 : ISnow3gLanes<Vector128<uint>>
{
    private Vector128<byte> _unshiftRows, _rotateOne, _rotateTwo;

    public static SimdWidth Width => SimdWidth.V128;

    public static string Name => "aesni+shuffle-4-lanes";

    public static bool IsSupported => Sse41.IsSupported && Aes.IsSupported;

    public static bool IsAccelerated => IsSupported;

    public static int LaneCount => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prepare()
    {
        _unshiftRows = Snow3gVector128.UnshiftRows;
        _rotateOne = Snow3gVector128.RotateOne;
        _rotateTwo = Snow3gVector128.RotateTwo;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> Load(uint* source) => Vector128.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(uint* destination, Vector128<uint> value) => value.Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> Add(Vector128<uint> a, Vector128<uint> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> Xor(Vector128<uint> a, Vector128<uint> b) => a ^ b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly Vector128<uint> S1(Vector128<uint> w) =>
        Aes.Encrypt(Ssse3.Shuffle(w.AsByte(), _unshiftRows), Vector128<byte>.Zero).AsUInt32();

    /// <summary>All sixteen sixteenths of the table by the low half of each byte; then the bits of the high half choose, lowest first.</summary>
    public readonly Vector128<uint> S2(Vector128<uint> w)
    {
        Vector128<byte> low = w.AsByte() & Vector128.Create((byte)0x0F);
        Vector128<byte> bit4 = (w << 3).AsByte(), bit5 = (w << 2).AsByte(), bit6 = (w << 1).AsByte();
        Vector128<byte> s = Sse41.BlendVariable(
            Sse41.BlendVariable(Four(0, low, bit4, bit5), Four(4, low, bit4, bit5), bit6),
            Sse41.BlendVariable(Four(8, low, bit4, bit5), Four(12, low, bit4, bit5), bit6),
            w.AsByte());
        Vector128<byte> carry = Vector128.LessThan(s.AsSByte(), Vector128<sbyte>.Zero).AsByte();
        Vector128<byte> doubled = (s + s) ^ (carry & Vector128.Create(unchecked((byte)Snow3gField.S2Polynomial)));
        return Snow3gVector128.Mix(s, doubled, _rotateOne, _rotateTwo);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly Vector128<uint> Feedback(Vector128<uint> s0, Vector128<uint> s11)
    {
        Vector128<uint> halfByte = Vector128.Create(0x0Fu);
        Vector128<uint> products = Products(Snow3gTables.Nibbles, (s0 >> 24) & halfByte, s0 >> 28)
            ^ Products(Snow3gTables.Nibbles + 128, s11 & halfByte, (s11 >> 4) & halfByte);
        return (s0 << 8) ^ (s11 >> 8) ^ products;
    }

    public static void Transpose(uint* rows, int rowLength, byte* blocks) => Snow3gVector128.Transpose(rows, rowLength, blocks);

    public static void XorBlock(byte* destination, byte* source, byte* keystream) =>
        Snow3gVector128.XorBlock(destination, source, keystream);

    public static void XorTail(byte* destination, byte* source, byte* keystream, nuint bitLength) =>
        Uea2Tail.Xor(destination, source, keystream, bitLength);

    public static void XorAll(uint* rows, int rowLength, byte* blocks, LaneMessage* lanes, nuint offset)
    {
        Transpose(rows, rowLength, blocks);
        for (int lane = 0; lane < LaneCount; lane++)
        {
            XorBlock(lanes[lane].Destination + offset, lanes[lane].Source + offset, blocks + (64 * lane));
        }
    }

    // The table's entries 64 . n to 64 . n + 63 for first = 4 . n.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Four(int first, Vector128<byte> low, Vector128<byte> bit4, Vector128<byte> bit5)
    {
        byte* table = Snow3gTables.S2 + (16 * first);
        return Sse41.BlendVariable(
            Sse41.BlendVariable(Ssse3.Shuffle(Vector128.Load(table), low), Ssse3.Shuffle(Vector128.Load(table + 16), low), bit4),
            Sse41.BlendVariable(Ssse3.Shuffle(Vector128.Load(table + 32), low), Ssse3.Shuffle(Vector128.Load(table + 48), low), bit4),
            bit5);
    }

    // A half-byte in the low byte of each word; one table pair for each byte of the product.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> Products(byte* tables, Vector128<uint> low, Vector128<uint> high) =>
        Product(tables, low, high)
        ^ (Product(tables + 32, low, high) << 8)
        ^ (Product(tables + 64, low, high) << 16)
        ^ (Product(tables + 96, low, high) << 24);

    // Entry 0 is zero in every table, so the other bytes of a word stay zero.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> Product(byte* table, Vector128<uint> low, Vector128<uint> high) =>
        (Ssse3.Shuffle(Vector128.Load(table), low.AsByte()) ^ Ssse3.Shuffle(Vector128.Load(table + 16), high.AsByte())).AsUInt32();
}
