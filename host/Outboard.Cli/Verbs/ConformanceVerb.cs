using System.CommandLine;
using Outboard.Cli.Output;
using Outboard.Conformance;
using Spectre.Console;

namespace Outboard.Cli.Verbs;

/// <summary><c>outboard conformance</c>: the checks that any device of a class must pass, against one device.</summary>
internal sealed class ConformanceVerb() : Verb("conformance", "Runs the conformance checks of its class against a device.")
{
    private readonly Argument<string> _device = new("DEVICE")
    {
        Description = "A driver's name and arguments, such as regex_simd0,max_simd=256.",
    };

    protected override void AddTo(Command command) => command.Add(_device);

    protected override int Run(ParseResult parsed, VerbContext context)
    {
        string specifier = parsed.GetRequiredValue(_device);

        // Loads the driver's plugin, and says at once what is wrong with the name or the arguments.
        context.Host.OpenDevice(specifier).Dispose();
        var suite = ConformanceSuite.For(context.Host.Registry, specifier);
        Table table = Tables.Create("check", "result", "what");
        int passed = 0;
        int failed = 0;
        int absent = 0;
        foreach (ConformanceCheck check in suite.Checks)
        {
            ConformanceResult result = check.Run();
            passed += result.Outcome == ConformanceOutcome.Passed ? 1 : 0;
            failed += result.Outcome == ConformanceOutcome.Failed ? 1 : 0;
            absent += result.Outcome == ConformanceOutcome.NotOffered ? 1 : 0;
            if (context.IsJson)
            {
                context.Json.Write(json =>
                {
                    json.WriteString("check", result.Check);
                    json.WriteString("statement", check.Statement);
                    json.WriteString("outcome", Word(result.Outcome));
                    json.WriteString("detail", result.Detail);
                });
            }

            table.Add(
                result.Check, Word(result.Outcome), result.Outcome == ConformanceOutcome.Passed ? check.Statement : result.Detail);
        }

        if (context.IsJson)
        {
            context.Json.Write(json =>
            {
                json.WriteString("device", specifier);
                json.WriteNumber("passed", passed);
                json.WriteNumber("failed", failed);
                json.WriteNumber("notOffered", absent);
            });
        }
        else
        {
            context.Console.Write(table);
            context.Console.WriteLine($"{specifier}: {passed} passed, {failed} failed, {absent} not offered");
        }

        return failed == 0 ? CliProgram.Success : CliProgram.Failure;
    }

    private static string Word(ConformanceOutcome outcome) => outcome switch
    {
        ConformanceOutcome.Passed => "passed",
        ConformanceOutcome.Failed => "failed",
        _ => "not offered",
    };
}
