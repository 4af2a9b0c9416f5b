using System.CommandLine;
using Outboard.Cli.Inspect;
using Outboard.Cli.Verbs;
using Outboard.Regex;

namespace Outboard.Cli.Bench;

/// <summary><c>outboard bench regex</c>: a rule set over the payloads of a file, at their own lengths or cut anew.</summary>
internal sealed class RegexBench() : BenchVerb("regex", "A rule set over the payloads of a capture or of a file, as they are or cut anew.")
{
    private const int SizeMax = 65536;
    private const int PlainSize = 1024;

    private readonly Option<string> _device = new("--device")
    {
        Description = "The device, without a number.",
        DefaultValueFactory = _ => "regex_simd",
        HelpName = "DEVICE",
    };

    private readonly Option<string?> _rules = new("--rules") { Description = "A rule file; the sample rules otherwise.", HelpName = "FILE" };

    private readonly Option<string> _corpus = new("--corpus")
    {
        Description = "A capture, a .payloads file (a length of four little-endian bytes before each payload), or any file; its first 64 MiB.",
        HelpName = "FILE",
        Required = true,
    };

    private readonly Option<bool> _frames = new("--frames") { Description = "Whole packets of a capture, not what they carry behind TCP or UDP." };

    private readonly Option<string?> _sizes = new("--sizes")
    {
        Description = $"Payload sizes, 1 to {SizeMax}: all payloads are joined and cut anew; 0 leaves them as they are. Default 0, or {PlainSize} of a file that has none of its own.",
        HelpName = "LIST",
    };

    private readonly Option<string> _mode = new("--mode")
    {
        Description = "What is reported: default, end or all.",
        DefaultValueFactory = _ => "default",
        HelpName = "MODE",
    };

    private readonly Option<string> _group = new("--group")
    {
        Description = "The group that the rules are put into and searched in.",
        DefaultValueFactory = _ => "0",
        HelpName = "N",
    };

    private readonly Option<string> _limit = new("--limit")
    {
        Description = "The first N rules of the file alone; 0 for all.",
        DefaultValueFactory = _ => "0",
        HelpName = "N",
    };

    private readonly Option<string> _train = new("--train")
    {
        Description = "What the device is shown before it compiles: no (nothing), yes (the payloads themselves), or a file.",
        DefaultValueFactory = _ => "no",
        HelpName = "WHAT",
    };

    private readonly Option<bool> _skip = new("--skip-refused") { Description = "Leaves out the rules that the device refuses, and counts them." };

    private readonly Option<string> _burst = new("--burst")
    {
        Description = "Ops a burst, 1 to 512.",
        DefaultValueFactory = _ => "32",
        HelpName = "N",
    };

    private readonly Option<bool> _widths = new("--widths") { Description = "Every SIMD width, side by side." };

    protected override void AddOptions(Command command)
    {
        command.Add(_device);
        command.Add(_rules);
        command.Add(_corpus);
        command.Add(_frames);
        command.Add(_sizes);
        command.Add(_mode);
        command.Add(_group);
        command.Add(_limit);
        command.Add(_train);
        command.Add(_skip);
        command.Add(_burst);
        command.Add(_widths);
    }

    protected override IReadOnlyList<BenchCase> CreateCases(ParseResult parsed, BenchScope scope)
    {
        var file = RuleFile.Read(parsed.GetValue(_rules) ?? DefaultData.Rules);
        int limit = BenchLists.Parse("--limit", parsed.GetRequiredValue(_limit), 0, int.MaxValue)[0];
        ushort group = RegexSource.ParseGroup(parsed.GetRequiredValue(_group));
        RegexRule[] rules =
            [.. file.Rules.Take(limit == 0 ? int.MaxValue : limit).Select(rule => rule with { GroupId = group })];
        int burst = BenchLists.Parse("--burst", parsed.GetRequiredValue(_burst), 1, 512)[0];
        RegexConfigurationFlags mode = RegexSource.ParseMode(parsed.GetRequiredValue(_mode));
        var corpus = RegexCorpus.Read("--corpus", parsed.GetRequiredValue(_corpus), parsed.GetValue(_frames));
        int[] sizes = BenchLists.Parse("--sizes", parsed.GetValue(_sizes) ?? (corpus.IsPlain ? $"{PlainSize}" : "0"), 0, SizeMax);
        byte[]? sample = Sample(parsed.GetRequiredValue(_train), corpus);
        (int Size, List<byte[]> Payloads)[] pieces = [.. sizes.Select(size => (size, corpus.Cut(size)))];
        var cases = new List<BenchCase>();
        int number = 0;
        foreach (int width in BenchLists.Widths(parsed.GetValue(_widths), scope.Context.Simd))
        {
            RegexSession session = scope.Hold(new RegexSession(
                scope.Host.OpenRegex(DeviceNames.Numbered(parsed.GetRequiredValue(_device), number++, width)), group));
            session.Configure(mode, matchesMax: 254);
            if (sample is not null)
            {
                session.Train(sample);
            }

            session.Compile(rules);
            if (session.Refused.Count != 0 && !parsed.GetValue(_skip))
            {
                throw file.Locate(new RegexRuleException(session.Device.Name, session.Refused));
            }

            session.Device.Start();
            foreach ((int size, List<byte[]> payloads) in pieces)
            {
                string name = $"{session.Rules.Count} rules/{corpus.Name}{(size == 0 ? string.Empty : $"/{size}")}";
                cases.Add(scope.Hold(new RegexBenchLoop(session, name, payloads, burst)).ToCase(width));
            }
        }

        return cases;
    }

    private static byte[]? Sample(string train, RegexCorpus corpus) => train switch
    {
        "no" => null,
        "yes" => corpus.Join(),
        _ => RegexCorpus.Read("--train", train, frames: false).Join(),
    };
}
