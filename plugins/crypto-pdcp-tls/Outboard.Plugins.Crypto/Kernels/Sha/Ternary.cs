using System.Runtime.Intrinsics;

namespace Outboard.Plugins.Crypto.Kernels.Sha;

/// <summary>Truth tables for VPTERNLOG: bit abc says what comes of bits a, b and c.</summary>
internal static class Ternary
{
    public const byte Xor = 0x96;
    public const byte Choose = 0xCA;
    public const byte Majority = 0xE8;
}

/// <summary>Byte shuffles that turn the words of 16 bytes from big-endian.</summary>
internal static class ByteOrder
{
    public static Vector128<byte> Reverse32 => Vector128.Create((byte)3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12);

    public static Vector128<byte> Reverse64 => Vector128.Create((byte)7, 6, 5, 4, 3, 2, 1, 0, 15, 14, 13, 12, 11, 10, 9, 8);
}
