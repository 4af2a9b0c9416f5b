using System.Runtime.InteropServices;
using Outboard.Crypto;
using Outboard.Devices;
using Outboard.Mbufs;
using Outboard.Security;

namespace Outboard.Cli.Vectors;

/// <summary>Runs known answers on one started device, each in one piece and in a packet cut in three.</summary>
internal sealed partial class CryptoCaseRunner : IDisposable
{
    private const int DataRoom = 60_000;

    private readonly CryptoDevice _device;
    private readonly CryptoOpPool _ops = new(new CryptoOpPoolOptions { Name = "vectors", Count = 4, CacheSize = 0 });
    private readonly MbufPool _mbufs = new(new MbufPoolOptions { Name = "vectors", Count = 8, CacheSize = 0, DataRoomSize = DataRoom });
    private readonly CryptoOpPool _asymmetricOps = new(
        new CryptoOpPoolOptions { Name = "vectors", Count = 4, CacheSize = 0, Room = CryptoOpRoom.Asymmetric });

    private readonly CryptoOp[] _back = new CryptoOp[1];

    // IVs that are too long for an op.
    private readonly nint _iv = Marshal.AllocHGlobal(CryptoOp.LongIvLengthMax);
    private readonly nint _authIv = Marshal.AllocHGlobal(CryptoOp.LongIvLengthMax);

    public CryptoCaseRunner(CryptoDevice device) => _device = device;

    /// <summary>Runs one case.</summary>
    public CryptoOutcome Run(CryptoCase one)
    {
        try
        {
            return one switch
            {
                CipherCase cipher => Run(cipher),
                AuthCase auth => Run(auth),
                AeadCase aead => Run(aead),
                PaddedCipherCase padded => Run(padded),
                AsymmetricCase asymmetric => Run(asymmetric),
                ChainCase chain => Run(chain),
                EncryptThenCodeCase pair => Run(pair),
                TlsCase tls => Run(tls),
                PdcpCase pdcp => Run(pdcp),
                NotOfferedCase other => NotOffered(other.What),
                UnknownCase unknown => CryptoOutcome.Skip(unknown.Reason),
                _ => CryptoOutcome.Fail("a case of no known kind"),
            };
        }
        catch (Exception e) when (e is CryptoMismatchException or ArgumentException)
        {
            return CryptoOutcome.Fail(e.Message);
        }
    }

    public void Dispose()
    {
        _ops.Dispose();
        _asymmetricOps.Dispose();
        _mbufs.Dispose();
        Marshal.FreeHGlobal(_iv);
        Marshal.FreeHGlobal(_authIv);
    }

    private void SetIv(CryptoOp op, byte[] iv)
    {
        if (iv.Length <= CryptoOp.IvLengthMax)
        {
            iv.CopyTo(op.Iv);
            return;
        }

        Marshal.Copy(iv, 0, _iv, iv.Length);
        op.IvAddress = _iv;
    }

    private void SetAuthIv(CryptoOp op, byte[] iv)
    {
        if (iv.Length <= CryptoOp.AuthIvLengthMax)
        {
            iv.CopyTo(op.AuthIv);
            return;
        }

        Marshal.Copy(iv, 0, _authIv, iv.Length);
        op.AuthIvAddress = _authIv;
    }

    private CryptoOutcome Run(CipherCase one)
    {
        CipherCapability? offered = Offered(one.Algorithm);
        var transform = new CipherTransform(one.Algorithm, CipherOperation.Encrypt, one.Key, one.Iv.Length);
        if (Obstacle(offered, one.Algorithm, one.Key, ("IV", one.Iv.Length, offered?.IvSizes)) is { } obstacle)
        {
            return Refused(one, transform, obstacle, offered is not null);
        }

        bool matches = true;
        foreach (bool encrypt in (bool[])[true, false])
        {
            using CryptoSession session = _device.CreateSession(
                transform with { Operation = encrypt ? CipherOperation.Encrypt : CipherOperation.Decrypt });
            foreach (bool cut in (bool[])[false, true])
            {
                byte[] input = encrypt ? one.Plaintext : one.Ciphertext;
                CryptoOp op = Make(input, cut);
                op.SetSession(session);
                SetCipherRange(op, one.Bits ?? new BitRange(0, input.Length * 8));
                SetIv(op, one.Iv);
                OpStatus status = RunOp(op);
                matches &= status == OpStatus.Success
                    && Bytes(op.Source).AsSpan().SequenceEqual(encrypt ? one.Ciphertext : one.Plaintext);
                op.FreeWithBuffers();
            }
        }

        return Judge(one, matches, "the bytes differ");
    }

