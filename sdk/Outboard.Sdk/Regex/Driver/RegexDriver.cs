using Outboard.Devices;
using Outboard.Devices.Driver;

namespace Outboard.Regex.Driver;

/// <summary>A regex device as its author writes it.</summary>
/// <remarks>The <see cref="RegexDevice"/> in front has checked order, ranges, flags and groups.</remarks>
public abstract class RegexDriver : OffloadDriver<RegexOp>
{
    /// <summary>What the device is and can do.</summary>
    public abstract RegexDeviceInfo Info { get; }

    /// <inheritdoc/>
    public sealed override DeviceInfo BaseInfo => Info;

    /// <summary>Takes a configuration; the rules in force are dropped.</summary>
    /// <param name="configuration">Within the limits of the info.</param>
    public abstract void Configure(RegexConfiguration configuration);

    /// <summary>Takes bytes typical of payloads for the next compilation; called only with <see cref="RegexDeviceInfo.IsTrainable"/>.</summary>
    /// <param name="sample">Payload bytes; empty forgets what was taken before.</param>
    public virtual void TrainOn(ReadOnlySpan<byte> sample) => throw new NotSupportedException($"{Info.Name} does not learn.");

    /// <summary>Compiles rules and puts them in force; on an exception nothing changes.</summary>
    /// <param name="rules">All rules, by group, then by id.</param>
    /// <exception cref="RegexRuleException">Rules are refused.</exception>
    public abstract void CompileAndActivate(IReadOnlyList<RegexRule> rules);

    /// <summary>The rules in force as a blob.</summary>
    public abstract byte[] ExportDatabase();

    /// <summary>Puts a blob in force; on an exception nothing changes.</summary>
    /// <param name="database">The blob, from anywhere: it may be hostile.</param>
    /// <returns>The rules in it.</returns>
    /// <exception cref="FormatException">It is damaged, of another version or of another make.</exception>
    public abstract IReadOnlyList<RegexRule> ImportDatabase(ReadOnlyMemory<byte> database);

    /// <summary>How each rule in force is searched for.</summary>
    public abstract IReadOnlyList<RegexRuleReport> ExplainRules();

    /// <summary>Makes the state of a flow; called only with <see cref="RegexCapabilities.CrossBuffer"/>.</summary>
    public virtual nint CreateStream() => throw new NotSupportedException($"{Info.Name} has no streams.");

    /// <summary>Frees the state of a flow.</summary>
    /// <param name="stream">What <see cref="CreateStream"/> gave.</param>
    public virtual void ReleaseStream(nint stream) => throw new NotSupportedException($"{Info.Name} has no streams.");
}
