namespace Outboard.Plugins.Regex.Tests.Oracle;

/// <summary>How long the differential tests hunt: the environment can ask for more, with another seed.</summary>
internal static class FuzzSettings
{
    /// <summary>How many times as long as in a plain test run.</summary>
    public static int Times { get; } = Math.Max(1, Read("OUTBOARD_FUZZ_TIMES", 1));

    /// <summary>The seed; every test adds a number of its own.</summary>
    public static int Seed { get; } = Read("OUTBOARD_FUZZ_SEED", 20261122);

    private static int Read(string name, int fallback) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), out int value) ? value : fallback;
}
