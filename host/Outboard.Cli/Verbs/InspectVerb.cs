using System.CommandLine;
using System.Diagnostics;
using Outboard.Cli.Inspect;
using Outboard.Host;
using Spectre.Console;

namespace Outboard.Cli.Verbs;

/// <summary><c>outboard inspect</c>, the main job: a capture through port, rules, classifier and record protection.</summary>
internal sealed class InspectVerb() : Verb(
    "inspect", "Frames of a capture through a MANA port, regex rules, classification and record protection into another capture.")
{
    private readonly Argument<string> _capture = new("CAPTURE") { Description = "A pcap or pcapng file." };

    private readonly Option<string[]> _rules = new("--rules")
    {
        Description = "Rules: id:/pattern/flags, one a line, or Snort or Suricata rules; may be given several times. Default: the sample rules beside the program.",
        HelpName = "FILE",
    };

    private readonly Option<string?> _model = new("--model")
    {
        Description = "An ONNX classifier of frames. Default: the sample classifier beside the program.",
        HelpName = "FILE",
    };

    private readonly Option<string?> _protect = new("--protect")
    {
        Description = "How frames leave: tls13, pdcp or none. Default: tls13.",
        HelpName = "HOW",
    };

    private readonly Option<string?> _out = new("--out")
    {
        Description = "The capture to write; pcapng when its name ends so. Default: none is written.",
        HelpName = "FILE",
    };

    private readonly Option<bool> _showKeys = new("--show-keys") { Description = "Print the key that undoes the protection." };

    private readonly Option<bool> _unprotect = new("--unprotect")
    {
        Description = "Undo the protection of CAPTURE: its frames as they were, to --out. Needs --key.",
    };

    private readonly Option<string?> _key = new("--key")
    {
        Description = "The key, as --show-keys prints it; to protect with, or to unprotect.",
        HelpName = "KEY",
    };

    private readonly Option<int> _burst = new("--burst")
    {
        Description = $"Frames that go through the stages together, 1 to {InspectOptions.BurstMax}.",
        DefaultValueFactory = _ => 64,
        HelpName = "N",
    };

    private readonly Option<string?> _lcore = new("--lcores")
    {
        Description = "The CPU that the stages run on. Default: the last one this process may use.",
        HelpName = "CPU",
    };

    private readonly Option<string> _port = Device("--port", "The port that frames come from.", "net_mana0");
    private readonly Option<string> _outPort = Device("--out-port", "The port that frames leave by.", "net_mana1");
    private readonly Option<string> _regex = Device("--regex", "The regex device.", "regex_simd0");
    private readonly Option<string> _ml = Device("--ml", "The ml device.", "ml_simd0");
    private readonly Option<string> _crypto = Device("--crypto", "The crypto device.", "crypto_simd0");

    protected override void AddTo(Command command)
    {
        command.Add(_capture);
        command.Add(_rules);
        command.Add(_model);
        command.Add(_protect);
        command.Add(_out);
        command.Add(_showKeys);
        command.Add(_unprotect);
        command.Add(_key);
        command.Add(_burst);
        command.Add(_lcore);
        command.Add(_port);
        command.Add(_outPort);
        command.Add(_regex);
        command.Add(_ml);
        command.Add(_crypto);
    }

    protected override int Run(ParseResult parsed, VerbContext context) =>
        parsed.GetValue(_unprotect) ? Unprotect(parsed, context) : Inspect(parsed, context);

    private static Option<string> Device(string name, string description, string fallback) => new(name)
    {
        Description = $"{description} A name and arguments.",
        DefaultValueFactory = _ => fallback,
        HelpName = "DEVICE",
    };

    private static ProtectionKind ParseProtection(string? text) => text switch
    {
        null or "tls13" => ProtectionKind.Tls13,
        "pdcp" => ProtectionKind.Pdcp,
        "none" => ProtectionKind.None,
        _ => throw new UserException($"--protect {text} is not known; tls13, pdcp and none are"),
    };

    private InspectOptions ReadOptions(ParseResult parsed)
    {
        ProtectionKey? key = parsed.GetValue(_key) is { } text ? ProtectionKey.Parse(text) : null;
        ProtectionKind protection = key is not null && parsed.GetValue(_protect) is null
            ? key.Kind
            : ParseProtection(parsed.GetValue(_protect));
        if (key is not null && key.Kind != protection)
        {
            throw new UserException($"--key is of another kind than --protect {parsed.GetValue(_protect)}");
        }

        int burst = parsed.GetValue(_burst);
        if (burst is < 1 or > InspectOptions.BurstMax)
        {
            throw new UserException($"--burst {burst} is not 1 to {InspectOptions.BurstMax}");
        }

        return new InspectOptions
        {
            Capture = parsed.GetRequiredValue(_capture),
            Rules = parsed.GetValue(_rules) is { Length: > 0 } rules ? rules : [DefaultData.Rules],
            Model = parsed.GetValue(_model) ?? DefaultData.Model,
            Protection = protection,
            Key = protection == ProtectionKind.None ? null : key ?? ProtectionKey.Create(protection),
            Output = parsed.GetValue(_out),
            Burst = burst,
            Port = parsed.GetRequiredValue(_port),
            OutPort = parsed.GetRequiredValue(_outPort),
            Regex = parsed.GetRequiredValue(_regex),
            Ml = parsed.GetRequiredValue(_ml),
            Crypto = parsed.GetRequiredValue(_crypto),
        };
    }

    private int Inspect(ParseResult parsed, VerbContext context)
    {
        InspectOptions options = ReadOptions(parsed);
        var cpus = LcoreList.Parse(parsed.GetValue(_lcore) ?? $"{LcoreList.Available[^1]}");
        if (cpus.Count != 1)
        {
            throw new UserException($"--lcores {cpus} names {cpus.Count} CPUs; the stages run on one");
        }

        using var session = new InspectSession(context.Host, options);
        using var lcores = new LcoreGroup(cpus);
        ulong cycles = 0;
        double startSeconds = 0;
        lcores[0].Launch(self =>
        {
            startSeconds = (DateTime.Now - Process.GetCurrentProcess().StartTime).TotalSeconds;
            ulong start = session.Clock.Now;
            while (!self.IsStopRequested && session.Pipeline.RunBurst())
            {
            }

            cycles = session.Clock.Now - start;
        });
        bool interrupted = Watch(lcores[0], session, context);
        session.Close();
        if (interrupted)
        {
            throw new WorkException($"interrupted after {session.Counters.Frames} frames; nothing was written");
        }

        session.Commit();
        Report(context, options, new InspectSummary(session, session.Clock.ToSeconds(cycles), startSeconds), parsed.GetValue(_showKeys));
        return session.Leaked == 0 ? CliProgram.Success : CliProgram.Failure;
    }

    private static bool Watch(Lcore lcore, InspectSession session, VerbContext context)
    {
        using var interruption = new Interruption(lcore.RequestStop);
        InspectProgress.Watch(lcore, session, context.IsTerminal ? context.Console : null);
        return interruption.IsRequested;
    }

    private static void Report(VerbContext context, InspectOptions options, InspectSummary summary, bool showKeys)
    {
        if (context.IsJson)
        {
            if (showKeys && options.Key is not null)
            {
                context.Json.Write(json => json.WriteString("key", options.Key.ToString()));
            }

            summary.Write(context.Json);
            return;
        }

        IAnsiConsole console = context.Console;
        summary.Write(console);
        if (options.Output is not null)
        {
            console.WriteLine($"written: {options.Output}");
        }

        if (showKeys && options.Key is not null)
        {
            console.WriteLine($"key: {options.Key}");
        }
    }

    private int Unprotect(ParseResult parsed, VerbContext context)
    {
        string path = parsed.GetRequiredValue(_capture);
        string output = parsed.GetValue(_out) ?? throw new UserException("--unprotect needs --out FILE");
        ProtectionKey key = ProtectionKey.Parse(parsed.GetValue(_key) ?? throw new UserException("--unprotect needs --key KEY"));
        using var unprotector = new Unprotector(context.Host, parsed.GetRequiredValue(_crypto), path, key, output);
        using var interruption = new Interruption();
        while (unprotector.RunBurst())
        {
            if (interruption.IsRequested)
            {
                throw new WorkException($"interrupted after {unprotector.FrameCount} frames; nothing was written");
            }
        }

        unprotector.Commit();
        int leaked = unprotector.Leaked;
        if (context.IsJson)
        {
            context.Json.Write(json =>
            {
                json.WriteStartObject("summary");
                json.WriteNumber("records", unprotector.RecordCount);
                json.WriteNumber("frames", unprotector.FrameCount);
                json.WriteNumber("bytes", unprotector.ByteCount);
                json.WriteNumber("leaked", leaked);
                json.WriteEndObject();
            });
        }
        else
        {
            context.Console.WriteLine(
                $"{unprotector.FrameCount} frames of {unprotector.ByteCount} bytes out of {unprotector.RecordCount} records, written: {output}");
        }

        return leaked == 0 ? CliProgram.Success : CliProgram.Failure;
    }
}
