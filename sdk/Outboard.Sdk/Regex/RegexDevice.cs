using Outboard.Devices;
using Outboard.Regex.Driver;

namespace Outboard.Regex;

/// <summary>A device that searches payloads for the matches of many rules at once.</summary>
/// <remarks>
/// <code>
/// Configure -> [ConfigureQueuePair ...] -> AddRules -> CompileAndActivate -> Start
///   -> EnqueueBurst / DequeueBurst ... -> Stop -> Dispose
/// </code>
/// <para><i>Source</i>: DPDK's regexdev.</para>
/// </remarks>
public sealed class RegexDevice : OffloadDevice<RegexOp>
{
    private readonly RegexDriver _driver;
    private readonly Dictionary<(ushort Group, int Id), RegexRule> _rules = [];
    private readonly HashSet<nint> _streams = [];
    private RegexConfiguration _configuration = new();

    internal RegexDevice(RegexDriver driver, bool withChecks)
        : base(driver, withChecks) => _driver = driver;

    /// <summary>What the device is and can do.</summary>
    public RegexDeviceInfo Info => _driver.Info;

    /// <summary>The configuration in force.</summary>
    public RegexConfiguration Configuration => _configuration;

    private protected override bool OffersOutOfOrder => Info.Capabilities.HasFlag(RegexCapabilities.OutOfOrder);

    /// <summary>Configures the device; rules added before are dropped.</summary>
    /// <param name="configuration">How.</param>
    /// <remarks><i>Order</i>: any but started.</remarks>
    /// <exception cref="InvalidOperationException">Called out of order, or ops wait to be dequeued.</exception>
    /// <exception cref="ArgumentException">A number is outside the device's limits, or a flag is not among its capabilities.</exception>
    /// <exception cref="FormatException">The rule database is damaged or of another make.</exception>
    public void Configure(RegexConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        if (configuration.RulesPerGroupMax == 0)
        {
            configuration = configuration with { RulesPerGroupMax = Info.RulesPerGroupMax };
        }

        lock (Control)
        {
            Require("Configure", DeviceState.Opened, DeviceState.Configured, DeviceState.Stopped);
            RequireRange(configuration.QueuePairCount, 1, Info.QueuePairMax, nameof(configuration.QueuePairCount));
            RequireRange(configuration.MatchesMax, 1, Info.MatchesMax, nameof(configuration.MatchesMax));
            RequireRange(configuration.GroupCount, 1, Info.GroupsMax, nameof(configuration.GroupCount));
            RequireRange(configuration.RulesPerGroupMax, 1, Info.RulesPerGroupMax, nameof(configuration.RulesPerGroupMax));
            RequireFlag(configuration.Flags, RegexConfigurationFlags.CrossBufferScan, RegexCapabilities.CrossBuffer);
            RequireFlag(configuration.Flags, RegexConfigurationFlags.MatchAsEnd, RegexCapabilities.MatchAsEnd);
            RequireFlag(configuration.Flags, RegexConfigurationFlags.MatchAll, RegexCapabilities.MatchAll);
            RequireDrained();
            _driver.Configure(configuration);
            _configuration = configuration;
            _rules.Clear();
            ResetQueuePairs(configuration.QueuePairCount);
            State = DeviceState.Configured;
            if (!configuration.RuleDatabase.IsEmpty)
            {
                Import(configuration.RuleDatabase);
            }
        }
    }

    /// <summary>Adds rules, or replaces those with the same group and id; in force after <see cref="CompileAndActivate"/>.</summary>
    /// <param name="rules">The rules.</param>
    /// <exception cref="InvalidOperationException">The device is not configured.</exception>
    /// <exception cref="ArgumentException">An id, group or flag is outside the device's limits; no rule was added.</exception>
    public void AddRules(IEnumerable<RegexRule> rules)
    {
        ArgumentNullException.ThrowIfNull(rules);
        lock (Control)
        {
            Require("AddRules", DeviceState.Configured, DeviceState.Started, DeviceState.Stopped);
            RegexRule[] all = [.. rules];
            foreach (RegexRule rule in all)
            {
                Check(rule);
            }

            foreach (RegexRule rule in all)
            {
                _rules[(rule.GroupId, rule.Id)] = rule;
            }
        }
    }

    /// <summary>Removes a rule; in force after <see cref="CompileAndActivate"/>.</summary>
    /// <param name="ruleId">The rule.</param>
    /// <param name="groupId">Its group.</param>
    /// <returns>Whether there was one.</returns>
    public bool RemoveRule(int ruleId, ushort groupId = 0)
    {
        lock (Control)
        {
            Require("RemoveRule", DeviceState.Configured, DeviceState.Started, DeviceState.Stopped);
            return _rules.Remove((groupId, ruleId));
        }
    }

    /// <summary>
    /// Shows the device bytes typical of the payloads to come; the next <see cref="CompileAndActivate"/> chooses the parts of the rules
    /// that it looks for by how rare they are there. What is reported never changes, only how fast.
    /// </summary>
    /// <param name="sample">Payload bytes, one after the other; some hundred kilobytes are enough. Empty forgets what was shown before.</param>
    /// <exception cref="InvalidOperationException">The device is not configured.</exception>
    /// <exception cref="NotSupportedException">The device does not learn; see <see cref="RegexDeviceInfo.IsTrainable"/>.</exception>
    public void TrainOn(ReadOnlySpan<byte> sample)
    {
        lock (Control)
        {
            Require("TrainOn", DeviceState.Configured, DeviceState.Started, DeviceState.Stopped);
            if (!Info.IsTrainable)
            {
                throw new NotSupportedException($"{Name} does not learn from payloads; its info says so by IsTrainable.");
            }

            _driver.TrainOn(sample);
        }
    }

