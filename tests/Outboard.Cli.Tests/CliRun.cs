using System.Text.Json;
using Outboard.Testing;

namespace Outboard.Cli.Tests;

/// <summary>One run of the program inside the test process.</summary>
internal sealed record CliRun(int ExitCode, string Output, string Error)
{
    /// <summary>The lines of standard output.</summary>
    public string[] Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The lines of standard output as JSON objects.</summary>
    public JsonElement[] Json => [.. Lines.Select(line => JsonDocument.Parse(line).RootElement)];

    /// <summary>The summary that ends the output.</summary>
    public JsonElement Summary => Json[^1].GetProperty("summary");

    /// <summary>The recorded capture of the repository.</summary>
    public static string Campus => Path.Combine(SharedVectors.RepositoryRoot!, "samples", "data", "campus.pcap");

    public static CliRun Of(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        int code = CliProgram.Run(args, output, error);
        return new CliRun(code, output.ToString(), error.ToString());
    }

    /// <summary>Fails unless the run ended as a person's mistake does: code 2, one line, nothing else.</summary>
    public void AssertRefused(string reason)
    {
        Assert.True(ExitCode == CliProgram.BadInput, $"exit code {ExitCode}: {Error}{Output}");
        Assert.Contains(reason, Error, StringComparison.Ordinal);
        Assert.StartsWith("outboard: ", Error, StringComparison.Ordinal);
        Assert.Equal(1, Error.Count(c => c == '\n'));
        Assert.Empty(Output);
    }

    /// <summary>Fails unless the run succeeded.</summary>
    public CliRun AssertDone()
    {
        Assert.True(ExitCode == CliProgram.Success, $"exit code {ExitCode}: {Error}{Output}");
        Assert.Empty(Error);
        return this;
    }
}