    private CryptoOutcome Run(AuthCase one)
    {
        AuthCapability? offered = Offered(one.Algorithm);
        var transform = new AuthTransform(one.Algorithm, AuthOperation.Verify, one.Key, one.Iv.Length, one.Code.Length);
        if (Obstacle(
            offered, one.Algorithm, one.Key, ("IV", one.Iv.Length, offered?.IvSizes), ("digest", one.Code.Length, offered?.DigestSizes))
            is { } obstacle)
        {
            return Refused(one, transform, obstacle, offered is not null);
        }

        foreach (bool cut in (bool[])[false, true])
        {
            using CryptoSession verify = _device.CreateSession(transform);
            using CryptoSession generate = _device.CreateSession(transform with { Operation = AuthOperation.Generate });
            CryptoOp op = Make(one.Message, cut);
            SetAuthRange(op, new BitRange(0, one.BitLength ?? one.Message.Length * 8));
            SetAuthIv(op, one.Iv);
            one.Code.CopyTo(op.Digest);
            op.SetSession(verify);
            OpStatus status = RunOp(op);
            op.SetSession(generate);
            OpStatus made = RunOp(op);
            bool same = made == OpStatus.Success && op.Digest[..one.Code.Length].SequenceEqual(one.Code);
            op.FreeWithBuffers();
            bool accepted = status == OpStatus.Success;
            if (accepted != same || (!accepted && status != OpStatus.AuthenticationFailed))
            {
                return CryptoOutcome.Fail($"verify says {status}, generate gives {(same ? "the same" : "another")} code");
            }

            if (one.IsValid is { } valid && valid != accepted)
            {
                return CryptoOutcome.Fail($"status {status}");
            }
        }

        return CryptoOutcome.Passed;
    }

    private CryptoOutcome Run(AeadCase one)
    {
        AeadCapability? offered = _device.Info.Capabilities.OfType<AeadCapability>().FirstOrDefault(c => c.Algorithm == one.Algorithm);
        var transform = new AeadTransform(
            one.Algorithm, CipherOperation.Decrypt, one.Key, one.Iv.Length, one.Tag.Length, one.Associated.Length)
        {
            IvIsCounterBlock = one.IsReadyCounter,
        };
        if (Obstacle(
            offered,
            one.Algorithm,
            one.Key,
            ("nonce", one.Iv.Length, offered?.IvSizes),
            ("tag", one.Tag.Length, offered?.DigestSizes),
            ("associated data", one.Associated.Length, offered?.AadSizes)) is { } obstacle)
        {
            return Refused(one, transform, obstacle, offered is not null);
        }

        nint associated = Marshal.AllocHGlobal(Math.Max(1, one.Associated.Length));
        try
        {
            Marshal.Copy(one.Associated, 0, associated, one.Associated.Length);
            using CryptoSession decrypt = _device.CreateSession(transform);
            using CryptoSession encrypt = _device.CreateSession(transform with { Operation = CipherOperation.Encrypt });
            foreach (bool cut in (bool[])[false, true])
            {
                OpStatus opened = RunAead(decrypt, one, associated, one.Ciphertext, cut, out byte[] plaintext, out _);
                bool accepted = opened == OpStatus.Success && plaintext.AsSpan().SequenceEqual(one.Plaintext);
                if (one.IsValid is { } valid && (valid != accepted || (!valid && opened != OpStatus.AuthenticationFailed)))
                {
                    return CryptoOutcome.Fail($"decrypt: {opened}{(opened == OpStatus.Success ? ", or other bytes" : string.Empty)}");
                }

                if (opened == OpStatus.AuthenticationFailed && plaintext.Any(b => b != 0))
                {
                    return CryptoOutcome.Fail("a failed tag left data behind");
                }

                OpStatus made = RunAead(encrypt, one, associated, one.Plaintext, cut, out byte[] ciphertext, out byte[] tag);
                bool same = ciphertext.AsSpan().SequenceEqual(one.Ciphertext) && tag.AsSpan().SequenceEqual(one.Tag);
                if (made != OpStatus.Success || (one.IsValid == true && !same))
                {
                    return CryptoOutcome.Fail($"encrypt: {made}, {(same ? "the same" : "other")} bytes");
                }
            }

            return CryptoOutcome.Passed;
        }
        finally
        {
            Marshal.FreeHGlobal(associated);
        }
    }

