using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Outboard.Plugins.Crypto.Keys;

/// <summary>The two CMAC subkeys: E(0) doubled once and twice in GF(2^128) (RFC 4493 2.3, SP 800-38B 6.1).</summary>
internal static class CmacSubkeys
{
    public static void Derive(ref AesKey key, ReadOnlySpan<byte> encryptedZero)
    {
        ulong high = BinaryPrimitives.ReadUInt64BigEndian(encryptedZero);
        ulong low = BinaryPrimitives.ReadUInt64BigEndian(encryptedZero[8..]);
        Double(ref high, ref low);
        Store(ref key.CmacSubkey1, high, low);
        Double(ref high, ref low);
        Store(ref key.CmacSubkey2, high, low);
    }

    private static void Double(ref ulong high, ref ulong low)
    {
        ulong carry = (ulong)((long)high >> 63) & 0x87;
        high = (high << 1) | (low >> 63);
        low = (low << 1) ^ carry;
    }

    private static void Store(ref Vector128<byte> target, ulong high, ulong low)
    {
        Span<byte> bytes = MemoryMarshal.AsBytes(MemoryMarshal.CreateSpan(ref target, 1));
        BinaryPrimitives.WriteUInt64BigEndian(bytes, high);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], low);
    }
}
