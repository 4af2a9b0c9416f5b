using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Outboard.Crypto;
using Outboard.Devices;

namespace Outboard.Conformance;

/// <summary>What goes beyond one algorithm with a session: every size, chains, ops that bring their keys, bits, long IVs, asymmetric work.</summary>
public sealed partial class CryptoConformance
{
    private void CheckSizes()
    {
        using CryptoDevice device = Open(Specifier);
        Configure(device, 1);
        foreach (CryptoCapability capability in device.Info.Capabilities)
        {
            foreach (CryptoTransform wrong in OutsideSizes(capability, Transform(capability, least: true)))
            {
                Expect.Throws<ArgumentException>(() => device.CreateSession(wrong), $"{wrong}, a size of which is not listed,");
            }
        }
    }

    private static IEnumerable<CryptoTransform> OutsideSizes(CryptoCapability capability, CryptoTransform good) => (capability, good) switch
    {
        (CipherCapability c, CipherTransform t) =>
            Outside(c.IvSizes).Select(size => t with { IvLength = size }),
        (AuthCapability a, AuthTransform t) =>
            Outside(a.IvSizes).Select(size => t with { IvLength = size })
                .Concat(Outside(a.DigestSizes).Select(size => t with { DigestLength = size })),
        (AeadCapability e, AeadTransform t) =>
            Outside(e.IvSizes).Select(size => t with { IvLength = size })
                .Concat(Outside(e.DigestSizes).Select(size => t with { DigestLength = size }))
                .Concat(Outside(e.AadSizes).Select(size => t with { AadLength = size })),
        _ => Enumerable.Empty<CryptoTransform>(),
    };

    private static IEnumerable<int> Outside(SizeRange range) =>
        ((int[])[range.Minimum - 1, range.Minimum + 1, range.Maximum + 1]).Where(size => size >= 0 && !range.Contains(size));

    private void CheckSessionless() => WithStarted(Specifier, 1, (device, work) =>
    {
        Expect.Offered(device.Info.Features.HasFlag(CryptoFeatures.Sessionless), "ops without a session");
        var mine = (Work)work;
        using var ops = new CryptoOpPool(new CryptoOpPoolOptions { Name = "sessionless", Count = 1, Room = CryptoOpRoom.Sessionless });
        for (int number = 0; number < 20; number++)
        {
            CryptoOp model = mine.MakeOne(number);
            Expect.That(ops.TryAlloc(out CryptoOp op), "the check's op pool is empty.");
            op.UserData = (ulong)number;
            op.Source = model.Source;
            op.CipherLength = op.AuthLength = model.CipherLength;
            mine.Oracle.Iv(number).CopyTo(op.Iv);
            mine.Oracle.Aad(number).CopyTo(op.Aad);
            op.SetSessionless(mine.Oracle.Transform);
            RunOne(device, op);
            Expect.Equal(OpStatus.Success, op.Status, $"status of op {number} without a session");
            work.Verify(op);
            op.Free();
            work.Free([model]);
        }
    });

    private void CheckChains() => WithStarted(Specifier, 1, (device, work) =>
    {
        Expect.Offered(device.Info.Features.HasFlag(CryptoFeatures.Chaining), "chains");
        Expect.Offered(
            device.Info.Capabilities.Any(c => c is CipherCapability { Algorithm: CipherAlgorithm.AesCbc } a && a.KeySizes.Contains(16))
                && device.Info.Capabilities.Any(c => c is AuthCapability { Algorithm: AuthAlgorithm.HmacSha256 } h
                    && h.KeySizes.Contains(32) && h.DigestSizes.Contains(32)),
            "AES-CBC and HMAC-SHA256, which the kit chains");
        byte[] cipherKey = CryptoOracle.Pattern(16, 21), authKey = CryptoOracle.Pattern(32, 22), iv = CryptoOracle.Pattern(16, 23);
        var cipher = new CipherTransform(CipherAlgorithm.AesCbc, CipherOperation.Encrypt, cipherKey, 16);
        var auth = new AuthTransform(AuthAlgorithm.HmacSha256, AuthOperation.Generate, authKey, 0, 32);
        CipherTransform decrypt = cipher with { Operation = CipherOperation.Decrypt };
        AuthTransform verify = auth with { Operation = AuthOperation.Verify };
        using var aes = Aes.Create();
        aes.Key = cipherKey;
        using var records = new Records();
        foreach (bool authFirst in (bool[])[true, false])
        {
            using CryptoSession forward = device.CreateSession(authFirst ? auth with { Next = cipher } : cipher with { Next = auth });
            using CryptoSession backward = device.CreateSession(
                authFirst ? decrypt with { Next = verify } : verify with { Next = decrypt });
            byte[] data = CryptoOracle.Pattern(160, 24), encrypted = aes.EncryptCbc(data, iv, PaddingMode.None);
            CryptoOp op = records.Make(forward, data);
            iv.CopyTo(op.Iv);
            RunOne(device, op);
            Expect.Equal(OpStatus.Success, op.Status, "status of a chain");
            Expect.That(Bytes(op.Source).AsSpan().SequenceEqual(encrypted), "the ciphertext of a chain is wrong.");
            Expect.That(
                op.Digest[..32].SequenceEqual(HMACSHA256.HashData(authKey, authFirst ? data : encrypted)),
                $"the code of a chain that {(authFirst ? "authenticates" : "encrypts")} first is wrong.");
            op.SetSession(backward);
            RunOne(device, op);
            Expect.Equal(OpStatus.Success, op.Status, "status of a chain backwards");
            Expect.That(Bytes(op.Source).AsSpan().SequenceEqual(data), "a chain did not come back to its plaintext.");
            op.FreeWithBuffers();
        }
    });

