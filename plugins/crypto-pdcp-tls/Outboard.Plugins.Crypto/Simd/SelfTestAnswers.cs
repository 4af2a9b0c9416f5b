using System.Buffers.Binary;
using System.Globalization;

namespace Outboard.Plugins.Crypto.Simd;

/// <summary>The known answers of the self-test for one key length.</summary>
/// <remarks>
/// Key byte i is i, message byte i is 7i + 3, nonce byte i is A0 + i, byte i of the associated data is 50 + i (hexadecimal). The
/// counter is sixteen blocks before its low half wraps. A fold is the exclusive or of a result's blocks, turned by one
/// bit from block to block.
/// </remarks>
internal sealed record SelfTestAnswers(
    int KeyLength, UInt128 CtrFold, UInt128 GcmFold, UInt128 GcmTag, (int Length, UInt128 Code)[] Codes)
{
    public const int MessageLength = 1047;
    public const string Counter = "0011223344556677fffffffffffffff0";

    public static byte[] Key { get; } = Sequence(32, 0, 1);

    public static byte[] Message { get; } = Sequence(MessageLength, 3, 7);

    public static byte[] Nonce { get; } = Sequence(12, 0xA0, 1);

    public static byte[] Associated { get; } = Sequence(20, 0x50, 1);

    public static IReadOnlyList<SelfTestAnswers> All { get; } =
    [
        new(
            16,
            Number("a1f235a13d3e12b05401d9bb511f245a"),
            Number("e5981bb1ced73c5c2430e7db4dadb642"),
            Number("77891557eb05b49f0705754395e51e3c"),
            [
                (0, Number("97dd6e5a882cbd564c39ae7d1c5a31aa")),
                (5, Number("f2c74817ec835ddb04eddfc2d1cba0fb")),
                (16, Number("1cb31e936d1aabb5a268292104915497")),
                (40, Number("ca136dcea9d8e12887b983650dbc5919")),
                (64, Number("ec2cf0dc80bf3347bd98cbcce57d281d")),
                (200, Number("99ff1ffd0339ce315395c2cd5657f3d2")),
                (1047, Number("89d2f62f740a6bc1779eef0d02d07b48")),
            ]),
        new(
            24,
            Number("82c6d7c4f718ee5a46fa35572c48fe05"),
            Number("ac0c8d19386c07a5b843175d880d3f04"),
            Number("d61e3f7f4463ba9d345f2f4fd4016202"),
            [
                (0, Number("ec12390ea0a7ed15d9d37a6eca1fc990")),
                (5, Number("302bef8313f435f614b5ec5d78559fd7")),
                (16, Number("77e6827c128dbc3bb4e93eba642ab086")),
                (40, Number("b87d7b8dd15196929298dff51f212ab5")),
                (64, Number("cee1ca6e5401a1a8e2a04aed152aeafe")),
                (200, Number("b6ff7164ac1ef65b5a7b99d888c193f9")),
                (1047, Number("afdb4e576700db8175885c6669d1f558")),
            ]),
        new(
            32,
            Number("127d4d4dcbf487109d1d5fdea4a5d8d1"),
            Number("c7f6b060c19b34a4bcfa4001e34370c3"),
            Number("680099f350655e7586abb1ec82097fd5"),
            [
                (0, Number("6bf0a293d8cba0101f0089727691b7fb")),
                (5, Number("7c89ad61f0dcef158f959ae3f3cbeafb")),
                (16, Number("137ce22ae9134517e215a473cb9c16f9")),
                (40, Number("76481fc5733cbb5c1a602d6f714122a7")),
                (64, Number("6fb1dec4abe05bc30fee2be3aaa9fab3")),
                (200, Number("5885cb000e516e816762ca9523f5cd5f")),
                (1047, Number("bcbdf3c0bd27f2291e16c015a804f2a9")),
            ]),
    ];

    public static UInt128 Fold(ReadOnlySpan<byte> data)
    {
        UInt128 fold = 0;
        Span<byte> block = stackalloc byte[16];
        for (int i = 0; i < data.Length; i += 16)
        {
            block.Clear();
            data[i..Math.Min(i + 16, data.Length)].CopyTo(block);
            fold = UInt128.RotateLeft(fold, 1) ^ BinaryPrimitives.ReadUInt128BigEndian(block);
        }

        return fold;
    }

    private static UInt128 Number(string hexadecimal) =>
        UInt128.Parse(hexadecimal, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private static byte[] Sequence(int length, int start, int step)
    {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++)
        {
            bytes[i] = (byte)(start + (i * step));
        }

        return bytes;
    }
}
