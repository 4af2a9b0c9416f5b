using System.Runtime.InteropServices;
using Outboard.Crypto;

namespace Outboard.Cli.Bench;

/// <summary>An asymmetric algorithm as the benchmark runs it: the device makes the keys, then ops of one kind go round.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Transform">The session, without keys.</param>
/// <param name="Forward">What makes a signature, a secret or a ciphertext.</param>
/// <param name="Backward">The way back, or null.</param>
internal sealed record CryptoBenchAsymmetric(
    string Name, AsymmetricTransform Transform, AsymmetricOperation Forward, AsymmetricOperation? Backward)
{
    private const int Room = 4096;
    private const int MessageLength = 32;

    // A burst of these takes milliseconds, so more would only make samples long.
    private const int BurstMax = 8;

    /// <summary>Every algorithm.</summary>
    public static IReadOnlyList<CryptoBenchAsymmetric> All { get; } =
    [
        Signature("rsa-2048-pkcs1-sha256", AsymmetricAlgorithm.Rsa, null, AuthAlgorithm.Sha256, AsymmetricPadding.Pkcs1),
        Signature("rsa-2048-pss-sha256", AsymmetricAlgorithm.Rsa, null, AuthAlgorithm.Sha256, AsymmetricPadding.Pss),
        new(
            "rsa-2048-oaep-sha256",
            new AsymmetricTransform(
                AsymmetricAlgorithm.Rsa, default, default, Hash: AuthAlgorithm.Sha256, Padding: AsymmetricPadding.Oaep),
            AsymmetricOperation.Encrypt,
            AsymmetricOperation.Decrypt),
        Signature("ecdsa-p256-sha256", AsymmetricAlgorithm.Ecdsa, "P-256", AuthAlgorithm.Sha256, AsymmetricPadding.None),
        Signature("ecdsa-p384-sha384", AsymmetricAlgorithm.Ecdsa, "P-384", AuthAlgorithm.Sha384, AsymmetricPadding.None),
        Signature("ed25519", AsymmetricAlgorithm.EdDsa, "Ed25519", AuthAlgorithm.Null, AsymmetricPadding.None),
        Agreement("ecdh-p256", AsymmetricAlgorithm.Ecdh, "P-256"),
        Agreement("x25519", AsymmetricAlgorithm.X25519, null),
        Agreement("dh-ffdhe2048", AsymmetricAlgorithm.Dh, "ffdhe2048"),
    ];

    /// <summary>What can be asked of it.</summary>
    public bool Offers(CryptoBenchOperation operation) => operation switch
    {
        CryptoBenchOperation.Encrypt => Forward == AsymmetricOperation.Encrypt,
        CryptoBenchOperation.Decrypt => Backward == AsymmetricOperation.Decrypt,
        CryptoBenchOperation.Generate => Forward is AsymmetricOperation.Sign or AsymmetricOperation.SharedSecret,
        _ => Backward == AsymmetricOperation.Verify,
    };

    /// <summary>Makes the case on a device.</summary>
    public CryptoBenchCase Create(BenchScope scope, CryptoDevice device, CryptoBenchOperation operation, int burst)
    {
        CryptoOpPool pool = scope.Hold(new CryptoOpPool(
            new CryptoOpPoolOptions { Name = "bench", Count = BurstMax, Room = CryptoOpRoom.Asymmetric }));
        var ops = new CryptoOp[Math.Min(burst, BurstMax)];
        if (!pool.TryAllocBulk(ops))
        {
            throw new WorkException("the benchmark's op pool is too small.");
        }

        var loop = new OffloadLoop<CryptoOp>(device, ops);
        Prepare(scope, device, ops, loop);
        if (operation is CryptoBenchOperation.Decrypt or CryptoBenchOperation.Verify)
        {
            loop.Run(ops.Length);
            foreach (CryptoOp op in ops)
            {
                TurnRound(op);
            }
        }

        return new CryptoBenchCase($"{Name}-{Suffix(ops[0].AsymmetricOperation)}", 0, loop.Run);
    }

    private static CryptoBenchAsymmetric Signature(
        string name, AsymmetricAlgorithm algorithm, string? curve, AuthAlgorithm hash, AsymmetricPadding padding) =>
        new(
            name,
            new AsymmetricTransform(algorithm, default, default, curve, hash, padding),
            AsymmetricOperation.Sign,
            AsymmetricOperation.Verify);

    private static CryptoBenchAsymmetric Agreement(string name, AsymmetricAlgorithm algorithm, string? curve) =>
        new(name, new AsymmetricTransform(algorithm, default, default, curve), AsymmetricOperation.SharedSecret, null);

    private static string Suffix(AsymmetricOperation operation) => operation switch
    {
        AsymmetricOperation.Sign => "sign",
        AsymmetricOperation.Verify => "verify",
        AsymmetricOperation.Encrypt => "enc",
        AsymmetricOperation.Decrypt => "dec",
        _ => "derive",
    };

    // The device makes a key pair in the buffers of the ops; the first one's is used.
    private void Prepare(BenchScope scope, CryptoDevice device, CryptoOp[] ops, OffloadLoop<CryptoOp> loop)
    {
        CryptoSession maker = scope.Hold(device.CreateAsymmetricSession(Transform));
        nint memory = scope.Hold(new CryptoBenchMemory(3 * Room * ops.Length)).Address;
        for (int i = 0; i < ops.Length; i++)
        {
            nint at = memory + (3 * Room * i);
            ops[i].SetSession(maker);
            ops[i].AsymmetricOperation = AsymmetricOperation.GenerateKey;
            ops[i].GetAsymmetricBuffer(0) = new CryptoBuffer(at, Room, 0);
            ops[i].GetAsymmetricBuffer(1) = new CryptoBuffer(at + Room, Room, 0);
            ops[i].GetAsymmetricBuffer(2) = new CryptoBuffer(at + (2 * Room), Room, 0);
        }

        loop.Run(ops.Length);
        byte[] privateKey = Read(ops[0].GetAsymmetricBuffer(2)), publicKey = Read(ops[0].GetAsymmetricBuffer(1));
        CryptoSession session = scope.Hold(device.CreateAsymmetricSession(Transform with { PrivateKey = privateKey }));
        byte[] message = Forward == AsymmetricOperation.SharedSecret ? publicKey : new byte[MessageLength];
        foreach (CryptoOp op in ops)
        {
            op.SetSession(session);
            CryptoOp described = op;
            described.AsymmetricOperation = Forward;
            nint to = op.GetAsymmetricBuffer(0).Address;
            Marshal.Copy(message, 0, to, message.Length);
            op.GetAsymmetricBuffer(0) = new CryptoBuffer(to, Room, message.Length);
        }
    }

    // What came out is the signature of the way back, or its ciphertext.
    private void TurnRound(CryptoOp op)
    {
        CryptoBuffer made = op.GetAsymmetricBuffer(2);
        op.AsymmetricOperation = Backward!.Value;
        int index = Backward == AsymmetricOperation.Verify ? 1 : 0;
        CryptoBuffer free = op.GetAsymmetricBuffer(index);
        op.GetAsymmetricBuffer(index) = made;
        op.GetAsymmetricBuffer(2) = free with { Length = 0 };
    }

    private static byte[] Read(CryptoBuffer buffer)
    {
        byte[] bytes = new byte[buffer.Length];
        Marshal.Copy(buffer.Address, bytes, 0, bytes.Length);
        return bytes;
    }
}
