using System.Runtime.InteropServices;
using Outboard.Crypto;
using Outboard.Devices;

namespace Outboard.Cli.Vectors;

/// <content>Signatures and key agreements.</content>
internal sealed partial class CryptoCaseRunner
{
    private const int AnswerRoom = 4096;

    private CryptoOutcome Run(AsymmetricCase one)
    {
        AsymmetricTransform transform = one.Transform;
        if (!_device.Info.AsymmetricCapabilities.Any(c => c.Algorithm == transform.Algorithm
            && c.Operations.Contains(one.Operation)
            && (c.Curves.Count == 0 || (transform.Curve is not null && c.Curves.Contains(transform.Curve)))
            && (c.Hashes.Count == 0 || c.Hashes.Contains(transform.Hash))
            && (c.Paddings.Count == 0 || c.Paddings.Contains(transform.Padding))))
        {
            return NotOffered(
                string.Join(' ', ((object?[])[transform.Algorithm, transform.Curve is null ? null : $"on {transform.Curve}"]).OfType<object>()));
        }

        OpStatus status;
        byte[] answer;
        try
        {
            status = RunAsymmetric(transform, one.Operation, one.Message, one.Answer, out answer);
        }
        catch (ArgumentException e)
        {
            // A key that cannot be one is refused when the session is made.
            return one.IsValid == true ? CryptoOutcome.Fail(e.Message) : CryptoOutcome.Passed;
        }

        bool accepted = status == OpStatus.Success
            && (one.Operation == AsymmetricOperation.Verify || answer.AsSpan().SequenceEqual(one.Answer));
        if (one.IsValid is { } valid ? valid != accepted : status == OpStatus.Success && !accepted)
        {
            return CryptoOutcome.Fail($"{one.Operation}: {status}{(status == OpStatus.Success ? ", or another answer" : string.Empty)}");
        }

        return one.Operation switch
        {
            AsymmetricOperation.Sign when accepted && !transform.PublicKey.IsEmpty =>
                Verified(transform with { PrivateKey = default }, one.Message, answer),
            AsymmetricOperation.Verify when accepted && one.SigningKey.Length != 0 => SignedAnew(one),
            _ => CryptoOutcome.Passed,
        };
    }

    // A signature that differs each time: ours must verify as the published one does.
    private CryptoOutcome SignedAnew(AsymmetricCase one)
    {
        AsymmetricTransform signer = one.Transform with { PrivateKey = one.SigningKey, PublicKey = default };
        OpStatus made = RunAsymmetric(signer, AsymmetricOperation.Sign, one.Message, [], out byte[] signature);
        return made == OpStatus.Success ? Verified(one.Transform, one.Message, signature) : CryptoOutcome.Fail($"Sign: {made}");
    }

    private CryptoOutcome Verified(AsymmetricTransform transform, byte[] message, byte[] signature)
    {
        OpStatus status = RunAsymmetric(transform, AsymmetricOperation.Verify, message, signature, out _);
        return status == OpStatus.Success ? CryptoOutcome.Passed : CryptoOutcome.Fail($"Verify of what was signed: {status}");
    }

    private OpStatus RunAsymmetric(
        AsymmetricTransform transform, AsymmetricOperation operation, byte[] message, byte[] second, out byte[] answer)
    {
        using CryptoSession session = _device.CreateAsymmetricSession(
            transform with { PublicKey = transform.PrivateKey.IsEmpty ? transform.PublicKey : default });
        Require(_asymmetricOps.TryAlloc(out CryptoOp op), "no op");
        nint memory = Marshal.AllocHGlobal(AnswerRoom + message.Length + second.Length);
        try
        {
            nint messageAddress = memory + AnswerRoom, secondAddress = messageAddress + message.Length;
            Marshal.Copy(message, 0, messageAddress, message.Length);
            Marshal.Copy(second, 0, secondAddress, second.Length);
            op.SetSession(session);
            op.AsymmetricOperation = operation;
            op.GetAsymmetricBuffer(0) = new CryptoBuffer(messageAddress, message.Length);
            op.GetAsymmetricBuffer(1) = new CryptoBuffer(secondAddress, second.Length);
            op.GetAsymmetricBuffer(2) = new CryptoBuffer(memory, AnswerRoom, 0);
            OpStatus status = RunOp(op);
            CryptoBuffer output = op.GetAsymmetricBuffer(2);
            answer = new byte[output.Length];
            Marshal.Copy(output.Address, answer, 0, answer.Length);
            return status;
        }
        finally
        {
            op.Free();
            Marshal.FreeHGlobal(memory);
        }
    }
}
