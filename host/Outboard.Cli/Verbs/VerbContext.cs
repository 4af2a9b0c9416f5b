using Outboard.Cli.Output;
using Outboard.Host;
using Outboard.Simd;
using Spectre.Console;

namespace Outboard.Cli.Verbs;

/// <summary>What a verb works with: where its output goes, and the host.</summary>
internal sealed class VerbContext(TextWriter output, bool isJson, SimdPolicy simd) : IDisposable
{
    // Wide enough that nothing wraps: output that is not for a terminal is for grep.
    private const int UnlimitedWidth = 4000;

    private IAnsiConsole? _console;
    private JsonLines? _json;
    private OutboardHost? _host;

    /// <summary>Whether the output is one JSON object a line.</summary>
    public bool IsJson => isJson;

    /// <summary>Whether a person watches.</summary>
    public bool IsTerminal => !isJson && ReferenceEquals(output, System.Console.Out) && !System.Console.IsOutputRedirected;

    /// <summary>The SIMD switch, from the command line or the environment.</summary>
    public SimdPolicy Simd => simd;

    /// <summary>Where JSON goes.</summary>
    public JsonLines Json => _json ??= new JsonLines(output);

    /// <summary>Where text for people goes.</summary>
    public IAnsiConsole Console => _console ??= CreateConsole();

    /// <summary>The host; plugins load when a device of theirs is opened.</summary>
    public OutboardHost Host => _host ??= new OutboardHost(new OutboardHostOptions { Simd = simd, LoadOnDemand = true });

    public void Dispose() => _host?.Dispose();

    private IAnsiConsole CreateConsole()
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(output),
            Ansi = IsTerminal ? AnsiSupport.Detect : AnsiSupport.No,
            Interactive = IsTerminal ? InteractionSupport.Detect : InteractionSupport.No,
        });
        if (!IsTerminal)
        {
            console.Profile.Width = UnlimitedWidth;
        }

        return console;
    }
}
