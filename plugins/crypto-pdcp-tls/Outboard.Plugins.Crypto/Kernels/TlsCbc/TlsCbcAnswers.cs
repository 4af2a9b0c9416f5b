using System.Buffers.Binary;
using Outboard.Plugins.Crypto.Engine;
using Outboard.Plugins.Crypto.Kernels.Sha;

namespace Outboard.Plugins.Crypto.Kernels.TlsCbc;

/// <summary>Known answers of the openers of TLS CBC fragments, for device start.</summary>
/// <remarks>
/// RFC 5246 prints no fragment. The MACs here are HMACs that Python's hashlib computed, of key 00 01 .. 13 over the header of sequence
/// number 1, application data, TLS 1.2 and the 20 letters "Outboard constant tm"; RFC 5246 6.2.3.2 says what is behind them.
/// </remarks>
internal static class TlsCbcAnswers
{
    /// <summary>Runs the answers; says what failed, or null.</summary>
    public static string? Check(CryptoUnit unit, UnitSelfTest test, HashVariant variant)
    {
        byte[] mac = Convert.FromHexString(variant.DigestLength switch
        {
            20 => "26ebf3e6fc8c4bec39093b253199dcdacef33947",
            32 => "e52799efae678baae83e0f6714096d680a4b093c14f068ec3b47424ad44a9d27",
            _ => "8dcc61260a26d27ec3ac64230ddb229d232d6e5d1b6185d6562b0842ff20835bd31ee40e98c5b3cb6b97f89f461c8d17",
        });
        byte[] key = [.. Enumerable.Range(0, 20).Select(value => (byte)value)];
        foreach (int padding in (ReadOnlySpan<int>)[0, 7, 255])
        {
            byte[] fragment = [.. "Outboard constant tm"u8, .. mac, .. Enumerable.Repeat((byte)padding, padding + 1)];
            if (Check(unit, test, key, fragment, isGood: true) is { } failure)
            {
                return failure;
            }

            // A bit of the first byte of the content, of the MAC, of the padding, and of its length.
            foreach (int at in (ReadOnlySpan<int>)[0, 20, fragment.Length - 1 - padding, fragment.Length - 1])
            {
                byte[] spoiled = [.. fragment];
                spoiled[at] ^= 0x10;
                if (Check(unit, test, key, spoiled, isGood: false) is { } missed)
                {
                    return missed;
                }
            }
        }

        return null;
    }

    private static string? Check(CryptoUnit unit, UnitSelfTest test, byte[] key, byte[] fragment, bool isGood)
    {
        byte[] code = new byte[5];
        BinaryPrimitives.WriteUInt32LittleEndian(code, isGood ? 20u : 0);
        code[4] = (byte)(isGood ? 0xff : 0);
        byte[] header = [0, 0, 0, 0, 0, 0, 0, 1, 23, 3, 3, 0xff, 0xff];
        return test.Check(unit, key, [], header, fragment, fragment.Length * 8, encrypt: false, [], code);
    }
}