    private void CheckBits() => WithStarted(Specifier, 1, (device, work) =>
    {
        Expect.Offered(device.Info.Features.HasFlag(CryptoFeatures.BitLengths), "lengths in bits");
        using var records = new Records();
        int taken = 0;
        foreach (CipherCapability cipher in device.Info.Capabilities.OfType<CipherCapability>())
        {
            var transform = (CipherTransform)Transform(cipher, least: true);
            using CryptoSession forward = device.CreateSession(transform);
            using CryptoSession backward = device.CreateSession(transform with { Operation = CipherOperation.Decrypt });
            byte[] data = CryptoOracle.Pattern(40, 31);
            CryptoOp op = records.Make(forward, data);
            (op.InBits, op.CipherOffset, op.CipherLength) = (true, 11, 269);
            RunOne(device, op);
            if (op.Status == OpStatus.Success)
            {
                taken++;
                byte[] seen = Bytes(op.Source);
                Expect.That(
                    seen[0] == data[0] && (seen[1] ^ data[1]) < 0x20 && seen.AsSpan(35).SequenceEqual(data.AsSpan(35)),
                    $"{cipher.Algorithm} changed bits around its range.");
                op.SetSession(backward);
                RunOne(device, op);
                Expect.That(Bytes(op.Source).AsSpan().SequenceEqual(data), $"{cipher.Algorithm} did not come back bit by bit.");
            }
            else
            {
                Expect.Equal(OpStatus.InvalidArguments, op.Status, $"status of {cipher.Algorithm} given a part of a byte");
                Expect.That(Bytes(op.Source).AsSpan().SequenceEqual(data), $"{cipher.Algorithm} refused and wrote.");
            }

            op.FreeWithBuffers();
        }

        Expect.That(taken != 0, "bit lengths are offered, and no cipher takes them.");
    });

    private void CheckLongIvs() => WithStarted(Specifier, 1, (device, work) =>
    {
        AeadCapability[] all =
            [.. device.Info.Capabilities.OfType<AeadCapability>().Where(c => c.IvSizes.Maximum > CryptoOp.IvLengthMax)];
        Expect.Offered(all.Length != 0, "nonces longer than an op holds");
        using var records = new Records();
        foreach (AeadCapability aead in all)
        {
            var transform = (AeadTransform)Transform(aead, least: false) with { AadLength = aead.AadSizes.Minimum };
            using CryptoSession forward = device.CreateSession(transform);
            using CryptoSession backward = device.CreateSession(transform with { Operation = CipherOperation.Decrypt });
            nint iv = Marshal.AllocHGlobal(transform.IvLength);
            Marshal.Copy(CryptoOracle.Pattern(transform.IvLength, 41), 0, iv, transform.IvLength);
            byte[] data = CryptoOracle.Pattern(77, 42);
            CryptoOp op = records.Make(forward, data);
            RunOne(device, op);
            Expect.Equal(OpStatus.InvalidArguments, op.Status, $"status of {aead.Algorithm} with a long nonce that is not there");
            op.IvAddress = iv;
            RunOne(device, op);
            Expect.Equal(OpStatus.Success, op.Status, $"status of {aead.Algorithm} with a nonce of {transform.IvLength} bytes");
            op.SetSession(backward);
            RunOne(device, op);
            Expect.Equal(OpStatus.Success, op.Status, $"status of {aead.Algorithm} backwards");
            Expect.That(Bytes(op.Source).AsSpan().SequenceEqual(data), $"{aead.Algorithm} did not come back to its plaintext.");
            op.SetSession(forward);
            RunOne(device, op);
            Marshal.WriteByte(iv, transform.IvLength - 1, (byte)~Marshal.ReadByte(iv, transform.IvLength - 1));
            op.SetSession(backward);
            RunOne(device, op);
            Expect.Equal(OpStatus.AuthenticationFailed, op.Status, $"status of {aead.Algorithm} with another last byte of the nonce");
            op.FreeWithBuffers();
            Marshal.FreeHGlobal(iv);
        }
    });

