using Outboard.Plugins.Regex.Literals;
using Outboard.Regex;

namespace Outboard.Plugins.Regex.Engine;

/// <summary>The rules of one device: what is in force, what payloads look like, and how new rules are compiled. Control path only.</summary>
internal sealed class RuleBook
{
    private readonly string _device;
    private RegexConfiguration _configuration = new();
    private IReadOnlyList<RegexRule> _rules = [];
    private PayloadModel _model = PayloadModel.Default;
    private PayloadModel _modelInForce = PayloadModel.Default;

    public RuleBook(string device)
    {
        _device = device;
        Database = RuleTranslation.Compile(device, [], MatchMode.FindAll, _model, before: null);
    }

    /// <summary>What every device of this engine can do with rules.</summary>
    public static RegexCapabilities Capabilities =>
        RegexCapabilities.RuntimeCompilation | RegexCapabilities.StartAnchor | RegexCapabilities.AtomicGroups
        | RegexCapabilities.BackReferences | RegexCapabilities.ForwardReferences | RegexCapabilities.Greedy | RegexCapabilities.LookAround
        | RegexCapabilities.MatchPointReset | RegexCapabilities.NewlineSequence | RegexCapabilities.Possessive | RegexCapabilities.Utf8
        | RegexCapabilities.WordBoundary | RegexCapabilities.MatchAsEnd | RegexCapabilities.MatchAll | RegexCapabilities.PcreMatchAll;

    /// <summary>The compiled rules in force.</summary>
    public RegexDatabase Database { get; private set; }

    /// <summary>Takes a configuration; no rule is in force after it.</summary>
    /// <exception cref="ArgumentException">Its flags exclude each other.</exception>
    public void Configure(RegexConfiguration configuration)
    {
        Database = RuleTranslation.Compile(_device, [], Mode(configuration), _model, before: null);
        _configuration = configuration;
        _rules = [];
    }

    /// <summary>Learns from payload for the next compilation.</summary>
    public void TrainOn(ReadOnlySpan<byte> sample) => _model = PayloadModel.Train(sample);

    /// <summary>Compiles rules; what is in force stays, and rules that are in force already are not compiled again.</summary>
    /// <exception cref="RegexRuleException">Rules are refused.</exception>
    public RegexDatabase Compile(IReadOnlyList<RegexRule> rules) => RuleTranslation.Compile(
        _device, rules, Database.Mode, _model, ReferenceEquals(_model, _modelInForce) ? Database : null);

    /// <summary>Puts a database in force.</summary>
    public void Activate(RegexDatabase database, IReadOnlyList<RegexRule> rules)
    {
        Database = database;
        _rules = [.. rules];
        _modelInForce = _model;
    }

    /// <summary>The rules in force as an image.</summary>
    public byte[] Export() => DatabaseImage.Write(_rules);

    /// <summary>Reads and compiles an image; what is in force stays.</summary>
    /// <exception cref="FormatException">It is damaged, of another make, or has no room in the configuration.</exception>
    public IReadOnlyList<RegexRule> Import(ReadOnlySpan<byte> image, out RegexDatabase database)
    {
        List<RegexRule> rules = DatabaseImage.Read(image);
        RuleTranslation.RequireRoom(rules, _configuration);
        try
        {
            database = Compile(rules);
        }
        catch (RegexRuleException e)
        {
            throw new FormatException($"The rule database holds a rule that this device does not take: {e.Errors[0]}.", e);
        }

        return rules;
    }

    private static MatchMode Mode(RegexConfiguration configuration)
    {
        bool ends = configuration.Flags.HasFlag(RegexConfigurationFlags.MatchAsEnd);
        bool every = configuration.Flags.HasFlag(RegexConfigurationFlags.MatchAll);
        return ends && every
            ? throw new ArgumentException("MatchAsEnd and MatchAll exclude each other; set one of them.", nameof(configuration))
            : ends ? MatchMode.Ends
            : every ? MatchMode.All
            : MatchMode.FindAll;
    }
}
