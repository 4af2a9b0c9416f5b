using Outboard.Plugins.Crypto.Engine;
using Outboard.Plugins.Crypto.Simd;

namespace Outboard.Plugins.Crypto.Kernels.AesGcm;

/// <summary>Known answers of GMAC.</summary>
internal static class GmacSelfTest
{
    // IEEE 802.1AE C.1, integrity protection of a frame of 54 octets, keys of 128 and 256 bits.
    private const string FrameIv = "12153524c0895e81b2c28465";
    private const string Frame = "d609b1f056637a0d46df998d88e5222ab2c2846512153524c0895e8108000f101112131415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f30313233340001";

    private static readonly (string Key, string Tag)[] s_frames =
    [
        ("ad7a2bd03eac835a6f620fdcb506b345", "f09478a9b09007d06f46e9b6a1da25dd"),
        ("e3c08a8f06c6e3ad95a70557b23f75483ce33021a9c72b7025666204c69c0b72", "2f0bc5af409e06d609ea8b7d0fa5ea50"),
    ];

    // The message of SelfTestAnswers; computed by OpenSSL.
    private static readonly (int KeyLength, string Tag)[] s_long =
    [
        (16, "6bc76b0ac6ebaa06980f4f482734ea88"),
        (24, "15785c55c00fc9bfcd512ba011421553"),
        (32, "8e8e80b84e956b23a1a3d94e0f182d90"),
    ];

    public static string? Run(CryptoUnit unit, UnitSelfTest test)
    {
        byte[] frame = Convert.FromHexString(Frame), frameIv = Convert.FromHexString(FrameIv);
        foreach ((string key, string tag) in s_frames)
        {
            if (Check(Convert.FromHexString(key), frameIv, [], frame, tag) is { } wrong)
            {
                return wrong;
            }

            // The same bytes in two places.
            if (Check(Convert.FromHexString(key), frameIv, frame[..13], frame[13..], tag) is { } wrongPrefixed)
            {
                return wrongPrefixed;
            }
        }

        foreach ((int keyLength, string tag) in s_long)
        {
            if (Check(SelfTestAnswers.Key[..keyLength], SelfTestAnswers.Nonce, [], SelfTestAnswers.Message, tag) is { } wrong)
            {
                return wrong;
            }
        }

        return null;

        string? Check(byte[] key, byte[] iv, byte[] prefix, byte[] message, string tag) =>
            test.Check(unit, key, iv, prefix, message, message.Length * 8, encrypt: true, [], Convert.FromHexString(tag));
    }
}
