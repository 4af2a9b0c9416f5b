using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Outboard.Devices;
using Outboard.Mbufs;
using Outboard.Security;

namespace Outboard.Crypto;

/// <summary>One piece of work for a crypto device: data in mbufs, a session, and where everything lies.</summary>
/// <remarks>
/// An 8-byte handle to native memory from a <see cref="CryptoOpPool"/>.
/// <para>Offsets count from the start of the packet (the data of the first segment) and hold for source and destination
/// alike. They and the lengths are bytes, and bits for the algorithms that say so.</para>
/// <para><i>Owns</i>: from enqueue to dequeue the device owns the op and its mbufs; the op holds the mbufs, it does
/// not free them.</para>
/// <para><i>Source</i>: cryptodev's crypto op and symmetric op.</para>
/// </remarks>
public readonly unsafe struct CryptoOp : IOp, IEquatable<CryptoOp>
{
    /// <summary>The longest IV, in bytes.</summary>
    public const int IvLengthMax = CryptoOpHeader.IvLengthMax;

    /// <summary>The longest IV or nonce in native memory (<see cref="IvAddress"/>).</summary>
    public const int LongIvLengthMax = 1024;

    /// <summary>The longest authentication IV, in bytes.</summary>
    public const int AuthIvLengthMax = CryptoOpHeader.AuthIvLengthMax;

    /// <summary>How much associated data fits in the op itself, in bytes.</summary>
    public const int InlineAadLength = CryptoOpHeader.InlineAadLength;

    private readonly CryptoOpHeader* _header;

    internal CryptoOp(CryptoOpHeader* header) => _header = header;

    /// <inheritdoc/>
    public bool IsNull => _header is null;

    /// <inheritdoc/>
    public OpStatus Status
    {
        get => _header->Status;
        set => _header->Status = value;
    }

    /// <inheritdoc/>
    public ulong UserData
    {
        get => _header->UserData;
        set => _header->UserData = value;
    }

    /// <summary>What the device noted besides the status.</summary>
    public CryptoOpFlags Flags
    {
        get => _header->Flags;
        set => _header->Flags = value;
    }

    /// <summary>What the op's session is.</summary>
    public CryptoSessionKind SessionKind => _header->SessionKind;

    /// <summary>The session's handle.</summary>
    public uint SessionHandle => _header->Session;

    /// <summary>The data; in place, also the result.</summary>
    public Mbuf Source
    {
        get => _header->Source;
        set => _header->Source = value;
    }

    /// <summary>Where the result goes, or null for in place.</summary>
    public Mbuf Destination
    {
        get => _header->Destination;
        set => _header->Destination = value;
    }

    /// <summary>Whether the four offsets and lengths below count bits, most significant bit of a byte first. False in a fresh op.</summary>
    /// <remarks>
    /// For the algorithms that count bits (<see cref="CryptoFeatures.BitLengths"/>); with any other the numbers must be multiples of 8.
    /// Bits around a range stay as they are.
    /// </remarks>
    public bool InBits
    {
        get => _header->InBits != 0;
        set => _header->InBits = value ? (byte)1 : (byte)0;
    }

    /// <summary>Where the range of the cipher or AEAD starts.</summary>
    public int CipherOffset
    {
        get => (int)_header->CipherOffset;
        set => _header->CipherOffset = (uint)value;
    }

    /// <summary>The length of the range of the cipher or AEAD.</summary>
    public int CipherLength
    {
        get => (int)_header->CipherLength;
        set => _header->CipherLength = (uint)value;
    }

    /// <summary>Where the authenticated range starts.</summary>
    public int AuthOffset
    {
        get => (int)_header->AuthOffset;
        set => _header->AuthOffset = (uint)value;
    }

    /// <summary>The length of the authenticated range.</summary>
    public int AuthLength
    {
        get => (int)_header->AuthLength;
        set => _header->AuthLength = (uint)value;
    }

    /// <summary>The IV or nonce; the session's transform says how many bytes count.</summary>
    public Span<byte> Iv => new(&_header->Iv, CryptoOpHeader.IvLengthMax);

    /// <summary>Native memory of an IV that is longer than <see cref="IvLengthMax"/>; it takes the place of <see cref="Iv"/>.</summary>
    public nint IvAddress
    {
        get => *(nint*)&_header->Iv;
        set => *(nint*)&_header->Iv = value;
    }

    /// <summary>The authentication IV.</summary>
    public Span<byte> AuthIv => new(&_header->AuthIv, CryptoOpHeader.AuthIvLengthMax);

    /// <summary>Native memory of an authentication IV that is longer than <see cref="AuthIvLengthMax"/>; it takes the place of <see cref="AuthIv"/>.</summary>
    public nint AuthIvAddress
    {
        get => *(nint*)&_header->AuthIv;
        set => *(nint*)&_header->AuthIv = value;
    }

    /// <summary>Native memory of the digest or tag; 0, as in a fresh op, for <see cref="Digest"/>.</summary>
    public nint DigestAddress
    {
        get => _header->DigestAddress;
        set => _header->DigestAddress = value;
    }

    /// <summary>The digest or tag in the op itself: written by the device, or given to it to verify.</summary>
    public Span<byte> Digest => new(&_header->Digest, CryptoOpHeader.InlineDigestLength);

    /// <summary>Native memory of the associated data; 0, as in a fresh op, for <see cref="Aad"/>.</summary>
    public nint AadAddress
    {
        get => _header->AadAddress;
        set => _header->AadAddress = value;
    }

    /// <summary>The associated data in the op itself, up to <see cref="InlineAadLength"/> bytes.</summary>
    public Span<byte> Aad => new(&_header->Aad, CryptoOpHeader.InlineAadLength);

    /// <summary>The length of the associated data; -1, as in a fresh op, for the length in the session's transform.</summary>
    public int AadLength
    {
        get => (int)_header->AadLength;
        set => _header->AadLength = (uint)value;
    }

    /// <summary>The TLS content type: given when a record is written, set when one is read.</summary>
    public byte ContentType
    {
        get => _header->ContentType;
        set => _header->ContentType = value;
    }

    /// <summary>Bytes of padding that a written TLS record gets beyond what it must have.</summary>
    public int PaddingLength
    {
        get => _header->PaddingLength;
        set => _header->PaddingLength = checked((ushort)value);
    }

    /// <summary>The hyper frame number of this PDU, for PDCP sessions that take it from each packet.</summary>
    public uint Hfn
    {
        get => _header->Hfn;
        set => _header->Hfn = value;
    }

    /// <summary>What an asymmetric op does.</summary>
    public AsymmetricOperation AsymmetricOperation
    {
        get => _header->AsymmetricOperation;
        set => _header->AsymmetricOperation = value;
    }

    /// <summary>The native header.</summary>
    internal CryptoOpHeader* Header => _header;

    /// <summary>Whether two handles mean the same op.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    public static bool operator ==(CryptoOp left, CryptoOp right) => left._header == right._header;

    /// <summary>Whether two handles mean different ops.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    public static bool operator !=(CryptoOp left, CryptoOp right) => left._header != right._header;

    /// <summary>Sets a symmetric or asymmetric session.</summary>
    /// <param name="session">The session; of the device that the op goes to.</param>
    public void SetSession(CryptoSession session)
    {
        DropSessionless();
        _header->SessionKind = session.Kind;
        _header->Session = session.Handle;
    }

    /// <summary>Sets a security session.</summary>
    /// <param name="session">The session; of the device that the op goes to.</param>
    public void SetSession(SecuritySession session)
    {
        DropSessionless();
        _header->SessionKind = CryptoSessionKind.Security;
        _header->Session = session.Handle;
    }

    /// <summary>Makes the op carry its transforms itself; needs a pool with that room and <see cref="CryptoFeatures.Sessionless"/>.</summary>
    /// <param name="transform">One transform, or a chain of two.</param>
    /// <exception cref="InvalidOperationException">The op's pool has not the room.</exception>
    public void SetSessionless(CryptoTransform transform)
    {
        ArgumentNullException.ThrowIfNull(transform);
        RequireRoom(CryptoOpRoom.Sessionless);
        var transforms = (SessionlessTransform*)(_header + 1);
        transforms[0].Set(transform);
        transforms[1] = default;
        if (transform.Next is { } next)
        {
            transforms[1].Set(next);
        }

        _header->SessionKind = CryptoSessionKind.Sessionless;
    }

    /// <summary>A transform that the op carries itself.</summary>
    /// <param name="index">0 or 1.</param>
    public ref readonly SessionlessTransform GetSessionless(int index)
    {
        RequireRoom(CryptoOpRoom.Sessionless);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)index, 1u, nameof(index));
        return ref ((SessionlessTransform*)(_header + 1))[index];
    }

    /// <summary>Whether the op has room for more than a symmetric op with a session.</summary>
    /// <param name="room">What for.</param>
    public bool HasRoom(CryptoOpRoom room) => (_header->Room & room) == room;

    /// <summary>A buffer of an asymmetric op: 0 the message, 1 the signature to verify or the public key that is made, 2 the output.</summary>
    /// <param name="index">0 to 2.</param>
    /// <exception cref="InvalidOperationException">The op's pool has not the room.</exception>
    public ref CryptoBuffer GetAsymmetricBuffer(int index)
    {
        RequireRoom(CryptoOpRoom.Asymmetric);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)index, 2u, nameof(index));
        return ref ((CryptoBuffer*)(_header + 1))[index];
    }

    /// <inheritdoc/>
    public void Free()
    {
        CryptoOp self = this;
        OpPool<CryptoOp>.FromHandle(_header->Pool).FreeBulk(new ReadOnlySpan<CryptoOp>(in self));
    }

    /// <inheritdoc/>
    public void FreeWithBuffers()
    {
        if (!_header->Source.IsNull)
        {
            _header->Source.Free();
        }

        if (!_header->Destination.IsNull && _header->Destination != _header->Source)
        {
            _header->Destination.Free();
        }

        Free();
    }

    /// <inheritdoc/>
    public bool Equals(CryptoOp other) => _header == other._header;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is CryptoOp other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => ((nint)_header).GetHashCode();

    static void IOp.Reset(nint address, nint pool, ulong geometry)
    {
        // SAFETY: the pool's objects are CryptoOpHeader.SizeFor(geometry) long.
        var header = (CryptoOpHeader*)address;
        Unsafe.InitBlockUnaligned(header, 0, 128);
        header->Pool = pool;
        header->Status = OpStatus.NotProcessed;
        header->AadLength = uint.MaxValue;
        header->Room = (CryptoOpRoom)geometry;
    }

    void IOp.Wipe() => DropSessionless();

    // The keys that the op brought do not stay in it.
    private void DropSessionless()
    {
        if (_header->SessionKind == CryptoSessionKind.Sessionless)
        {
            CryptographicOperations.ZeroMemory(new Span<byte>(_header + 1, 2 * sizeof(SessionlessTransform)));
        }
    }

    private void RequireRoom(CryptoOpRoom room)
    {
        if ((_header->Room & room) == 0)
        {
            throw new InvalidOperationException($"The op's pool was made without room for {room} ops.");
        }
    }
}
