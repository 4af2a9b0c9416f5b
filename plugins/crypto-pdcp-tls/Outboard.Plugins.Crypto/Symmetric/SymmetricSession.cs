using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Outboard.Crypto;
using Outboard.Devices;
using Outboard.Mbufs;
using Outboard.Plugins.Crypto.Engine;
using Outboard.Plugins.Crypto.Keys;
using Outboard.Plugins.Crypto.Simd;

namespace Outboard.Plugins.Crypto.Symmetric;

/// <summary>A cipher, an authentication, both in either order, or an AEAD.</summary>
/// <remarks>It keeps nothing of the ops that use it, so any number of queue pairs may share one.</remarks>
internal sealed unsafe class SymmetricSession : SimdSession
{
    private const int CipherStep = 1;
    private const int AuthStep = 2;
    private const int AeadStep = 3;

    private SymmetricPlan _plan;
    private UnitKey _cipher;
    private UnitKey _auth;

    /// <summary>An empty session, to be set by <see cref="Set"/>.</summary>
    public SymmetricSession()
        : base(CryptoSessionKind.Symmetric)
    {
    }

    public SymmetricSession(KeyStore store, AlgorithmTable table, CryptoTransform transform)
        : this()
    {
        for (CryptoTransform? one = transform; one is not null; one = one.Next)
        {
            _plan.Add(table, one);
        }

        try
        {
            for (CryptoTransform? one = transform; one is not null; one = one.Next)
            {
                switch (one)
                {
                    case CipherTransform cipher:
                        _cipher = UnitKey.Expand(store, _plan.Cipher!.Unit, cipher.Key.Span);
                        break;
                    case AuthTransform auth:
                        _auth = UnitKey.Expand(store, _plan.Auth!.Unit, auth.Key.Span);
                        break;
                    case AeadTransform aead:
                        _cipher = UnitKey.Expand(store, _plan.Aead!.Unit, aead.Key.Span);
                        break;
                }
            }
        }
        catch
        {
            Release(store);
            throw;
        }
    }

    /// <summary>Takes on another plan with keys that lie elsewhere, for an op that brings its own.</summary>
    public void Set(in SymmetricPlan plan, byte* cipherKey, byte* authKey)
    {
        _plan = plan;
        _cipher = new UnitKey { Unit = (plan.Aead ?? plan.Cipher)?.Unit, Key = cipherKey };
        _auth = new UnitKey { Unit = plan.Auth?.Unit, Key = authKey };
    }

    public override bool Accepts(CryptoOp op) => _plan.Accepts(op);

    public override Step Begin(CryptoOp op, ref OpState state, Burst burst)
    {
        Mbuf source = op.Source, target = op.Destination.IsNull ? source : op.Destination;
        if (_plan.Aead is not null)
        {
            return QueueAead(op, ref state, burst, source, target);
        }

        if (_plan.Auth is null)
        {
            return QueueCipher(op, ref state, burst, source, target);
        }

        state.Packet = source;
        if (_plan.IsChain && source != target)
        {
            // Out of place a chain works on a copy: the digest may lie in the result, inside what is ciphered.
            int start = Math.Min(op.CipherOffset, op.AuthOffset);
            Copy(op, source, target, start, Math.Max(op.CipherOffset + op.CipherLength, op.AuthOffset + op.AuthLength) - start);
            state.Packet = target;
        }

        return _plan.AuthFirst ? QueueAuth(op, ref state, burst) : QueueCipher(op, ref state, burst, state.Packet, state.Packet);
    }

    public override Step Continue(CryptoOp op, ref OpState state, Burst burst)
    {
        switch (state.Step)
        {
            case CipherStep:
                Burst.Scatter(ref state);
                return _plan.Auth is null || _plan.AuthFirst ? Succeed(op) : QueueAuth(op, ref state, burst);
            case AuthStep:
                return EndAuth(op, ref state, burst);
            default:
                return EndAead(op, ref state, burst);
        }
    }

    public override void Release(KeyStore store)
    {
        _cipher.Release(store);
        _auth.Release(store);
    }

    private static Step Succeed(CryptoOp op)
    {
        op.Status = OpStatus.Success;
        return Step.Done;
    }

    private static byte* Address(Span<byte> native) => (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(native));

    // First byte and the byte behind the last of a range that may be in bits.
    private static (int Start, int End) Bytes(CryptoOp op, int offset, int length) => op.InBits
        ? (offset >> 3, (int)(((long)offset + length + 7) >> 3))
        : (offset, offset + length);

    private static void Copy(CryptoOp op, Mbuf source, Mbuf target, int offset, int length)
    {
        if (op.InBits)
        {
            Packet.CopyBits(source, target, offset, length);
        }
        else
        {
            Packet.Copy(source, target, offset, length);
        }
    }

    private static byte* Digest(CryptoOp op) => op.DigestAddress == 0 ? Address(op.Digest) : (byte*)op.DigestAddress;

    private static void SetRange(
        CryptoOp op, ref CryptoJob job, ref OpState state, Burst burst, Mbuf source, Mbuf target, int offset, int length)
    {
        if (op.InBits)
        {
            burst.SetBits(ref job, ref state, source, target, offset, length);
        }
        else
        {
            burst.SetMessage(ref job, ref state, source, target, offset, length);
        }
    }

