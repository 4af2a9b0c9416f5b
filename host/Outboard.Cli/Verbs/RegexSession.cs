using System.Diagnostics;
using Outboard.Cli.Inspect;
using Outboard.Devices;
using Outboard.Regex;

namespace Outboard.Cli.Verbs;

/// <summary>A device with a rule set in force, and what became of each rule on the way there.</summary>
internal sealed class RegexSession(RegexDevice device, ushort group) : IDisposable
{
    /// <summary>The device; configured, not started.</summary>
    public RegexDevice Device => device;

    /// <summary>The group that the rules are in.</summary>
    public ushort Group => group;

    /// <summary>The rules in force; empty for an image, which does not tell them.</summary>
    public IReadOnlyList<RegexRule> Rules { get; private set; } = [];

    /// <summary>The rules that the device refused; those in force are the others.</summary>
    public IReadOnlyList<RegexRuleError> Refused { get; private set; } = [];

    /// <summary>The file that the rules are from, or null.</summary>
    public RuleFile? File { get; private set; }

    /// <summary>What compiling and activating the rules in force took, in milliseconds.</summary>
    public double CompileMilliseconds { get; private set; }

    /// <summary>Configures the device.</summary>
    /// <exception cref="UserException">The device has no streams, and they are asked for.</exception>
    public void Configure(RegexConfigurationFlags flags, int matchesMax)
    {
        if (flags.HasFlag(RegexConfigurationFlags.CrossBufferScan) && !device.Info.Capabilities.HasFlag(RegexCapabilities.CrossBuffer))
        {
            throw new UserException($"--split: {device.Name} has no streams; CrossBuffer is not among its capabilities.");
        }

        device.Configure(new RegexConfiguration
        {
            Flags = flags,
            GroupCount = group + 1,
            MatchesMax = matchesMax == 0 ? new RegexConfiguration().MatchesMax : matchesMax,
        });
    }

    /// <summary>Shows the device bytes like those to come.</summary>
    public void Train(ReadOnlySpan<byte> sample)
    {
        if (!device.Info.IsTrainable)
        {
            throw new UserException($"--train: {device.Name} does not learn from payloads.");
        }

        device.TrainOn(sample);
    }

    /// <summary>Puts every rule of a file in force that the device takes.</summary>
    public void Compile(RuleFile file)
    {
        File = file;
        Compile([.. file.Rules.Select(rule => rule with { GroupId = group })]);
    }

    /// <summary>Puts every rule of a set in force that the device takes.</summary>
    public void Compile(IReadOnlyList<RegexRule> rules)
    {
        List<RegexRuleError> refused = [];
        List<RegexRule> left = [];
        foreach (RegexRule rule in rules)
        {
            RegexRuleFlags unknown = rule.Flags & ~device.Info.RuleFlags;
            if (unknown == RegexRuleFlags.None)
            {
                left.Add(rule);
            }
            else
            {
                refused.Add(new RegexRuleError(rule.Id, rule.GroupId, 0, $"the rule flag {unknown} is not offered; {device.Info.RuleFlags} are."));
            }
        }

        device.AddRules(left);
        while (true)
        {
            long start = Stopwatch.GetTimestamp();
            try
            {
                device.CompileAndActivate();
                CompileMilliseconds = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
                break;
            }
            catch (RegexRuleException e)
            {
                refused.AddRange(e.Errors);
                foreach (RegexRuleError error in e.Errors)
                {
                    device.RemoveRule(error.RuleId, error.GroupId);
                }

                left.RemoveAll(rule => e.Errors.Any(error => error.RuleId == rule.Id));
            }
        }

        Rules = left;
        Refused = [.. refused.OrderBy(static error => error.RuleId).ThenBy(static error => error.Offset)];
    }

    /// <summary>Puts an exported image in force.</summary>
    /// <exception cref="UserException">The image is damaged, or not for this device.</exception>
    public void Import(string path, byte[] image)
    {
        long start = Stopwatch.GetTimestamp();
        try
        {
            device.ImportRules(image);
        }
        catch (Exception e) when (e is FormatException or ArgumentException)
        {
            throw new UserException($"--image {path}: {e.Message}", e);
        }

        CompileMilliseconds = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        ushort[] groups = [.. device.ExplainRules().Select(static rule => rule.GroupId).Distinct()];
        if (groups.Length != 0 && !groups.Contains(group))
        {
            throw new UserException($"--group {group}: the rules of {path} are in group {string.Join(", ", groups)}.");
        }
    }

    /// <summary>A counter of the device, its own or that of its first queue pair; null where it has none of that name.</summary>
    public ulong? Statistic(string name)
    {
        foreach (ExtendedStatistic one in device.GetExtendedStatistics())
        {
            if (one.Name == name || one.Name == $"q0_{name}")
            {
                return one.Value;
            }
        }

        return null;
    }

    public void Dispose() => device.Dispose();
}
