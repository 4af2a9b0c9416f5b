using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Outboard.Plugins.Crypto.Keys;

/// <summary>Everything that is derived from one AES key, in the form that the kernels read. It lives in <see cref="SecureMemory"/> only.</summary>
/// <remarks>
/// Offsets: 0 round keys (15 x 16, FIPS 197 byte order); 240 round count; 256 the round keys in bit planes for the
/// scalar kernel (15 x 8 words), or for emitted kernels each round key in four lanes (15 x 64); 1216 CMAC subkey 1; 1232 CMAC
/// subkey 2; 1248 powers of the hash key, descending: entry i is H^(34-i) divided by x, so that the last n entries line up with n
/// blocks of data and the last thirty-two with cache lines; 1792 for emitted kernels the halves of those thirty-two added up, two to
/// a block. A wide register may read past the last power.
/// </remarks>
[StructLayout(LayoutKind.Explicit, Size = Size)]
internal struct AesKey
{
    /// <summary>Bytes of one key; a multiple of the cache line and half a page, so that no key crosses a page.</summary>
    public const int Size = 2048;

    /// <summary>How many powers of the hash key are kept: the widest aggregation of any kernel is thirty-two blocks, associated data and lengths.</summary>
    public const int HashPowerCount = 34;

    /// <summary>Where the round count is.</summary>
    public const int RoundCountOffset = 240;

    /// <summary>Where the powers of the hash key end.</summary>
    public const int HashPowersEnd = HashPowersOffset + (16 * HashPowerCount);

    /// <summary>Where the round keys in four lanes are, where they are kept.</summary>
    public const int WideKeysOffset = 256;

    /// <summary>Bytes from one round key in four lanes to the next.</summary>
    public const int WideKeyLength = 64;

    private const int HashPowersOffset = 1248;

    /// <summary>Words of the bit-plane form per round key.</summary>
    public const int PlanesPerRound = 8;

    [FieldOffset(0)]
    public byte RoundKeysFirst;

    [FieldOffset(RoundCountOffset)]
    public int RoundCount;

    [FieldOffset(WideKeysOffset)]
    private ulong _planes;

    [FieldOffset(1216)]
    private Vector128<byte> _cmacSubkey1;

    [FieldOffset(1232)]
    private Vector128<byte> _cmacSubkey2;

    [FieldOffset(HashPowersOffset)]
    private byte _hashPowers;

    [FieldOffset(HashPowersEnd)]
    private ulong _foldedPowers;

    [UnscopedRef]
    public ref byte RoundKeys => ref RoundKeysFirst;

    [UnscopedRef]
    public ref ulong Planes => ref _planes;

    [UnscopedRef]
    public ref Vector128<byte> CmacSubkey1 => ref _cmacSubkey1;

    [UnscopedRef]
    public ref Vector128<byte> CmacSubkey2 => ref _cmacSubkey2;

    [UnscopedRef]
    public ref ulong FoldedPowers => ref _foldedPowers;

    [UnscopedRef]
    public ref byte HashPowers => ref _hashPowers;

    /// <summary>One round key as a vector; a plain 16-byte load.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> RoundKey(ref AesKey key, int round) =>
        Unsafe.As<byte, Vector128<byte>>(ref Unsafe.Add(ref key.RoundKeysFirst, round * 16));

    /// <summary>The first of the last <paramref name="count"/> powers: H^count, then down to H^1 at the end of the table.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ref byte PowersFrom(ref AesKey key, int count) =>
        ref Unsafe.Add(ref key._hashPowers, (HashPowerCount - count) * 16);
}
