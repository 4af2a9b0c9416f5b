using System.CommandLine;
using System.Globalization;
using System.Text;
using Outboard.Regex;

namespace Outboard.Cli.Verbs;

/// <summary><c>outboard regex test</c>: what the rules find in a text, in bytes, or in the payloads of a file.</summary>
internal sealed class RegexTestVerb() : Verb("test", "Shows every match of the rules in a text, in bytes, or in the payloads of a file.")
{
    private readonly RegexSource _source = new();
    private readonly Option<string?> _text = new("--text") { Description = "The payload as text; UTF-8.", HelpName = "STRING" };
    private readonly Option<string?> _hex = new("--hex") { Description = "The payload in hexadecimal digits; spaces are skipped.", HelpName = "HEX" };

    private readonly Option<string?> _corpus = new("--corpus")
    {
        Description = "A capture, a .payloads file, or any file as one payload; of a file the first 64 MiB.",
        HelpName = "FILE",
    };

    private readonly Option<bool> _frames = new("--frames") { Description = "Whole packets of a capture, not what they carry behind TCP or UDP." };

    private readonly Option<string?> _split = new("--split")
    {
        Description = "Offsets at which a payload is cut into the buffers of a stream, such as 3,17.",
        HelpName = "LIST",
    };

    private readonly Option<string> _matches = new("--matches-max")
    {
        Description = "How many matches are reported of a payload, 1 to 65535; others are counted.",
        DefaultValueFactory = _ => "65535",
        HelpName = "N",
    };

    protected override void AddTo(Command command)
    {
        _source.AddTo(command);
        command.Add(_text);
        command.Add(_hex);
        command.Add(_corpus);
        command.Add(_frames);
        command.Add(_split);
        command.Add(_matches);
    }

    protected override int Run(ParseResult parsed, VerbContext context)
    {
        List<byte[]> payloads = ReadPayloads(parsed);
        int[] cuts = parsed.GetValue(_split) is { } split ? ParseCuts(split) : [];
        using RegexSession session = _source.Open(
            parsed,
            context,
            cuts.Length == 0 ? RegexConfigurationFlags.None : RegexConfigurationFlags.CrossBufferScan,
            ParseMatches(parsed.GetRequiredValue(_matches)));
        if (session.Refused.Count != 0 && !_source.SkipsRefused(parsed))
        {
            throw session.File!.Locate(new RegexRuleException(session.Device.Name, session.Refused));
        }

        RegexRefusals.Write(context, session);
        using var search = new RegexSearch(session, payloads.Max(static payload => payload.Length));
        var report = new RegexTestReport(context, session.Device.Configuration.Flags);
        for (int i = 0; i < payloads.Count; i++)
        {
            foreach (RegexFinding finding in search.Run(payloads[i], cuts))
            {
                report.Add(i, payloads[i], finding);
            }
        }

        report.End(payloads.Count);
        return CliProgram.Success;
    }

    private List<byte[]> ReadPayloads(ParseResult parsed)
    {
        string? text = parsed.GetValue(_text);
        string? hex = parsed.GetValue(_hex);
        string? corpus = parsed.GetValue(_corpus);
        int given = (text is null ? 0 : 1) + (hex is null ? 0 : 1) + (corpus is null ? 0 : 1);
        return given != 1 ? throw new UserException("give one of --text STRING, --hex HEX and --corpus FILE.")
            : text is not null ? [Encoding.UTF8.GetBytes(text)]
            : hex is not null ? [ParseHex(hex)]
            : RegexCorpus.Read("--corpus", corpus!, parsed.GetValue(_frames)).Payloads;
    }

    private static byte[] ParseHex(string hex)
    {
        string digits = hex.Replace(" ", string.Empty, StringComparison.Ordinal);
        try
        {
            return Convert.FromHexString(digits);
        }
        catch (FormatException e)
        {
            throw new UserException($"--hex {hex}: pairs of hexadecimal digits are expected.", e);
        }
    }

    private static int[] ParseCuts(string list)
    {
        List<int> cuts = [];
        foreach (string part in list.Split(','))
        {
            if (!int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int cut) || (cuts.Count != 0 && cut < cuts[^1]))
            {
                throw new UserException($"--split {list}: '{part}' is not an offset at or behind the one before it.");
            }

            cuts.Add(cut);
        }

        return [.. cuts];
    }

    private static int ParseMatches(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count is >= 1 and <= ushort.MaxValue
            ? count
            : throw new UserException($"--matches-max {text} is not a number from 1 to {ushort.MaxValue}.");
}