    private OpStatus RunAead(
        CryptoSession session, AeadCase one, nint associated, byte[] input, bool cut, out byte[] output, out byte[] tag)
    {
        CryptoOp op = Make(input, cut);
        op.SetSession(session);
        op.CipherLength = input.Length;
        SetIv(op, one.Iv);
        op.AadAddress = associated;
        one.Tag.CopyTo(op.Digest);
        OpStatus status = RunOp(op);
        output = Bytes(op.Source);
        tag = op.Digest[..one.Tag.Length].ToArray();
        op.FreeWithBuffers();
        return status;
    }

    private CryptoOutcome Run(PdcpCase one)
    {
        PdcpTransform t = one.Transform;
        bool offered = _device.Security is not null && _device.Info.SecurityCapabilities.OfType<PdcpCapability>().Any(c =>
            c.Domain == t.Domain && (t.Domain == PdcpDomain.ShortMac || c.SequenceNumberBits.Contains(t.SequenceNumberBits))
            && c.Ciphers.Contains(t.Cipher) && c.Integrities.Contains(t.Integrity));
        return !offered
            ? CryptoOutcome.Skip($"{_device.Info.Driver} does not offer PDCP {t.Domain} with {t.Cipher} and {t.Integrity}")
            : RunProtocol(t, t with { Operation = SecurityOperation.Unprotect }, one.Input, one.Output, contentType: 0, padding: 0);
    }

    private CryptoOutcome RunProtocol(
        SecurityTransform protect, SecurityTransform unprotect, byte[] input, byte[] output, byte contentType, int padding)
    {
        foreach (bool cut in (bool[])[false, true])
        {
            using SecuritySession forward = _device.Security!.CreateSession(protect);
            using SecuritySession backward = _device.Security.CreateSession(unprotect);
            CryptoOp op = Make(input, cut);
            op.SetSession(forward);
            op.ContentType = contentType;
            op.PaddingLength = padding;
            OpStatus made = RunOp(op);
            bool same = Bytes(op.Source).AsSpan().SequenceEqual(output);
            op.FreeWithBuffers();
            op = Make(output, cut);
            op.SetSession(backward);
            OpStatus opened = RunOp(op);
            bool restored = Bytes(op.Source).AsSpan().SequenceEqual(input) && op.ContentType == contentType;
            op.FreeWithBuffers();
            if (made != OpStatus.Success || !same || opened != OpStatus.Success || !restored)
            {
                return CryptoOutcome.Fail(
                    $"protect: {made}, {(same ? "the same" : "other")} bytes; unprotect: {opened}, {(restored ? "the same" : "other")} bytes");
            }
        }

        return CryptoOutcome.Passed;
    }

    private static CryptoOutcome Judge(CryptoCase one, bool matches, string detail) =>
        one.IsValid is { } valid && valid != matches ? CryptoOutcome.Fail(valid ? detail : "accepted") : CryptoOutcome.Passed;

