using Outboard.Crypto;
using Outboard.Plugins.Crypto.Engine;
using Outboard.Plugins.Crypto.Simd;

namespace Outboard.Plugins.Crypto.Symmetric;

/// <summary>What one or two transforms ask for, without their keys: of a session, or of an op that brings its own.</summary>
internal struct SymmetricPlan
{
    public AlgorithmEntry? Cipher;
    public AlgorithmEntry? Auth;
    public AlgorithmEntry? Aead;

    /// <summary>Whether the authentication comes before the cipher.</summary>
    public bool AuthFirst;

    /// <summary>The direction of the cipher or AEAD.</summary>
    public bool Encrypt;

    /// <summary>Whether the digest is compared, not written.</summary>
    public bool Verify;

    public int IvLength;

    /// <summary>The length of the IV as the unit is told it.</summary>
    public int JobIvLength;
    public int AuthIvLength;
    public int DigestLength;
    public int AadLength;

    /// <summary>Whether the digest is as long as what the unit writes, so that it may go straight to where it is wanted.</summary>
    public bool IsWholeCode;

    private int _blockLength;
    private int _aadLengthMax;
    private bool _hasCipher;
    private bool _hasAuth;
    private bool _isPlain;

    /// <summary>Whether there is a cipher and an authentication.</summary>
    public readonly bool IsChain => Cipher is not null && Auth is not null;

    /// <summary>Adds a transform of a session; the contract has checked it against the capabilities.</summary>
    public void Add(AlgorithmTable table, CryptoTransform transform)
    {
        switch (transform)
        {
            case CipherTransform cipher:
                AddCipher(table.Find(cipher.Algorithm)!, cipher.Operation == CipherOperation.Encrypt, cipher.IvLength);
                break;
            case AuthTransform auth:
                AddAuth(table.Find(auth.Algorithm)!, auth.Operation == AuthOperation.Verify, auth.IvLength, auth.DigestLength);
                break;
            case AeadTransform aead:
                AddAead(
                    table.Find(aead.Algorithm)!,
                    aead.Operation == CipherOperation.Encrypt,
                    aead.IvLength,
                    aead.DigestLength,
                    aead.AadLength,
                    aead.IvIsCounterBlock);
                break;
        }
    }

    /// <summary>Adds a transform that an op brings. False where the device does not offer it. The data path.</summary>
    public bool TryAdd(AlgorithmTable table, in SessionlessTransform transform)
    {
        int keyLength = transform.KeyLength, ivLength = transform.IvLength, digestLength = transform.DigestLength;
        switch (transform.Kind)
        {
            case SessionlessTransformKind.Cipher:
                if (Cipher is not null || Aead is not null || table.Find((CipherAlgorithm)transform.Algorithm) is not { } cipher
                    || !cipher.Capability.KeySizes.Contains(keyLength) || !cipher.Capability.IvSizes.Contains(ivLength))
                {
                    return false;
                }

                AddCipher(cipher, transform.Operation == (byte)CipherOperation.Encrypt, ivLength);
                return true;
            case SessionlessTransformKind.Auth:
                if (Auth is not null || Aead is not null || table.Find((AuthAlgorithm)transform.Algorithm) is not { } auth
                    || !auth.Capability.KeySizes.Contains(keyLength) || !auth.Capability.IvSizes.Contains(ivLength)
                    || !((AuthCapability)auth.Capability).DigestSizes.Contains(digestLength))
                {
                    return false;
                }

                AddAuth(auth, transform.Operation == (byte)AuthOperation.Verify, ivLength, digestLength);
                return true;
            case SessionlessTransformKind.Aead:
                if (Cipher is not null || Auth is not null || table.Find((AeadAlgorithm)transform.Algorithm) is not { } aead
                    || aead.Capability is not AeadCapability sizes
                    || !sizes.KeySizes.Contains(keyLength) || !sizes.IvSizes.Contains(ivLength)
                    || (transform.IvIsCounterBlock && (sizes.Algorithm != AeadAlgorithm.AesGcm || ivLength != 16))
                    || !sizes.DigestSizes.Contains(digestLength) || !sizes.AadSizes.Contains(transform.AadLength))
                {
                    return false;
                }

                AddAead(
                    aead,
                    transform.Operation == (byte)CipherOperation.Encrypt,
                    ivLength,
                    digestLength,
                    transform.AadLength,
                    transform.IvIsCounterBlock);
                return true;
            default:
                return false;
        }
    }

    /// <summary>Whether the ranges and lengths of an op fit its packets and the algorithms.</summary>
    public readonly bool Accepts(CryptoOp op)
    {
        // What nearly every op is: whole bytes, in place, in one segment, with IVs in the op.
        if (_isPlain && !op.InBits && op.Destination.IsNull && op.Source.IsContiguous)
        {
            ulong room = (uint)op.Source.DataLength;
            return (!_hasCipher
                    || ((ulong)(uint)op.CipherOffset + (uint)op.CipherLength <= room && (op.CipherLength & (_blockLength - 1)) == 0))
                && (!_hasAuth || (ulong)(uint)op.AuthOffset + (uint)op.AuthLength <= room)
                && (Aead is null || AcceptsAad(op));
        }

        return AcceptsAny(op);
    }

