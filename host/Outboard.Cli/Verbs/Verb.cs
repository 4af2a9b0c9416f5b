using System.CommandLine;
using System.Globalization;
using Outboard.Simd;

namespace Outboard.Cli.Verbs;

/// <summary>One verb of the program, with the options that every verb takes.</summary>
internal abstract class Verb(string name, string description)
{
    private readonly Option<string?> _maxSimd = new("--max-simd-bitwidth")
    {
        Description = $"Widest vector registers any device may use: 64, 128, 256, 512, or 0 for no limit. {SimdPolicy.EnvironmentVariable} is the same with less weight.",
        HelpName = "N",
    };

    private readonly Option<bool> _json = new("--json")
    {
        Description = "One JSON object a line on standard output, nothing else.",
    };

    /// <summary>Makes the command.</summary>
    public Command Create(TextWriter output)
    {
        var command = new Command(name, description);
        AddTo(command);
        command.Add(_maxSimd);
        command.Add(_json);
        command.SetAction(parsed =>
        {
            using var context = new VerbContext(output, parsed.GetValue(_json), CreatePolicy(parsed.GetValue(_maxSimd)));
            return Run(parsed, context);
        });
        return command;
    }

    /// <summary>Adds the verb's own arguments and options.</summary>
    protected abstract void AddTo(Command command);

    /// <summary>Does the work.</summary>
    /// <returns>The exit code.</returns>
    protected abstract int Run(ParseResult parsed, VerbContext context);

    private static SimdPolicy CreatePolicy(string? text)
    {
        SimdPolicy policy = SimdPolicy.FromEnvironment();
        if (text is not null)
        {
            try
            {
                policy.Force(int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture));
            }
            catch (Exception e) when (e is FormatException or OverflowException or ArgumentOutOfRangeException)
            {
                throw new UserException(
                    $"--max-simd-bitwidth {text} is not a SIMD width; a power of two from 64 to 32768, or 0 for no limit, is.", e);
            }
        }

        return policy;
    }
}
