using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;
using Outboard.Plugins.Crypto.Kernels.AesBlock;
using Outboard.Plugins.Crypto.Keys;

namespace Outboard.Plugins.Crypto.Kernels.AesXcbc;

/// <summary>The three keys of XCBC-MAC (RFC 3566 4): blocks of 01, 02 and 03 bytes encrypted; the first is the key of the chain.</summary>
internal static class XcbcKey
{
    public const int KeyLength = 16;

    public static void Expand(ref AesKey key, ReadOnlySpan<byte> keyBytes)
    {
        if (keyBytes.Length != KeyLength)
        {
            throw new ArgumentException($"a key of AES-XCBC-MAC has {KeyLength} bytes, not {keyBytes.Length}", nameof(keyBytes));
        }

        Span<byte> blocks = stackalloc byte[BitslicedAes.StepLength];
        blocks[..16].Fill(1);
        blocks[16..32].Fill(2);
        blocks[32..48].Fill(3);
        blocks[48..].Clear();
        AesKeySchedule.Expand(ref key, keyBytes);
        BitslicedAes.EncryptFour(ref key, ref MemoryMarshal.GetReference(blocks));
        AesKeySchedule.Expand(ref key, blocks[..16]);
        key.CmacSubkey1 = Vector128.Create<byte>(blocks[16..32]);
        key.CmacSubkey2 = Vector128.Create<byte>(blocks[32..48]);
        CryptographicOperations.ZeroMemory(blocks);
    }
}
