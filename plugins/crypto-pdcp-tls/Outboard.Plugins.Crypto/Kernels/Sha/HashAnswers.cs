using Outboard.Plugins.Crypto.Engine;

namespace Outboard.Plugins.Crypto.Kernels.Sha;

/// <summary>Known answers of the hashes and their HMACs, for device start.</summary>
/// <remarks>
/// Hashes: the message "abc" and the one of two blocks of the examples that belong to FIPS 180-4, which FIPS 180-2 prints in appendices A
/// to C and FIPS 180-2 change notice 1 for SHA-224. HMAC-SHA-1: RFC 2202 3, cases 2 and 6. The others: RFC 4231 4.3 and 4.7.
/// </remarks>
internal static class HashAnswers
{
    private const string TwoBlocks = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";

    private const string TwoLongBlocks =
        "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu";

    private const string LongKeyText = "Test Using Larger Than Block-Size Key - Hash Key First";

    /// <summary>Runs the answers; says what failed, or null.</summary>
    public static string? Check(CryptoUnit unit, UnitSelfTest test, HashVariant variant, bool isKeyed)
    {
        (string first, string second) = isKeyed ? Keyed(variant.Name) : Plain(variant.Name);
        ReadOnlySpan<byte> message = variant.DigestLength > 32 ? Ascii(TwoLongBlocks) : Ascii(TwoBlocks);
        if (!isKeyed)
        {
            // The prefix is bytes like any others.
            return Check(unit, test, [], [], "abc"u8, first) ?? Check(unit, test, [], message[..13], message[13..], second);
        }

        byte[] longKey = new byte[variant.DigestLength == 20 ? 80 : 131];
        longKey.AsSpan().Fill(0xaa);
        return Check(unit, test, "Jefe"u8, [], "what do ya want for nothing?"u8, first)
            ?? Check(unit, test, longKey, [], Ascii(LongKeyText), second);
    }

    private static string? Check(
        CryptoUnit unit, UnitSelfTest test, ReadOnlySpan<byte> key, ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> message, string code) =>
        test.Check(unit, key, [], prefix, message, message.Length * 8, encrypt: true, [], Convert.FromHexString(code));

    private static byte[] Ascii(string text) => System.Text.Encoding.ASCII.GetBytes(text);

    private static (string First, string Second) Plain(string name) => name switch
    {
        "sha1" => ("a9993e364706816aba3e25717850c26c9cd0d89d", "84983e441c3bd26ebaae4aa1f95129e5e54670f1"),
        "sha224" => (
            "23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7",
            "75388b16512776cc5dba5da1fd890150b0c6455cb4f58b1952522525"),
        "sha256" => (
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"),
        "sha384" => (
            "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7",
            "09330c33f71147e83d192fc782cd1b4753111b173b3b05d22fa08086e3b0f712fcc7c71a557e2db966c3e9fa91746039"),
        _ => (
            "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
                + "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
            "8e959b75dae313da8cf4f72814fc143f8f7779c6eb9f7fa17299aeadb6889018"
                + "501d289e4900f7e4331b99dec4b5433ac7d329eeb6dd26545e96e55b874be909"),
    };

    private static (string First, string Second) Keyed(string name) => name switch
    {
        "sha1" => ("effcdf6ae5eb2fa2d27416d5f184df9c259a7c79", "aa4ae5e15272d00e95705637ce8a3b55ed402112"),
        "sha224" => (
            "a30e01098bc6dbbf45690f3a7e9e6d0f8bbea2a39e6148008fd05e44",
            "95e9a0db962095adaebe9b2d6f0dbce2d499f112f2d2b7273fa6870e"),
        "sha256" => (
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"),
        "sha384" => (
            "af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e8e2240ca5e69e2c78b3239ecfab21649",
            "4ece084485813e9088d2c63a041bc5b44f9ef1012a2b588f3cd11f05033ac4c60c2ef6ab4030fe8296248df163f44952"),
        _ => (
            "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554"
                + "9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737",
            "80b24263c7c1a3ebb71493c1dd7be8b49b46d1f41b4aeec1121b013783f8f352"
                + "6b56d037e05f2598bd0fd2215d6a1e5295e64f73f63f0aec8b915a985d786598"),
    };
}
