using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Outboard.Devices;
using Outboard.Mbufs;

namespace Outboard.Crypto;

/// <summary>The native layout of a <see cref="CryptoOp"/>: two hot cache lines, then digest, associated data and room for more.</summary>
/// <remarks>
/// <code>
///   0 pool handle     8 user data       16 status  17 session kind  18 flags  19 content type  20 padding  22 asym operation
///  24 session        28 hfn             32 source mbuf              40 destination mbuf
///  48 cipher offset  52 cipher length   56 auth offset  60 auth length
///  64 digest address 72 aad address     80 aad length   84 room flags   88 iv (24)   112 auth iv (16)
/// 128 inline digest (64)                192 inline aad (64)
/// 256 two sessionless transforms, or four asymmetric buffers: only where the pool has that room
/// </code>
/// </remarks>
[StructLayout(LayoutKind.Explicit, Size = Size)]
internal struct CryptoOpHeader
{
    public const int Size = 256;
    public const int IvLengthMax = 24;
    public const int AuthIvLengthMax = 16;
    public const int InlineDigestLength = 64;
    public const int InlineAadLength = 64;
    public const int AsymmetricBufferCount = 3;

    [FieldOffset(0)] public nint Pool;
    [FieldOffset(8)] public ulong UserData;
    [FieldOffset(16)] public OpStatus Status;
    [FieldOffset(17)] public CryptoSessionKind SessionKind;
    [FieldOffset(18)] public CryptoOpFlags Flags;
    [FieldOffset(19)] public byte ContentType;
    [FieldOffset(20)] public ushort PaddingLength;
    [FieldOffset(22)] public AsymmetricOperation AsymmetricOperation;
    [FieldOffset(23)] public byte InBits;
    [FieldOffset(24)] public uint Session;
    [FieldOffset(28)] public uint Hfn;
    [FieldOffset(32)] public Mbuf Source;
    [FieldOffset(40)] public Mbuf Destination;
    [FieldOffset(48)] public uint CipherOffset;
    [FieldOffset(52)] public uint CipherLength;
    [FieldOffset(56)] public uint AuthOffset;
    [FieldOffset(60)] public uint AuthLength;
    [FieldOffset(64)] public nint DigestAddress;
    [FieldOffset(72)] public nint AadAddress;
    [FieldOffset(80)] public uint AadLength;
    [FieldOffset(84)] public CryptoOpRoom Room;
    [FieldOffset(88)] public Iv24 Iv;
    [FieldOffset(112)] public Iv16 AuthIv;
    [FieldOffset(128)] public Bytes64 Digest;
    [FieldOffset(192)] public Bytes64 Aad;

    /// <summary>The bytes that an op of a pool needs.</summary>
    public static int SizeFor(CryptoOpRoom room) => Size + (room switch
    {
        CryptoOpRoom.None => 0,
        CryptoOpRoom.Sessionless => 2 * Unsafe.SizeOf<SessionlessTransform>(),
        _ => Math.Max(2 * Unsafe.SizeOf<SessionlessTransform>(), AsymmetricBufferCount * Unsafe.SizeOf<CryptoBuffer>()),
    });

    [InlineArray(IvLengthMax)]
    public struct Iv24
    {
        private byte _first;
    }

    [InlineArray(AuthIvLengthMax)]
    public struct Iv16
    {
        private byte _first;
    }

    [InlineArray(64)]
    public struct Bytes64
    {
        private byte _first;
    }
}
