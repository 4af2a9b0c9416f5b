using System.CommandLine;
using Outboard.Crypto;
using Outboard.Mbufs;

namespace Outboard.Cli.Bench;

/// <summary><c>outboard bench crypto</c>: every algorithm through the device, by packet size.</summary>
/// <remarks>
/// Ops are prepared and used again. Encryption is in place, as the peers do it; where the tag of an AEAD or a chain is verified, the
/// plaintext goes to a second packet, so that the input stays what it was.
/// </remarks>
internal sealed class CryptoBench() : BenchVerb("crypto", "Ciphers, codes, AEADs, chains and asymmetric ops through a crypto device, by packet size.")
{
    private static readonly string[] s_usual = ["aes-128-ctr", "aes-256-ctr", "aes-128-gcm", "aes-256-gcm", "aes-128-cmac"];

    private static readonly string[] s_names =
        [.. CryptoBenchAlgorithms.All.Select(one => one.Name), .. CryptoBenchAsymmetric.All.Select(one => one.Name)];

    private readonly CryptoBenchOptions _options = new();

    private readonly Option<string?> _operation = new("--operation")
    {
        Description = "encrypt, decrypt, generate or verify; what makes ciphertext, codes or signatures otherwise.",
        HelpName = "OPERATION",
    };

    protected override void AddOptions(Command command)
    {
        _options.AddTo(command);
        command.Add(_operation);
    }

    protected override IReadOnlyList<BenchCase> CreateCases(ParseResult parsed, BenchScope scope)
    {
        string[]? asked = _options.Names(parsed, s_names);
        CryptoBenchOperation? operation = ParseOperation(parsed.GetValue(_operation));
        string[] names = asked ?? s_usual;
        CryptoBenchAlgorithm[] symmetric =
            [.. CryptoBenchAlgorithms.All.Where(one => names.Contains(one.Name) && (operation is null || one.Offers(operation.Value)))];
        CryptoBenchAsymmetric[] asymmetric =
            [.. CryptoBenchAsymmetric.All.Where(one => names.Contains(one.Name) && (operation is null || one.Offers(operation.Value)))];
        if (operation is { } wanted && asked is not null && names.Length != s_names.Length
            && names.FirstOrDefault(name => !symmetric.Any(a => a.Name == name) && !asymmetric.Any(a => a.Name == name)) is { } without)
        {
            throw new UserException($"--operation {wanted.ToString().ToLowerInvariant()}: {without} has no such operation.");
        }

        return _options.CreateCases(parsed, scope, (device, burst, sizes) =>
        [
            .. symmetric.SelectMany(one => sizes.Select(size =>
                Symmetric(scope, device, one, operation ?? One(one.Offers), burst, size))),
            .. asymmetric.Select(one => one.Create(scope, device, operation ?? One(one.Offers), burst)),
        ]);
    }

    protected override IEnumerable<BenchMetric> Derive(IReadOnlyList<BenchResult> results) => CryptoBenchMetrics.Derive(results);

    private static CryptoBenchOperation One(Func<CryptoBenchOperation, bool> offers) =>
        offers(CryptoBenchOperation.Encrypt) ? CryptoBenchOperation.Encrypt : CryptoBenchOperation.Generate;

    private static CryptoBenchOperation? ParseOperation(string? text) => text switch
    {
        null => null,
        "encrypt" => CryptoBenchOperation.Encrypt,
        "decrypt" => CryptoBenchOperation.Decrypt,
        "generate" => CryptoBenchOperation.Generate,
        "verify" => CryptoBenchOperation.Verify,
        _ => throw new UserException($"--operation {text} is not encrypt, decrypt, generate or verify."),
    };

    private static CryptoBenchCase Symmetric(
        BenchScope scope, CryptoDevice device, CryptoBenchAlgorithm algorithm, CryptoBenchOperation operation, int burst, int size)
    {
        int ciphered = size - (size % algorithm.BlockLength);
        if (ciphered == 0)
        {
            throw new UserException($"--sizes {size}: {algorithm.Name} takes at least {algorithm.BlockLength} bytes.");
        }

        CryptoSession forward = scope.Hold(device.CreateSession(algorithm.Forward));
        CryptoOp[] ops = CryptoBenchOptions.MakeOps(scope, burst, size);
        foreach (CryptoOp op in ops)
        {
            CryptoOp described = op;
            described.SetSession(forward);
            described.CipherLength = ciphered;
            described.AuthLength = size;
        }

        var loop = new OffloadLoop<CryptoOp>(device, ops);
        if (operation is CryptoBenchOperation.Decrypt or CryptoBenchOperation.Verify)
        {
            loop.Run(burst);
            CryptoSession backward = scope.Hold(device.CreateSession(algorithm.Backward));
            bool isChecked = operation == CryptoBenchOperation.Decrypt && (algorithm.Aead is not null || algorithm.Auth is not null);
            MbufPool? plaintexts = isChecked ? scope.Hold(CryptoBenchOptions.MakePackets(burst, size)) : null;
            var random = new Random(size);
            foreach (CryptoOp op in ops)
            {
                CryptoOp described = op;
                described.SetSession(backward);
                if (plaintexts is not null)
                {
                    described.Destination = CryptoBenchOptions.MakePacket(plaintexts, size, random);
                }
            }
        }

        return new CryptoBenchCase($"{algorithm.CaseName(operation)}/{size}", size, loop.Run);
    }
}
