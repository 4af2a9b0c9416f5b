using System.CommandLine;
using Outboard.Crypto;

namespace Outboard.Cli.Bench;

/// <summary><c>outboard bench crypto</c>: ciphers, MACs and AEADs through the device, by packet size.</summary>
internal sealed class CryptoBench() : BenchVerb("crypto", "Ciphers, MACs and AEADs through a crypto device, by packet size.")
{
    private readonly CryptoBenchOptions _options = new("64,256,1024,8192");

    protected override void AddOptions(Command command) => _options.AddTo(command);

    protected override IReadOnlyList<BenchCase> CreateCases(ParseResult parsed, BenchScope scope)
    {
        byte[] key = new byte[32];
        new Random(1).NextBytes(key);
        (string Name, CryptoTransform Transform)[] transforms =
        [
            ("aes-128-ctr", new CipherTransform(CipherAlgorithm.AesCtr, CipherOperation.Encrypt, key.AsMemory(0, 16), 16)),
            ("aes-256-ctr", new CipherTransform(CipherAlgorithm.AesCtr, CipherOperation.Encrypt, key, 16)),
            ("aes-128-gcm", new AeadTransform(AeadAlgorithm.AesGcm, CipherOperation.Encrypt, key.AsMemory(0, 16), 12, 16, 8)),
            ("aes-256-gcm", new AeadTransform(AeadAlgorithm.AesGcm, CipherOperation.Encrypt, key, 12, 16, 8)),
            ("aes-128-cmac", new AuthTransform(AuthAlgorithm.AesCmac, AuthOperation.Generate, key.AsMemory(0, 16), 0, 16)),
        ];
        return _options.CreateCases(parsed, scope, (device, burst, size, mbufs) => transforms.Select(t =>
        {
            CryptoSession session = scope.Hold(device.CreateSession(t.Transform));
            CryptoOp[] ops = CryptoBenchOptions.MakeOps(scope, burst, size, mbufs);
            foreach (CryptoOp op in ops)
            {
                op.SetSession(session);
                CryptoOp described = op;
                described.CipherLength = size;
                described.AuthLength = size;
            }

            var loop = new OffloadLoop<CryptoOp>(device, ops);
            return ($"{t.Name}/{size}", (Func<int, int>)loop.Run);
        }));
    }
}