    private void CheckAsymmetric()
    {
        using CryptoDevice device = Open(Specifier);
        Expect.Offered(device.Info.AsymmetricCapabilities.Count != 0, "asymmetric algorithms");
        Configure(device, 1);
        device.Start();
        using var ops = new CryptoOpPool(new CryptoOpPoolOptions { Name = "asymmetric", Count = 2, Room = CryptoOpRoom.Asymmetric });
        nint memory = Marshal.AllocHGlobal(3 * 4096);
        try
        {
            foreach (AsymmetricCapability capability in device.Info.AsymmetricCapabilities
                .Where(c => c.Operations.Contains(AsymmetricOperation.GenerateKey)))
            {
                CheckGenerated(device, ops, capability, memory);
            }
        }
        finally
        {
            Marshal.FreeHGlobal(memory);
        }
    }

    // A key that the device makes opens a session; where it signs, its signature holds for its message and no other.
    private static void CheckGenerated(CryptoDevice device, CryptoOpPool ops, AsymmetricCapability capability, nint memory)
    {
        var transform = new AsymmetricTransform(
            capability.Algorithm,
            default,
            default,
            capability.Curves.Count == 0 ? null : capability.Curves[0],
            capability.Hashes.Contains(AuthAlgorithm.Sha256) ? AuthAlgorithm.Sha256 : AuthAlgorithm.Null,
            capability.Paddings.Contains(AsymmetricPadding.Pkcs1) ? AsymmetricPadding.Pkcs1 : AsymmetricPadding.None);
        using CryptoSession maker = device.CreateAsymmetricSession(transform);
        Expect.That(ops.TryAlloc(out CryptoOp op), "the check's op pool is empty.");
        op.SetSession(maker);
        op.AsymmetricOperation = AsymmetricOperation.GenerateKey;
        op.GetAsymmetricBuffer(1) = new CryptoBuffer(memory, 4096, 0);
        op.GetAsymmetricBuffer(2) = new CryptoBuffer(memory + 4096, 1, 0);
        RunOne(device, op);
        Expect.Equal(OpStatus.InvalidArguments, op.Status, $"status of a {capability.Algorithm} key without room");
        Expect.That(op.GetAsymmetricBuffer(2).Length > 1, $"the length that a {capability.Algorithm} key needs was not told.");
        op.GetAsymmetricBuffer(2) = new CryptoBuffer(memory + 4096, 4096, 0);
        RunOne(device, op);
        Expect.Equal(OpStatus.Success, op.Status, $"status of making a {capability.Algorithm} key");
        byte[] key = new byte[op.GetAsymmetricBuffer(2).Length];
        Marshal.Copy(memory + 4096, key, 0, key.Length);
        using CryptoSession session = device.CreateAsymmetricSession(transform with { PrivateKey = key });
        if (capability.Operations.Contains(AsymmetricOperation.Sign))
        {
            op.SetSession(session);
            op.AsymmetricOperation = AsymmetricOperation.Sign;
            op.GetAsymmetricBuffer(0) = new CryptoBuffer(memory, 50);
            op.GetAsymmetricBuffer(2) = new CryptoBuffer(memory + 4096, 4096, 0);
            RunOne(device, op);
            Expect.Equal(OpStatus.Success, op.Status, $"status of a {capability.Algorithm} signature");
            op.GetAsymmetricBuffer(1) = new CryptoBuffer(memory + 4096, op.GetAsymmetricBuffer(2).Length);
            op.AsymmetricOperation = AsymmetricOperation.Verify;
            RunOne(device, op);
            Expect.Equal(OpStatus.Success, op.Status, $"status of verifying a {capability.Algorithm} signature");
            Marshal.WriteByte(memory, 7, (byte)~Marshal.ReadByte(memory, 7));
            RunOne(device, op);
            Expect.Equal(OpStatus.AuthenticationFailed, op.Status, $"status of a {capability.Algorithm} signature of something else");
        }

        op.Free();
    }
}
