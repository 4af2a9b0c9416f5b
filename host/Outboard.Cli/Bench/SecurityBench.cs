using System.CommandLine;
using Outboard.Crypto;
using Outboard.Security;

namespace Outboard.Cli.Bench;

/// <summary><c>outboard bench security</c>: TLS records and PDCP PDUs protected or unprotected by the device, by payload size.</summary>
internal sealed class SecurityBench() : BenchVerb("security", "TLS records and PDCP PDUs through a crypto device, by payload size.")
{
    private static readonly string[] s_usual = ["tls13-aes-128-gcm", "pdcp-nea2-nia2-18"];

    private readonly CryptoBenchOptions _options = new();

    private readonly Option<string?> _protocol = new("--protocol")
    {
        Description = "pdcp, tls12, tls13 or dtls12; one suite of TLS 1.3 and one of PDCP otherwise.",
        HelpName = "PROTOCOL",
    };

    private readonly Option<string> _operation = new("--operation")
    {
        Description = "protect or unprotect.",
        DefaultValueFactory = _ => "protect",
        HelpName = "OPERATION",
    };

    protected override void AddOptions(Command command)
    {
        _options.AddTo(command);
        command.Add(_protocol);
        command.Add(_operation);
    }

    protected override IReadOnlyList<BenchCase> CreateCases(ParseResult parsed, BenchScope scope)
    {
        string? protocol = parsed.GetValue(_protocol);
        if (protocol is not null && !SecurityBenchSuites.Protocols.Contains(protocol))
        {
            throw new UserException($"--protocol {protocol} is not known; there are {string.Join(", ", SecurityBenchSuites.Protocols)}.");
        }

        string operation = parsed.GetRequiredValue(_operation);
        if (operation is not ("protect" or "unprotect"))
        {
            throw new UserException($"--operation {operation} is not protect or unprotect.");
        }

        return _options.CreateCases(parsed, scope, (device, burst, sizes) =>
            Choose(parsed, device, protocol).SelectMany(suite => sizes.Select(size =>
                Create(scope, device, suite, operation == "unprotect", burst, size))));
    }

    protected override IEnumerable<BenchMetric> Derive(IReadOnlyList<BenchResult> results) => CryptoBenchMetrics.Derive(results);

    // An algorithm is named with or without what is in front of it and behind it in the case's name.
    private SecurityBenchSuite[] Choose(ParseResult parsed, CryptoDevice device, string? protocol)
    {
        SecurityBenchSuite[] all =
        [
            .. SecurityBenchSuites.Of(device.Info.SecurityCapabilities).Where(suite => protocol is null || suite.Protocol == protocol),
        ];
        string[] known = [.. all.Select(suite => suite.Algorithm).Concat(all.Select(suite => suite.Name)).Distinct()];
        if (_options.Names(parsed, known) is { } names)
        {
            return [.. all.Where(suite => names.Contains(suite.Algorithm) || names.Contains(suite.Name))];
        }

        return [.. all.Where(suite => protocol is null ? s_usual.Contains(suite.Name) : suite.IsUsual)];
    }

    private static CryptoBenchCase Create(
        BenchScope scope, CryptoDevice device, SecurityBenchSuite suite, bool unprotects, int burst, int size)
    {
        SecuritySession protect = scope.Hold(device.Security!.CreateSession(suite.Transform));
        SecuritySession? unprotect = unprotects ? scope.Hold(device.Security.CreateSession(suite.Backward)) : null;
        var loop = new SecurityBenchLoop(device, CryptoBenchOptions.MakeOps(scope, burst, size), protect, unprotect, size);
        return new CryptoBenchCase($"{suite.Name}{(unprotects ? "-unprotect" : string.Empty)}/{size}", size, loop.Run) { Pause = loop.Pause };
    }
}
