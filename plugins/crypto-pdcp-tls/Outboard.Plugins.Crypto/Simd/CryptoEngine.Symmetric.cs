using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Outboard.Crypto;
using Outboard.Devices;
using Outboard.Mbufs;
using Outboard.Plugins.Crypto.Kernels.AesCtr;
using Outboard.Plugins.Crypto.Kernels.AesGcm;

namespace Outboard.Plugins.Crypto.Simd;

/// <content>Ciphers, authentications, chains and AEAD with a symmetric session.</content>
internal sealed unsafe partial class CryptoEngine<TCtr, TGcm, TCmac>
{
    private static Mbuf Target(CryptoOp op) => op.Destination.IsNull ? op.Source : op.Destination;

    private static Span<byte> Digest(CryptoOp op, int length) =>
        op.DigestAddress == 0 ? op.Digest[..length] : new Span<byte>((void*)op.DigestAddress, length);

    private static ReadOnlySpan<byte> Associated(CryptoOp op, SymmetricSession session)
    {
        int length = op.AadLength < 0 ? session.AadLength : op.AadLength;
        return op.AadAddress == 0 ? op.Aad[..length] : new ReadOnlySpan<byte>((void*)op.AadAddress, length);
    }

    private static void DoCipher(CryptoOp op, SymmetricSession session, ref EngineCounters counters)
    {
        ApplyCipher(op, session, op.Source);
        counters.CipherOps++;
        counters.Bytes += (ulong)op.CipherLength;
        op.Status = OpStatus.Success;
    }

    private static void ApplyCipher(CryptoOp op, SymmetricSession session, Mbuf source)
    {
        Mbuf target = Target(op);
        if (!session.IsCounterMode)
        {
            if (source != target)
            {
                Packet.Copy(source, target, op.CipherOffset, op.CipherLength);
            }

            return;
        }

        var state = default(CtrState);
        op.Iv[..session.IvLength].CopyTo(MemoryMarshal.CreateSpan(ref state.Counter, 16));
        bool shortCounter = session.IvLength == 12;
        if (shortCounter)
        {
            // RFC 3686 4: a nonce and IV of twelve bytes, and a counter that starts at one.
            Unsafe.Add(ref state.Counter, 15) = 1;
        }

        ApplyCounterMode(ref *session.CipherKey, ref state, shortCounter, source, target, op.CipherOffset, op.CipherLength);
    }

    private static void DoAead(CryptoOp op, SymmetricSession session, ref EngineCounters counters)
    {
        Span<byte> tag = stackalloc byte[TagLength];
        Mbuf source = op.Source, target = Target(op);
        int offset = op.CipherOffset, length = op.CipherLength;
        ReadOnlySpan<byte> iv = op.Iv[..session.IvLength];
        ReadOnlySpan<byte> associated = Associated(op, session);
        ref byte firstTag = ref MemoryMarshal.GetReference(tag);
        byte* from = Packet.InFirstSegment(source, offset, length);
        byte* to = Packet.InFirstSegment(target, offset, length);
        if (from is not null && to is not null && iv.Length == 12
            && length <= GcmShort<TGcm>.DataLengthMax && associated.Length <= GcmShort<TGcm>.AssociatedLengthMax)
        {
            GcmShort<TGcm>.Apply(
                ref *session.CipherKey, session.Encrypt, iv, associated, ref *from, ref *to, length, ref firstTag);
        }
        else
        {
            Unsafe.SkipInit(out GcmState state);
            GcmMessage<TGcm>.Start(ref *session.CipherKey, ref state, iv);
            GcmMessage<TGcm>.Associate(
                ref *session.CipherKey, ref state, ref MemoryMarshal.GetReference(associated), (nuint)associated.Length);
            ApplyGcm(ref *session.CipherKey, ref state, session.Encrypt, source, target, offset, length);
            GcmMessage<TGcm>.Finish(ref *session.CipherKey, ref state, ref firstTag);
        }

        counters.AeadOps++;
        counters.Bytes += (ulong)length;
        Span<byte> digest = Digest(op, session.DigestLength);
        if (session.Encrypt)
        {
            tag[..digest.Length].CopyTo(digest);
            op.Status = OpStatus.Success;
        }
        else if (CryptographicOperations.FixedTimeEquals(tag[..digest.Length], digest))
        {
            op.Status = OpStatus.Success;
        }
        else
        {
            Packet.Wipe(target, offset, length);
            counters.AuthenticationFailures++;
            op.Status = OpStatus.AuthenticationFailed;
        }
    }

    // The first half of an op with an authentication. True when its CMAC waits in the batch.
    private static bool BeginAuth(
        CryptoOp op, SymmetricSession session, ref DeferredCode deferred, ref EngineCounters counters)
    {
        Mbuf source = op.Source, target = Target(op);
        Mbuf message = source;
        if (session.Steps == 2 && source != target)
        {
            // Out of place a chain works on a copy: the digest may lie in the result, inside what is ciphered.
            int start = Math.Min(op.CipherOffset, op.AuthOffset);
            int end = Math.Max(op.CipherOffset + op.CipherLength, op.AuthOffset + op.AuthLength);
            Packet.Copy(source, target, start, end - start);
            message = target;
        }

        if (session.Steps == 2 && !session.AuthFirst)
        {
            ApplyCipher(op, session, message);
        }

        if (session.Auth == AuthAlgorithm.AesCmac)
        {
            deferred.Key = session.AuthKey;
            deferred.State = default;
            SetMessage(ref deferred, message, op.AuthOffset, op.AuthLength);
            return true;
        }

        Span<byte> code = stackalloc byte[TagLength];
        code.Clear();
        if (session.Auth == AuthAlgorithm.AesGmac)
        {
            Unsafe.SkipInit(out GcmState state);
            GcmMessage<TGcm>.Start(ref *session.AuthKey, ref state, op.AuthIv[..session.AuthIvLength]);
            var at = new MbufCursor(message, (nuint)op.AuthOffset);
            for (nuint left = (nuint)op.AuthLength; left != 0;)
            {
                nuint run = Math.Min(at.Run(), left);
                if (run == 0)
                {
                    break;
                }

                GcmMessage<TGcm>.Associate(ref *session.AuthKey, ref state, ref at.Byte, run);
                at.Advance(run);
                left -= run;
            }

            GcmMessage<TGcm>.Finish(ref *session.AuthKey, ref state, ref MemoryMarshal.GetReference(code));
        }

        EndAuth(op, session, code, ref counters);
        return false;
    }

    private static void EndAuth(CryptoOp op, SymmetricSession session, Span<byte> code, ref EngineCounters counters)
    {
        counters.AuthOps++;
        counters.Bytes += (ulong)op.AuthLength;
        Mbuf target = Target(op);
        Span<byte> digest = Digest(op, session.DigestLength);
        if (!session.Verify)
        {
            code[..digest.Length].CopyTo(digest);
        }
        else if (session.Auth != AuthAlgorithm.Null
            && !CryptographicOperations.FixedTimeEquals(code[..digest.Length], digest))
        {
            // What a chain has written, or would have, does not stay.
            if (session.HasCipher)
            {
                Packet.Wipe(target, op.CipherOffset, op.CipherLength);
            }

            counters.AuthenticationFailures++;
            op.Status = OpStatus.AuthenticationFailed;
            return;
        }

        if (session.Steps == 2)
        {
            counters.CipherOps++;
            if (session.AuthFirst)
            {
                ApplyCipher(op, session, target);
            }
        }

        op.Status = OpStatus.Success;
    }
}
