using Outboard.Crypto;
using Outboard.Devices;

namespace Outboard.Cli.Vectors;

/// <content>CBC with padding: the device ciphers whole blocks, the padding is put on and checked here.</content>
internal sealed partial class CryptoCaseRunner
{
    private CryptoOutcome Run(PaddedCipherCase one)
    {
        CipherCapability? offered = Offered(one.Algorithm);
        var transform = new CipherTransform(one.Algorithm, CipherOperation.Encrypt, one.Key, one.Iv.Length);
        if (Obstacle(offered, one.Algorithm, one.Key, ("IV", one.Iv.Length, offered?.IvSizes)) is { } obstacle)
        {
            return Refused(one, transform, obstacle, offered is not null);
        }

        int block = offered!.BlockSize;
        using CryptoSession encrypt = _device.CreateSession(transform);
        using CryptoSession decrypt = _device.CreateSession(transform with { Operation = CipherOperation.Decrypt });
        foreach (bool cut in (bool[])[false, true])
        {
            OpStatus opened = RunPadded(decrypt, one.Ciphertext, one.Iv, cut, out byte[] padded);
            bool accepted = opened == OpStatus.Success && Unpad(padded, block) is { } message && message.AsSpan().SequenceEqual(one.Plaintext);
            if (one.IsValid is { } valid && valid != accepted)
            {
                return CryptoOutcome.Fail($"decrypt: {opened}, {(accepted ? "accepted" : "other bytes or padding")}");
            }

            int padding = block - (one.Plaintext.Length % block);
            byte[] input = [.. one.Plaintext, .. Enumerable.Repeat((byte)padding, padding)];
            OpStatus made = RunPadded(encrypt, input, one.Iv, cut, out byte[] ciphertext);
            if (made != OpStatus.Success || (one.IsValid == true && !ciphertext.AsSpan().SequenceEqual(one.Ciphertext)))
            {
                return CryptoOutcome.Fail($"encrypt: {made}, or other bytes");
            }
        }

        return CryptoOutcome.Passed;
    }

    private OpStatus RunPadded(CryptoSession session, byte[] input, byte[] iv, bool cut, out byte[] output)
    {
        CryptoOp op = Make(input, cut);
        op.SetSession(session);
        op.CipherLength = input.Length;
        SetIv(op, iv);
        OpStatus status = RunOp(op);
        output = Bytes(op.Source);
        op.FreeWithBuffers();
        return status;
    }

    // RFC 5652 6.3; null where it is wrong.
    private static byte[]? Unpad(byte[] padded, int block)
    {
        int count = padded.Length == 0 ? 0 : padded[^1];
        return count == 0 || count > block || count > padded.Length || padded.AsSpan(padded.Length - count).ContainsAnyExcept((byte)count)
            ? null
            : padded[..^count];
    }
}
