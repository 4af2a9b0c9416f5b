using Outboard.Crypto;
using Outboard.Devices;
using Outboard.Security;

namespace Outboard.Cli.Vectors;

/// <content>TLS records.</content>
internal sealed partial class CryptoCaseRunner
{
    private CryptoOutcome Run(TlsCase one)
    {
        TlsRecordTransform transform = one.Transform;
        bool offered = _device.Security is not null && _device.Info.SecurityCapabilities.OfType<TlsRecordCapability>().Any(c =>
            c.Version == transform.Version && c.CipherSuites.Contains(transform.CipherSuite)
            && c.KeyLengths.Contains(transform.Key.Length));
        if (!offered)
        {
            return CryptoOutcome.Skip($"{_device.Info.Driver} does not offer {transform.Version} {transform.CipherSuite} records");
        }

        foreach (bool cut in (bool[])[false, true])
        {
            if (!one.OnlyOpen && Written(one, cut) is { } wrong)
            {
                return CryptoOutcome.Fail($"protect: {wrong}");
            }

            if (Opened(one, cut) is { } other)
            {
                return CryptoOutcome.Fail($"unprotect: {other}");
            }
        }

        return CryptoOutcome.Passed;
    }

    private string? Written(TlsCase one, bool cut)
    {
        using SecuritySession session = _device.Security!.CreateSession(one.Transform with { ReplayWindow = 0 });
        CryptoOp op = Make(one.Fragment, cut);
        op.SetSession(session);
        op.ContentType = one.ContentType;
        op.PaddingLength = one.PaddingLength;
        one.ExplicitIv.CopyTo(op.Iv);
        OpStatus status = RunOp(op);
        bool same = Bytes(op.Source).AsSpan().SequenceEqual(one.Record);
        op.FreeWithBuffers();
        return status == OpStatus.Success && same ? null : $"{status}, {(same ? "the same" : "other")} bytes";
    }

    private string? Opened(TlsCase one, bool cut)
    {
        using SecuritySession session = _device.Security!.CreateSession(
            one.Transform with { Operation = SecurityOperation.Unprotect, IvPerPacket = false });
        CryptoOp op = Make(one.Record, cut);
        op.SetSession(session);
        OpStatus status = RunOp(op);
        byte[] left = Bytes(op.Source);
        byte type = op.ContentType;
        op.FreeWithBuffers();
        if (one.IsValid == false)
        {
            bool wiped = status == OpStatus.InvalidArguments || !left.AsSpan(13).ContainsAnyExcept((byte)0);
            return status != OpStatus.Success && wiped ? null
                : $"{status} for what must not open{(wiped ? string.Empty : ", and data left behind")}";
        }

        bool same = left.AsSpan().SequenceEqual(one.Fragment) && type == one.ContentType;
        return status == OpStatus.Success && same ? null : $"{status}, {(same ? "the same" : "other")} bytes";
    }
}