    private Step QueueCipher(CryptoOp op, ref OpState state, Burst burst, Mbuf source, Mbuf target)
    {
        burst.Counters.CipherOps++;
        (int start, int end) = Bytes(op, op.CipherOffset, op.CipherLength);
        burst.Counters.Bytes += (ulong)(end - start);
        state.Step = CipherStep;
        if (_cipher.Unit is null)
        {
            if (source != target)
            {
                Copy(op, source, target, op.CipherOffset, op.CipherLength);
            }

            return _plan.Auth is null || _plan.AuthFirst ? Succeed(op) : QueueAuth(op, ref state, burst);
        }

        ref CryptoJob job = ref burst.Queue(_cipher.Unit);
        SetRange(op, ref job, ref state, burst, source, target, op.CipherOffset, op.CipherLength);
        job.Key = _cipher.Key;
        job.Iv = _plan.IvLength > CryptoOp.IvLengthMax ? (byte*)op.IvAddress : Address(op.Iv);
        job.IvLength = _plan.JobIvLength;
        job.Encrypt = _plan.Encrypt;
        op.Status = OpStatus.Success;
        return state.Gathered is null && (_plan.Auth is null || _plan.AuthFirst) ? Step.Done : Step.Wait;
    }

    private Step QueueAead(CryptoOp op, ref OpState state, Burst burst, Mbuf source, Mbuf target)
    {
        burst.Counters.AeadOps++;
        burst.Counters.Bytes += (ulong)(op.InBits ? op.CipherLength / 8 : op.CipherLength);
        ref CryptoJob job = ref burst.Queue(_cipher.Unit!);
        SetRange(op, ref job, ref state, burst, source, target, op.CipherOffset, op.CipherLength);
        job.Key = _cipher.Key;
        job.Iv = _plan.IvLength > CryptoOp.IvLengthMax ? (byte*)op.IvAddress : Address(op.Iv);
        job.IvLength = _plan.JobIvLength;
        job.Aad = op.AadAddress == 0 ? Address(op.Aad) : (byte*)op.AadAddress;
        job.AadLength = op.AadLength < 0 ? _plan.AadLength : op.AadLength;
        job.CodeLength = _plan.DigestLength;
        job.Encrypt = _plan.Encrypt;
        state.Step = AeadStep;
        if (_plan.Encrypt && op.DigestAddress == 0 && _plan.IsWholeCode && state.Gathered is null)
        {
            // The whole tag, straight into the op: nothing is left to do behind the job.
            job.Code = Address(op.Digest);
            return Succeed(op);
        }

        job.Code = state.Code;
        return Step.Wait;
    }

    private Step EndAead(CryptoOp op, ref OpState state, Burst burst)
    {
        int length = _plan.DigestLength;
        var code = new Span<byte>(state.Code, length);
        var digest = new Span<byte>(Digest(op), length);
        if (_plan.Encrypt)
        {
            Burst.Scatter(ref state);
            code.CopyTo(digest);
            return Succeed(op);
        }

        // The tag may lie in what is overwritten: it is compared first.
        bool good = ConstantTime.Equal(code, digest);
        CryptographicOperations.ZeroMemory(new Span<byte>(state.Code, CryptoJob.CodeRoom));
        Burst.Scatter(ref state);
        if (good)
        {
            return Succeed(op);
        }

        return Fail(op, burst);
    }

    private Step QueueAuth(CryptoOp op, ref OpState state, Burst burst)
    {
        burst.Counters.AuthOps++;
        (int start, int end) = Bytes(op, op.AuthOffset, op.AuthLength);
        burst.Counters.Bytes += (ulong)(end - start);
        state.Step = AuthStep;
        if (_auth.Unit is null)
        {
            new Span<byte>(state.Code, _plan.DigestLength).Clear();
            return EndAuth(op, ref state, burst);
        }

        ref CryptoJob job = ref burst.Queue(_auth.Unit);
        SetRange(op, ref job, ref state, burst, state.Packet, default, op.AuthOffset, op.AuthLength);
        job.Key = _auth.Key;
        job.Iv = _plan.AuthIvLength > CryptoOp.AuthIvLengthMax ? (byte*)op.AuthIvAddress : Address(op.AuthIv);
        job.IvLength = _plan.AuthIvLength;
        job.AadLength = 0;
        job.CodeLength = _plan.DigestLength;
        if (!_plan.Verify && op.DigestAddress == 0 && _plan.IsWholeCode && !(_plan.IsChain && _plan.AuthFirst))
        {
            job.Code = Address(op.Digest);
            return Succeed(op);
        }

        job.Code = state.Code;
        return Step.Wait;
    }

    private Step EndAuth(CryptoOp op, ref OpState state, Burst burst)
    {
        int length = _plan.DigestLength;
        var code = new Span<byte>(state.Code, length);
        var digest = new Span<byte>(Digest(op), length);
        if (!_plan.Verify)
        {
            code.CopyTo(digest);
        }
        else if (_auth.Unit is not null)
        {
            bool good = ConstantTime.Equal(code, digest);
            CryptographicOperations.ZeroMemory(new Span<byte>(state.Code, CryptoJob.CodeRoom));
            if (!good)
            {
                return Fail(op, burst);
            }
        }

        return _plan.IsChain && _plan.AuthFirst
            ? QueueCipher(op, ref state, burst, state.Packet, state.Packet)
            : Succeed(op);
    }

    // What a chain or an AEAD has written, or would have, does not stay.
    private Step Fail(CryptoOp op, Burst burst)
    {
        Mbuf target = op.Destination.IsNull ? op.Source : op.Destination;
        if (_plan.Cipher is not null || _plan.Aead is not null)
        {
            if (op.InBits)
            {
                Packet.WipeBits(target, op.CipherOffset, op.CipherLength);
            }
            else
            {
                Packet.Wipe(target, op.CipherOffset, op.CipherLength);
            }
        }

        burst.Counters.AuthenticationFailures++;
        op.Status = OpStatus.AuthenticationFailed;
        return Step.Done;
    }
}
