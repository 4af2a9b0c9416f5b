using System.CommandLine;
using Outboard.Captures;
using Outboard.Cli.Bench;
using Outboard.Cli.Verbs;
using Outboard.Devices;
using Outboard.Ml;
using Outboard.Regex;

namespace Outboard.Cli;

/// <summary>The program: finds the verb, runs it, and turns every failure into one line and an exit code.</summary>
internal static class CliProgram
{
    /// <summary>Done.</summary>
    public const int Success = 0;

    /// <summary>The work failed.</summary>
    public const int Failure = 1;

    /// <summary>Bad usage or input.</summary>
    public const int BadInput = 2;

    private const string DebugVariable = "OUTBOARD_DEBUG";

    public static int Run(IReadOnlyList<string> args, TextWriter output, TextWriter error)
    {
        try
        {
            RootCommand root = CreateRoot(output);
            ParseResult parsed = root.Parse(args);
            if (parsed.Errors.Count != 0)
            {
                error.WriteLine($"outboard: {DescribeUsage(root, args, parsed)} (--help shows the usage)");
                return BadInput;
            }

            return parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false, Output = output, Error = error });
        }
        catch (Exception e)
        {
            return Report(e, error);
        }
    }

    private static RootCommand CreateRoot(TextWriter output)
    {
        var root = new RootCommand("Offload devices for .NET: inspect captures, list devices, run vectors and benchmarks.");
        Verb[] verbs =
        [
            new InspectVerb(),
            new DevicesVerb(),
            new PoolVerb(),
            new VectorsVerb(),
            new ConformanceVerb(),
        ];
        foreach (Verb verb in verbs)
        {
            root.Add(verb.Create(output));
        }

        var bench = new Command("bench", "Time and rate of one class; each has options of its own.");
        BenchVerb[] benchmarks =
        [
            new MempoolBench(),
            new RingBench(),
            new EthBench(),
            new CryptoBench(),
            new SecurityBench(),
            new RegexBench(),
            new MlBench(),
        ];
        foreach (BenchVerb benchmark in benchmarks)
        {
            bench.Add(benchmark.Create(output));
        }

        root.Add(bench);

        var regex = new Command("regex", "Rules: compile them, try them on payloads, see how a device searches for each.");
        Verb[] regexVerbs = [new RegexCompileVerb(), new RegexTestVerb(), new RegexExplainVerb()];
        foreach (Verb verb in regexVerbs)
        {
            regex.Add(verb.Create(output));
        }

        root.Add(regex);

        return root;
    }

    private static string DescribeUsage(RootCommand root, IReadOnlyList<string> args, ParseResult parsed)
    {
        string verbs = string.Join(", ", root.Subcommands.Select(command => command.Name));
        return args.Count == 0 ? $"a verb is missing; {verbs} are the known ones"
            : parsed.CommandResult.Command == root ? $"'{args[0]}' is no verb; {verbs} are"
            : OneLine(parsed.Errors[0].Message);
    }

    private static int Report(Exception e, TextWriter error)
    {
        bool isInput = e is UserException or ArgumentException or FormatException or RegexRuleException or MlModelException;
        bool isExpected = isInput || e is DeviceException or IOException or UnauthorizedAccessException or WorkException;
        error.WriteLine($"outboard: {(isExpected ? string.Empty : $"{e.GetType().Name}: ")}{OneLine(Message(e))}");
        if (Environment.GetEnvironmentVariable(DebugVariable) == "1")
        {
            error.WriteLine(e);
        }

        return isInput ? BadInput : Failure;
    }

    // The runtime adds "(Parameter 'x')", which is for programmers.
    private static string Message(Exception e) => e switch
    {
        ArgumentException { ParamName: { } name } argument => argument.Message.Replace($" (Parameter '{name}')", string.Empty, StringComparison.Ordinal),
        CaptureFormatException => e.Message,
        _ => e.Message,
    };

    private static string OneLine(string text) => text.ReplaceLineEndings(" ").Trim();
}
