using System.Runtime.InteropServices;
using Outboard.Crypto;
using Outboard.Devices;
using Outboard.Mbufs;

namespace Outboard.Cli.Vectors;

/// <content>Chains of a cipher and an authentication.</content>
internal sealed partial class CryptoCaseRunner
{
    private CryptoOutcome Run(ChainCase one)
    {
        if (Obstacle(one.Cipher, one.Auth, one.CodeLength, CryptoFeatures.Chaining | CryptoFeatures.DigestEncrypted) is { } obstacle)
        {
            return CryptoOutcome.Skip(obstacle);
        }

        (CipherTransform cipher, AuthTransform auth) = Transforms(one.Cipher, one.Auth, one.CodeLength);
        using CryptoSession forward = _device.CreateSession(auth with { Next = cipher });
        using CryptoSession backward = _device.CreateSession(cipher with
        {
            Operation = CipherOperation.Decrypt,
            Next = auth with { Operation = AuthOperation.Verify },
        });

        // The code lies in the packet, so the packet must lie where the program knows its address.
        nint memory = Marshal.AllocHGlobal(one.Input.Length);
        var buffer = new MbufExternalMemory(memory, one.Input.Length, Marshal.FreeHGlobal);
        CryptoOp op = Alloc();
        Require(_mbufs.TryAlloc(out Mbuf packet), "no mbuf");
        Require(buffer.TryAttach(packet), "no external buffer");
        buffer.Release();
        Require(packet.TryAppend(one.Input.Length, out Span<byte> data), "no room");
        one.Input.CopyTo(data);
        op.Source = packet;
        op.SetSession(forward);
        SetRanges(op, one.Cipher.Range, one.Auth.Range);
        op.DigestAddress = memory + one.CodeOffset;
        SetIv(op, one.Cipher.Iv);
        SetAuthIv(op, one.Auth.Iv);
        OpStatus made = RunOp(op);
        bool same = Bytes(packet).AsSpan().SequenceEqual(one.Output);
        op.SetSession(backward);
        OpStatus opened = RunOp(op);
        byte[] back = Bytes(packet);

        // Everything comes back but the code, which the first pass wrote.
        int end = one.CodeOffset + one.CodeLength;
        bool restored = back.AsSpan(0, one.CodeOffset).SequenceEqual(one.Input.AsSpan(0, one.CodeOffset))
            && back.AsSpan(end).SequenceEqual(one.Input.AsSpan(end));
        op.FreeWithBuffers();
        return Judge(made, same, opened, restored);
    }

    private CryptoOutcome Run(EncryptThenCodeCase one)
    {
        if (Obstacle(one.Cipher, one.Auth, one.Code.Length, CryptoFeatures.Chaining) is { } obstacle)
        {
            return CryptoOutcome.Skip(obstacle);
        }

        (CipherTransform cipher, AuthTransform auth) = Transforms(one.Cipher, one.Auth, one.Code.Length);
        using CryptoSession forward = _device.CreateSession(cipher with { Next = auth });
        using CryptoSession backward = _device.CreateSession(auth with
        {
            Operation = AuthOperation.Verify,
            Next = cipher with { Operation = CipherOperation.Decrypt },
        });
        foreach (bool cut in (bool[])[false, true])
        {
            CryptoOp op = Make(one.Plaintext, cut);
            SetRanges(op, one.Cipher.Range, one.Auth.Range);
            SetIv(op, one.Cipher.Iv);
            SetAuthIv(op, one.Auth.Iv);
            op.SetSession(forward);
            OpStatus made = RunOp(op);
            bool same = Bytes(op.Source).AsSpan().SequenceEqual(one.Ciphertext)
                && op.Digest[..one.Code.Length].SequenceEqual(one.Code);
            op.SetSession(backward);
            OpStatus opened = RunOp(op);
            bool restored = Bytes(op.Source).AsSpan().SequenceEqual(one.Plaintext);
            op.FreeWithBuffers();
            CryptoOutcome outcome = Judge(made, same, opened, restored);
            if (outcome.Failed is not null)
            {
                return outcome;
            }
        }

        return CryptoOutcome.Passed;
    }

    private static CryptoOutcome Judge(OpStatus made, bool same, OpStatus opened, bool restored) =>
        made == OpStatus.Success && same && opened == OpStatus.Success && restored
            ? CryptoOutcome.Passed
            : CryptoOutcome.Fail(
                $"forward: {made}, {(same ? "the same" : "other")} bytes; backward: {opened}, {(restored ? "the same" : "other")} bytes");

    // An IV that the file gives for an algorithm that has none does not count.
    private (CipherTransform Cipher, AuthTransform Auth) Transforms(
        ChainPart<CipherAlgorithm> cipher, ChainPart<AuthAlgorithm> auth, int codeLength) =>
    (
        new CipherTransform(
            cipher.Algorithm, CipherOperation.Encrypt, cipher.Key, IvLength(Offered(cipher.Algorithm), cipher.Iv)),
        new AuthTransform(
            auth.Algorithm, AuthOperation.Generate, auth.Key, IvLength(Offered(auth.Algorithm), auth.Iv), codeLength));

    private string? Obstacle(
        ChainPart<CipherAlgorithm> cipher, ChainPart<AuthAlgorithm> auth, int codeLength, CryptoFeatures features)
    {
        CipherCapability? first = Offered(cipher.Algorithm);
        AuthCapability? second = Offered(auth.Algorithm);
        return Obstacle(first, cipher.Algorithm, cipher.Key, ("IV", IvLength(first, cipher.Iv), first?.IvSizes))
            ?? Obstacle(
                second,
                auth.Algorithm,
                auth.Key,
                ("IV", IvLength(second, auth.Iv), second?.IvSizes),
                ("digest", codeLength, second?.DigestSizes))
            ?? ((_device.Info.Features & features) == features ? null : NotOffered($"{features}").Skipped);
    }

    private static int IvLength(CryptoCapability? offered, byte[] iv) => offered is { IvSizes.Maximum: 0 } ? 0 : iv.Length;

    private static void SetRanges(CryptoOp op, BitRange cipher, BitRange auth)
    {
        op.InBits = !(cipher.IsWhole && auth.IsWhole);
        int unit = op.InBits ? 1 : 8;
        (op.CipherOffset, op.CipherLength) = (cipher.Offset / unit, cipher.Length / unit);
        (op.AuthOffset, op.AuthLength) = (auth.Offset / unit, auth.Length / unit);
    }
}
