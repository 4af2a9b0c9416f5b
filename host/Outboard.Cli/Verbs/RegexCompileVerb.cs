using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Outboard.Cli.Output;
using Outboard.Devices;
using Outboard.Simd;
using Spectre.Console;

namespace Outboard.Cli.Verbs;

/// <summary><c>outboard regex compile</c>: what a device makes of a rule set, and the image of it.</summary>
internal sealed class RegexCompileVerb() : Verb("compile", "Compiles rules: those taken and refused, time, memory and tiers; writes the image.")
{
    private readonly RegexSource _source = new();

    private readonly Option<string?> _output = new("--output")
    {
        Description = "Where the compiled image goes; not written when rules are refused, except with --skip-refused.",
        HelpName = "IMAGE",
    };

    protected override void AddTo(Command command)
    {
        _source.AddTo(command);
        command.Add(_output);
    }

    protected override int Run(ParseResult parsed, VerbContext context)
    {
        using RegexSession session = _source.Open(parsed, context);
        bool isWhole = session.Refused.Count == 0 || _source.SkipsRefused(parsed);
        session.Device.Start();
        byte[] image = session.Device.ExportRules();
        RegexRefusals.Write(context, session);
        string? output = isWhole ? parsed.GetValue(_output) : null;
        if (output is not null)
        {
            File.WriteAllBytes(output, image);
        }

        (string Tier, int Count)[] tiers =
        [
            .. session.Device.ExplainRules().GroupBy(static rule => rule.Tier)
                .Select(static tier => (tier.Key, tier.Count())).OrderByDescending(static tier => tier.Item2),
        ];
        if (context.IsJson)
        {
            context.Json.Write(json => WriteJson(json, session, image.Length, tiers, output));
        }
        else
        {
            WriteText(context.Console, session, image.Length, tiers, output);
        }

        return isWhole ? CliProgram.Success : CliProgram.Failure;
    }

    private static void WriteJson(
        Utf8JsonWriter json, RegexSession session, int imageLength, (string Tier, int Count)[] tiers, string? output)
    {
        json.WriteString("device", session.Device.Name);
        json.WriteNumber("group", session.Group);
        json.WriteNumber("rules", tiers.Sum(static tier => tier.Count));
        json.WriteNumber("refused", session.Refused.Count);
        json.WriteNumber("compile_ms", Math.Round(session.CompileMilliseconds, 3));
        Write("database_bytes");
        Write("scratch_bytes");
        json.WriteNumber("image_bytes", imageLength);
        json.WriteString("output", output);
        json.WriteStartArray("tiers");
        foreach ((string tier, int count) in tiers)
        {
            json.WriteStartObject();
            json.WriteString("tier", tier);
            json.WriteNumber("rules", count);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("kernels");
        foreach (KernelChoice kernel in session.Device.Info.Kernels)
        {
            json.WriteStartObject();
            json.WriteString("operation", kernel.Operation);
            json.WriteNumber("width", (int)kernel.Width);
            json.WriteString("kernel", kernel.Kernel);
            json.WriteString("reason", kernel.Reason);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartObject("statistics");
        foreach (ExtendedStatistic one in OfTheRules(session))
        {
            json.WriteNumber(one.Name, one.Value);
        }

        json.WriteEndObject();

        void Write(string name)
        {
            if (session.Statistic(name) is { } value)
            {
                json.WriteNumber(name, value);
            }
            else
            {
                json.WriteNull(name);
            }
        }
    }

    private static void WriteText(
        IAnsiConsole console, RegexSession session, int imageLength, (string Tier, int Count)[] tiers, string? output)
    {
        Table figures = Tables.Create("what", ">value");
        figures.Add("rules taken", $"{tiers.Sum(static tier => tier.Count)}");
        figures.Add("rules refused", $"{session.Refused.Count}");
        figures.Add("compile ms", session.CompileMilliseconds.ToString("0.0", CultureInfo.InvariantCulture));
        figures.Add("image bytes", $"{imageLength}");
        figures.Add("database bytes", $"{session.Statistic("database_bytes")?.ToString() ?? "-"}");
        figures.Add("scratch bytes a queue pair", $"{session.Statistic("scratch_bytes")?.ToString() ?? "-"}");
        console.Write(figures);
        Table table = Tables.Create("tier", ">rules");
        foreach ((string tier, int count) in tiers)
        {
            table.Add(tier, $"{count}");
        }

        console.Write(table);
        Table kernels = Tables.Create("operation", ">width", "kernel", "because");
        foreach (KernelChoice kernel in session.Device.Info.Kernels)
        {
            kernels.Add(kernel.Operation, $"{(int)kernel.Width}", kernel.Kernel, kernel.Reason);
        }

        console.Write(kernels);
        Table statistics = Tables.Create("statistic", ">value");
        foreach (ExtendedStatistic one in OfTheRules(session))
        {
            statistics.Add(one.Name, $"{one.Value}");
        }

        console.Write(statistics);
        if (output is not null)
        {
            console.WriteLine($"{output}: {imageLength} bytes written");
        }
    }

    /// <summary>What the device counts of the rules; what it counts of payloads belongs to queue pairs and is 0 here.</summary>
    private static IEnumerable<ExtendedStatistic> OfTheRules(RegexSession session) =>
        session.Device.GetExtendedStatistics().Where(static one => !(one.Name.Length > 1 && one.Name[0] == 'q' && char.IsAsciiDigit(one.Name[1])));
}