    /// <summary>Compiles the rules added and puts them in force; all or, when one is refused, none.</summary>
    /// <remarks>
    /// <i>Order</i>: configured or stopped; also started with <see cref="RegexCapabilities.RuntimeCompilation"/>,
    /// and then every op is matched against the old set or the new one, never a mixture.
    /// </remarks>
    /// <exception cref="RegexRuleException">Rules were refused; it lists every one with position and reason.</exception>
    /// <exception cref="ArgumentException">A group holds more rules than configured.</exception>
    public void CompileAndActivate()
    {
        lock (Control)
        {
            RequireRuleChange("CompileAndActivate");
            foreach (IGrouping<ushort, RegexRule> group in _rules.Values.GroupBy(rule => rule.GroupId))
            {
                int count = group.Count();
                if (count > _configuration.RulesPerGroupMax)
                {
                    throw new ArgumentException(
                        $"{Name}: group {group.Key} has {count} rules; RulesPerGroupMax is {_configuration.RulesPerGroupMax}.");
                }
            }

            _driver.CompileAndActivate([.. _rules.Values.OrderBy(rule => rule.GroupId).ThenBy(rule => rule.Id)]);
        }
    }

    /// <summary>The rules in force as one blob that <see cref="ImportRules"/> takes.</summary>
    /// <exception cref="InvalidOperationException">The device is not configured.</exception>
    public byte[] ExportRules()
    {
        lock (Control)
        {
            Require("ExportRules", DeviceState.Configured, DeviceState.Started, DeviceState.Stopped);
            return _driver.ExportDatabase();
        }
    }

    /// <summary>Puts an exported blob in force in place of all rules.</summary>
    /// <param name="database">The blob.</param>
    /// <remarks><i>Order</i>: as <see cref="CompileAndActivate"/>.</remarks>
    /// <exception cref="FormatException">The blob is damaged, of another version or of another make; nothing changed.</exception>
    public void ImportRules(ReadOnlyMemory<byte> database)
    {
        lock (Control)
        {
            RequireRuleChange("ImportRules");
            Import(database);
        }
    }

    /// <summary>How the device searches for each rule in force.</summary>
    public IReadOnlyList<RegexRuleReport> ExplainRules()
    {
        lock (Control)
        {
            Require("ExplainRules", DeviceState.Configured, DeviceState.Started, DeviceState.Stopped);
            return _driver.ExplainRules();
        }
    }

    /// <summary>Makes the state of a flow whose payloads are searched as one.</summary>
    /// <returns>The handle for <see cref="RegexOp.Stream"/>; freed by <see cref="ReleaseStream"/> or with the device.</returns>
    /// <exception cref="InvalidOperationException">The device is not configured with <see cref="RegexConfigurationFlags.CrossBufferScan"/>.</exception>
    public nint CreateStream()
    {
        lock (Control)
        {
            Require("CreateStream", DeviceState.Configured, DeviceState.Started, DeviceState.Stopped);
            if (!_configuration.Flags.HasFlag(RegexConfigurationFlags.CrossBufferScan))
            {
                throw new InvalidOperationException($"{Name} is not configured with CrossBufferScan.");
            }

            nint stream = _driver.CreateStream();
            _streams.Add(stream);
            return stream;
        }
    }

    /// <summary>Frees the state of a flow; none of its ops may be in flight.</summary>
    /// <param name="stream">The handle.</param>
    /// <exception cref="ArgumentException">Not a stream of this device.</exception>
    public void ReleaseStream(nint stream)
    {
        lock (Control)
        {
            if (!_streams.Remove(stream))
            {
                throw new ArgumentException($"{Name} has no stream {stream}.", nameof(stream));
            }

            _driver.ReleaseStream(stream);
        }
    }

    private protected override void DisposeCore()
    {
        base.DisposeCore();
        foreach (nint stream in _streams)
        {
            _driver.ReleaseStream(stream);
        }

        _streams.Clear();
    }

    private void Import(ReadOnlyMemory<byte> database)
    {
        IReadOnlyList<RegexRule> rules = _driver.ImportDatabase(database);
        _rules.Clear();
        foreach (RegexRule rule in rules)
        {
            _rules[(rule.GroupId, rule.Id)] = rule;
        }
    }

    private void Check(RegexRule rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        if (rule.Id < 0 || rule.GroupId >= _configuration.GroupCount)
        {
            throw new ArgumentException(
                $"{Name}: rule {rule.Id} of group {rule.GroupId}: ids are 0 or more, groups 0 to {_configuration.GroupCount - 1}.");
        }

        if ((rule.Flags & ~Info.RuleFlags) is var unknown and not RegexRuleFlags.None)
        {
            throw new ArgumentException($"{Name}: rule {rule.Id}: flags {unknown} are not supported; {Info.RuleFlags} are.");
        }
    }

    private void RequireFlag(RegexConfigurationFlags flags, RegexConfigurationFlags flag, RegexCapabilities capability)
    {
        if (flags.HasFlag(flag) && !Info.Capabilities.HasFlag(capability))
        {
            throw new ArgumentException($"{Name} does not offer {flag}: {capability} is not among its capabilities.");
        }
    }

    private void RequireRuleChange(string call)
    {
        if (Info.Capabilities.HasFlag(RegexCapabilities.RuntimeCompilation))
        {
            Require(call, DeviceState.Configured, DeviceState.Started, DeviceState.Stopped);
        }
        else
        {
            Require(call, DeviceState.Configured, DeviceState.Stopped);
        }
    }
}