    // A size that the device does not take: right where the case must be refused, else a case that it does not offer.
    private CryptoOutcome Refused(CryptoCase one, CryptoTransform transform, string obstacle, bool algorithmOffered)
    {
        if (!algorithmOffered || one.IsValid != false)
        {
            return CryptoOutcome.Skip(obstacle);
        }

        try
        {
            _device.CreateSession(transform).Dispose();
            return CryptoOutcome.Fail("a session was made with sizes that the capabilities exclude");
        }
        catch (ArgumentException)
        {
            return CryptoOutcome.Passed;
        }
    }

    private string? Obstacle(
        CryptoCapability? offered, object algorithm, byte[] key, params ReadOnlySpan<(string What, int Size, SizeRange? Range)> sizes)
    {
        string driver = _device.Info.Driver;
        if (offered is null)
        {
            return NotOffered($"{algorithm}").Skipped;
        }

        if (!offered.KeySizes.Contains(key.Length))
        {
            return $"{driver} does not offer {algorithm} with a key of {key.Length} bytes";
        }

        foreach ((string what, int size, SizeRange? range) in sizes)
        {
            if (range is { } allowed && !allowed.Contains(size))
            {
                return $"{driver} does not offer {algorithm} with {what} of {size} bytes";
            }
        }

        return null;
    }

    private CryptoOutcome NotOffered(string what) => CryptoOutcome.Skip($"{_device.Info.Driver} does not offer {what}");

    private CipherCapability? Offered(CipherAlgorithm algorithm) =>
        _device.Info.Capabilities.OfType<CipherCapability>().FirstOrDefault(c => c.Algorithm == algorithm);

    private AuthCapability? Offered(AuthAlgorithm algorithm) =>
        _device.Info.Capabilities.OfType<AuthCapability>().FirstOrDefault(c => c.Algorithm == algorithm);

    // Bits where they are needed, so that both ways of counting are used.
    private static void SetCipherRange(CryptoOp op, BitRange range)
    {
        op.InBits = !range.IsWhole;
        (op.CipherOffset, op.CipherLength) = op.InBits ? (range.Offset, range.Length) : (range.Offset / 8, range.Length / 8);
    }

    private static void SetAuthRange(CryptoOp op, BitRange range)
    {
        op.InBits = !range.IsWhole;
        (op.AuthOffset, op.AuthLength) = op.InBits ? (range.Offset, range.Length) : (range.Offset / 8, range.Length / 8);
    }

    private CryptoOp Make(byte[] bytes, bool cut)
    {
        CryptoOp op = Alloc();
        int first = cut ? bytes.Length / 3 : bytes.Length;
        int second = cut ? (bytes.Length / 3) + (bytes.Length / 5) : bytes.Length;
        Mbuf head = Part(bytes.AsSpan(0, first));
        if (cut)
        {
            Require(head.TryChain(Part(bytes.AsSpan(first, second - first))), "no chain");
            Require(head.TryChain(Part(bytes.AsSpan(second))), "no chain");
        }

        op.Source = head;
        return op;
    }

    private Mbuf Part(ReadOnlySpan<byte> bytes)
    {
        Require(_mbufs.TryAlloc(out Mbuf part), "no mbuf");
        Require(part.TryAppend(bytes.Length, out Span<byte> room), $"a message of {bytes.Length} bytes is longer than an mbuf");
        bytes.CopyTo(room);
        return part;
    }

    private CryptoOp Alloc()
    {
        Require(_ops.TryAlloc(out CryptoOp op), "no op");
        return op;
    }

    private OpStatus RunOp(CryptoOp op)
    {
        op.Status = OpStatus.NotProcessed;
        if (_device.EnqueueBurst(0, [op]) == 1)
        {
            while (_device.DequeueBurst(0, _back) == 0)
            {
                Thread.Yield();
            }
        }

        return op.Status;
    }

    private static byte[] Bytes(Mbuf packet)
    {
        byte[] bytes = new byte[packet.PacketLength];
        packet.CopyTo(bytes);
        return bytes;
    }

    private static void Require(bool condition, string what)
    {
        if (!condition)
        {
            throw new CryptoMismatchException(what);
        }
    }
}