    private readonly bool AcceptsAad(CryptoOp op)
    {
        int length = op.AadLength < 0 ? AadLength : op.AadLength;
        return op.AadLength >= -1 && length <= _aadLengthMax && (op.AadAddress != 0 || length <= CryptoOp.InlineAadLength);
    }

    private readonly bool AcceptsAny(CryptoOp op)
    {
        bool outOfPlace = !op.Destination.IsNull && op.Destination != op.Source;
        if (Cipher is not null || Aead is not null)
        {
            bool countsBits = Cipher is { CountsBits: true };
            if (!IsRange(op, op.CipherOffset, op.CipherLength, countsBits, outOfPlace, out int length)
                || length % _blockLength != 0
                || !HasIv(op.IvAddress, IvLength, CryptoOp.IvLengthMax))
            {
                return false;
            }
        }

        if (Auth is not null)
        {
            if (!IsRange(op, op.AuthOffset, op.AuthLength, Auth.CountsBits, outOfPlace && Cipher is not null, out _)
                || !HasIv(op.AuthIvAddress, AuthIvLength, CryptoOp.AuthIvLengthMax))
            {
                return false;
            }
        }

        // The length of a CCM message is written in the bytes that the nonce leaves (SP 800-38C A.1).
        if (Aead is { Capability: AeadCapability { Algorithm: AeadAlgorithm.AesCcm } } && IvLength == 13
            && op.CipherLength >= (op.InBits ? 1 << 19 : 1 << 16))
        {
            return false;
        }

        if (outOfPlace && Writes(op, out int start, out int end) && Packet.Overlap(op.Source, op.Destination, start, end - start))
        {
            return false;
        }

        return Aead is null || AcceptsAad(op);
    }

    // The bytes that an op out of place writes; of a chain the authenticated ones too, for they are copied.
    private readonly bool Writes(CryptoOp op, out int start, out int end)
    {
        int unit = op.InBits ? 8 : 1;
        start = op.CipherOffset / unit;
        end = (int)(((long)op.CipherOffset + op.CipherLength + unit - 1) / unit);
        if (Auth is not null)
        {
            start = Math.Min(start, op.AuthOffset / unit);
            end = Math.Max(end, (int)(((long)op.AuthOffset + op.AuthLength + unit - 1) / unit));
        }

        return Cipher is not null || Aead is not null;
    }

    private static bool HasIv(nint address, int length, int inlineLength) => length <= inlineLength || address != 0;

    // A range of bytes, or of bits, in the source and where need be in the destination.
    private static bool IsRange(CryptoOp op, int offset, int length, bool countsBits, bool outOfPlace, out int byteLength)
    {
        byteLength = length;
        if ((offset | length) < 0)
        {
            return false;
        }

        if (op.InBits)
        {
            if (!countsBits && ((offset | length) & 7) != 0)
            {
                return false;
            }

            byteLength = (int)(((long)(offset & 7) + length + 7) >> 3);
            offset >>= 3;
        }

        return Packet.Contains(op.Source, offset, byteLength)
            && (!outOfPlace || Packet.Contains(op.Destination, offset, byteLength))
            && (byteLength <= Burst.GatheredLengthMax || Packet.IsInOneSegment(op.Source, offset, byteLength))
            && (byteLength <= Burst.GatheredLengthMax || !outOfPlace
                || Packet.IsInOneSegment(op.Destination, offset, byteLength));
    }

    private void AddCipher(AlgorithmEntry entry, bool encrypt, int ivLength)
    {
        Cipher = entry;
        Encrypt = encrypt;
        IvLength = JobIvLength = ivLength;
        _hasCipher = true;
        _isPlain = ivLength <= CryptoOp.IvLengthMax && AuthIvLength <= CryptoOp.AuthIvLengthMax;
        _blockLength = ((CipherCapability)entry.Capability).BlockSize;
    }

    private void AddAuth(AlgorithmEntry entry, bool verify, int ivLength, int digestLength)
    {
        AuthFirst = Cipher is null;
        Auth = entry;
        Verify = verify;
        AuthIvLength = ivLength;
        DigestLength = digestLength;
        IsWholeCode = digestLength == entry.CodeLength && entry.WritesCodeOnly;
        _hasAuth = true;
        _isPlain = IvLength <= CryptoOp.IvLengthMax && ivLength <= CryptoOp.AuthIvLengthMax;
    }

    private void AddAead(AlgorithmEntry entry, bool encrypt, int ivLength, int digestLength, int aadLength, bool ivIsCounterBlock)
    {
        Aead = entry;
        Encrypt = encrypt;
        IvLength = ivLength;
        DigestLength = digestLength;
        AadLength = aadLength;
        _blockLength = 1;
        _hasCipher = true;
        _aadLengthMax = ((AeadCapability)entry.Capability).AadSizes.Maximum;
        IsWholeCode = digestLength == entry.CodeLength && entry.WritesCodeOnly;

        // A CCM message with the longest nonce has a length that must be looked at.
        _isPlain = ivLength <= CryptoOp.IvLengthMax
            && ((AeadCapability)entry.Capability).Algorithm != AeadAlgorithm.AesCcm;

        // How the unit is told of a ready counter block.
        JobIvLength = ivIsCounterBlock ? 0 : ivLength;
    }
}
