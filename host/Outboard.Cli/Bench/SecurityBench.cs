using System.CommandLine;
using Outboard.Crypto;
using Outboard.Mbufs;
using Outboard.Security;

namespace Outboard.Cli.Bench;

/// <summary><c>outboard bench security</c>: TLS records and PDCP PDUs protected by the device, by payload size.</summary>
internal sealed class SecurityBench() : BenchVerb("security", "TLS 1.3 records and PDCP PDUs protected by a crypto device, by payload size.")
{
    private readonly CryptoBenchOptions _options = new("64,1024,8192");

    protected override void AddOptions(Command command) => _options.AddTo(command);

    protected override IReadOnlyList<BenchCase> CreateCases(ParseResult parsed, BenchScope scope)
    {
        byte[] key = new byte[32];
        new Random(1).NextBytes(key);
        (string Name, SecurityTransform Transform)[] transforms =
        [
            ("tls13-aes-128-gcm", new TlsRecordTransform
            {
                Operation = SecurityOperation.Protect,
                Version = TlsVersion.Tls13,
                CipherSuite = TlsCipherSuite.AesGcm,
                Key = key.AsMemory(0, 16),
                Iv = key.AsMemory(0, 12),
            }),
            ("pdcp-nea2-nia2-18", new PdcpTransform
            {
                Operation = SecurityOperation.Protect,
                Domain = PdcpDomain.UserPlane,
                Direction = PdcpDirection.Uplink,
                Bearer = 3,
                SequenceNumberBits = 18,
                Cipher = PdcpCipher.Nea2,
                CipherKey = key.AsMemory(0, 16),
                Integrity = PdcpIntegrity.Nia2,
                IntegrityKey = key.AsMemory(16, 16),
                HfnPerPacket = true,
            }),
        ];
        return _options.CreateCases(parsed, scope, (device, burst, size, mbufs) => transforms.Select(t =>
        {
            SecuritySession session = scope.Hold(device.Security!.CreateSession(t.Transform));
            CryptoOp[] ops = CryptoBenchOptions.MakeOps(scope, burst, size, mbufs);
            var loop = new OffloadLoop<CryptoOp>(device, ops);
            return ($"{t.Name}/{size}", (Func<int, int>)(items =>
            {
                // A record leaves its header and tag in the packet: each turn starts from the payload again.
                int done = 0;
                while (done < items)
                {
                    for (int i = 0; i < ops.Length; i++)
                    {
                        Reset(ops[i], session, size, (uint)(done + i));
                    }

                    done += loop.Run(ops.Length);
                }

                return done;
            }));
        }));
    }

    private static void Reset(CryptoOp op, SecuritySession session, int size, uint number)
    {
        Mbuf mbuf = op.Source;
        int excess = mbuf.PacketLength - size;
        if (excess > 0)
        {
            _ = mbuf.TryTrim(excess);
        }

        int offset = mbuf.DataOffset;
        if (offset < MbufPoolOptions.DefaultHeadroom)
        {
            _ = mbuf.TryAdjust(MbufPoolOptions.DefaultHeadroom - offset);
            _ = mbuf.TryAppend(MbufPoolOptions.DefaultHeadroom - offset, out _);
        }

        op.SetSession(session);
        op.ContentType = 23;
        op.CipherLength = size;
        op.Hfn = number & 0x3FFF;
    }
}
