using Outboard.Crypto;
using Outboard.Devices;
using Outboard.Plugins.Crypto.Engine;
using Outboard.Plugins.Crypto.Keys;
using Outboard.Plugins.Crypto.Simd;

namespace Outboard.Plugins.Crypto.Asymmetric;

/// <summary>An asymmetric session: the key is libcrypto's, and a call at a time uses it.</summary>
internal sealed unsafe class AsymmetricSession : SimdSession
{
    private readonly Lock _lock = new();
    private readonly AsymmetricTransform _transform;
    private readonly AsymmetricCapability _capability;
    private AsymmetricKey? _key;

    public AsymmetricSession(AsymmetricCapability capability, AsymmetricTransform transform)
        : base(CryptoSessionKind.Asymmetric)
    {
        if (Obstacle(transform) is { } obstacle)
        {
            throw new ArgumentException(obstacle, nameof(transform));
        }

        _capability = capability;
        _key = AsymmetricKey.Read(transform);
        _transform = transform with { PrivateKey = default, PublicKey = default, Label = transform.Label.ToArray() };
    }

    public override bool Accepts(CryptoOp op)
    {
        if (!op.HasRoom(CryptoOpRoom.Asymmetric) || !_capability.Operations.Contains(op.AsymmetricOperation))
        {
            return false;
        }

        for (int i = 0; i < 3; i++)
        {
            CryptoBuffer buffer = op.GetAsymmetricBuffer(i);
            if (buffer.Length < 0 || buffer.Capacity < buffer.Length || (buffer.Address == 0 && buffer.Capacity != 0))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The synchronous face: the caller waits.</summary>
    public override Step Begin(CryptoOp op, ref OpState state, Burst burst)
    {
        Run(op);
        return Step.Done;
    }

    public override Step Continue(CryptoOp op, ref OpState state, Burst burst) => Step.Done;

    /// <summary>Does an op and sets its status; nothing is thrown into the thread that runs it.</summary>
    public void Run(CryptoOp op)
    {
        try
        {
            RunLocked(op);
        }
        catch (Exception unexpected) when (unexpected is not OutOfMemoryException)
        {
            // What libcrypto answers is taken apart by code of ours, which is not to end the worker.
            op.Status = OpStatus.Error;
        }
    }

    public override void Release(KeyStore store)
    {
        lock (_lock)
        {
            _key?.Dispose();
            _key = null;
        }
    }

    // What the library would refuse op by op, or do otherwise than asked.
    private static string? Obstacle(AsymmetricTransform transform)
    {
        bool isRsa = transform.Algorithm == AsymmetricAlgorithm.Rsa;
        return transform switch
        {
            { IsDigest: true, Algorithm: AsymmetricAlgorithm.EdDsa } => "EdDSA signs messages, not digests (RFC 8032)",
            { Padding: AsymmetricPadding.Pss, Hash: AuthAlgorithm.Null } when isRsa => "PSS needs a hash",
            { SaltLength: < -1 } => $"SaltLength {transform.SaltLength} is not -1 or more",
            { Label.IsEmpty: false } when !isRsa || transform.Padding != AsymmetricPadding.Oaep => "only OAEP has a label",
            _ => null,
        };
    }

    private void RunLocked(CryptoOp op)
    {
        lock (_lock)
        {
            if (_key is null)
            {
                op.Status = OpStatus.InvalidSession;
                return;
            }

            CryptoBuffer message = op.GetAsymmetricBuffer(0), second = op.GetAsymmetricBuffer(1);
            ref CryptoBuffer output = ref op.GetAsymmetricBuffer(2);
            var input = new ReadOnlySpan<byte>((void*)message.Address, message.Length);
            var room = new Span<byte>((void*)output.Address, output.Capacity);
            int written = 0;
            switch (op.AsymmetricOperation)
            {
                case AsymmetricOperation.Verify:
                    op.Status = _key.Verify(_transform, input, new ReadOnlySpan<byte>((void*)second.Address, second.Length));
                    return;
                case AsymmetricOperation.Sign:
                    op.Status = _key.Sign(_transform, input, room, out written);
                    break;
                case AsymmetricOperation.Encrypt:
                    op.Status = _key.Encrypt(_transform, input, room, out written);
                    break;
                case AsymmetricOperation.Decrypt:
                    op.Status = _key.Decrypt(_transform, input, room, out written);
                    break;
                case AsymmetricOperation.SharedSecret:
                    op.Status = _key.Derive(_transform, input, room, out written);
                    break;
                case AsymmetricOperation.GenerateKey:
                    op.Status = AsymmetricKey.Generate(
                        _transform, room, out written, new Span<byte>((void*)second.Address, second.Capacity), out int publicLength);
                    op.GetAsymmetricBuffer(1) = second with { Length = publicLength };
                    break;
            }

            output = output with { Length = written };
        }
    }
}
