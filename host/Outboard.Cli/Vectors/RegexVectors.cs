using Outboard.Regex;

namespace Outboard.Cli.Vectors;

/// <summary>Known answers of regular expressions, through <c>regex_simd</c>.</summary>
/// <remarks>
/// Three forms of file: one pattern a line, a set of rules with its payloads, and the tests of Rust's regex library. A case runs with
/// the rule flags and the configuration that stand for what it asks; what has none in the device class, and what the
/// device's capabilities leave out, is skipped by name.
/// </remarks>
internal sealed class RegexVectors : IVectorRunner
{
    private const int DefaultPayloadMax = 1 << 20;

    /// <inheritdoc/>
    public string Name => "regex";

    /// <inheritdoc/>
    public bool Recognizes(VectorFile file)
    {
        if (file.FileName.EndsWith(".toml", StringComparison.OrdinalIgnoreCase))
        {
            return file.Head.Contains("[[test]]", StringComparison.Ordinal);
        }

        if (!file.FileName.EndsWith(".jsonl", StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        string head = file.Head;
        return RegexSetCases.Recognizes(file)
            || ((Has("\"pattern\"") || Has("\"pattern_hex\"")) && (Has("\"semantics\"") || Has("\"compile-error\"")))
            || (Has("\"patterns\"") && Has("\"haystack_file\""));

        bool Has(string text) => head.Contains(text, StringComparison.Ordinal);
    }

    /// <inheritdoc/>
    public void Run(VectorFile file, VectorContext context)
    {
        RegexSetCases? set = RegexSetCases.Recognizes(file) ? new RegexSetCases(file) : null;
        RegexCase[] cases = set is not null ? []
            : file.FileName.EndsWith(".toml", StringComparison.OrdinalIgnoreCase) ? [.. RegexTomlCases.Read(file)]
            : [.. RegexLineCases.Read(file)];

        // A device takes payloads of a megabyte where nothing is said.
        int longest = cases.Length == 0 ? 0 : cases.Max(static one => one.Haystack.Length);
        string payloads = longest > DefaultPayloadMax ? $",payload_max={longest}" : string.Empty;
        foreach (int width in context.Widths)
        {
            string arguments = $"max_simd={width}{payloads}";
            var runners = new Dictionary<RegexConfigurationFlags, RegexCaseRunner>();
            try
            {
                if (set is not null)
                {
                    RunSet(set, file, context, width, arguments, runners);
                }
                else
                {
                    foreach (RegexCase one in cases)
                    {
                        Report(one, RunOne(one, context, arguments, runners), file, context, width);
                    }
                }
            }
            finally
            {
                foreach (RegexCaseRunner runner in runners.Values)
                {
                    runner.Dispose();
                }
            }
        }
    }

    private static void RunSet(
        RegexSetCases set,
        VectorFile file,
        VectorContext context,
        int width,
        string arguments,
        Dictionary<RegexConfigurationFlags, RegexCaseRunner> runners)
    {
        HashSet<int> taken = [];
        foreach (RegexCase pattern in set.Patterns)
        {
            RegexOutcome outcome = RunOne(pattern, context, arguments, runners);
            if (outcome == RegexOutcome.Pass)
            {
                taken.Add(pattern.Rules[0].Id);
            }
            else
            {
                Report(pattern, outcome, file, context, width);
            }
        }

        foreach (RegexCase one in set.Cases(taken))
        {
            Report(one, RunOne(one, context, arguments, runners), file, context, width);
        }
    }

    private static RegexOutcome RunOne(
        RegexCase one, VectorContext context, string arguments, Dictionary<RegexConfigurationFlags, RegexCaseRunner> runners)
    {
        if (one.Excluded is { } reason)
        {
            return RegexOutcome.Skip(reason);
        }

        if (!runners.TryGetValue(one.Mode, out RegexCaseRunner? runner))
        {
            RegexDevice device = context.Host.OpenRegex($"regex_simd{runners.Count},payload_max=1048576,{arguments}");
            if (Missing(one.Mode, device.Info) is { } missing)
            {
                device.Dispose();
                return RegexOutcome.Skip(missing);
            }

            runner = new RegexCaseRunner(device, one.Mode);
            runners.Add(one.Mode, runner);
        }

        return runner.Run(one);
    }

    private static string? Missing(RegexConfigurationFlags mode, RegexDeviceInfo info) =>
        mode == RegexConfigurationFlags.MatchAsEnd && !info.Capabilities.HasFlag(RegexCapabilities.MatchAsEnd)
            ? "MatchAsEnd is not among the device's capabilities"
        : mode == RegexConfigurationFlags.MatchAll && !info.Capabilities.HasFlag(RegexCapabilities.MatchAll)
            ? "MatchAll is not among the device's capabilities"
        : null;

    private static void Report(RegexCase one, RegexOutcome outcome, VectorFile file, VectorContext context, int width)
    {
        if (outcome.Skipped is { } reason)
        {
            context.Report.Skip(reason);
        }
        else if (outcome.Failed is { } detail)
        {
            context.Report.Fail(file.Shown, one.Id, width, detail);
        }
        else
        {
            context.Report.Pass();
        }
    }
}
