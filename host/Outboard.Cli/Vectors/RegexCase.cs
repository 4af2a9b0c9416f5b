using Outboard.Regex;

namespace Outboard.Cli.Vectors;

/// <summary>One known answer for a regex device.</summary>
/// <param name="Id">The case in its file.</param>
internal sealed record RegexCase(string Id)
{
    /// <summary>The rules to compile; cases one after the other that share this very list are run on one compilation.</summary>
    public IReadOnlyList<RegexRule> Rules { get; init; } = [];

    /// <summary>The payload.</summary>
    public byte[] Haystack { get; init; } = [];

    /// <summary>What the device is asked to report.</summary>
    public RegexConfigurationFlags Mode { get; init; }

    /// <summary>Compares the matches with the known answer: null when they agree, otherwise what came instead.</summary>
    public Func<RegexAnswer, string?> Check { get; init; } = static _ => null;

    /// <summary>Rule flags that change nothing on this payload; a device that does not offer them is asked without.</summary>
    public RegexRuleFlags Droppable { get; init; }

    /// <summary>Why no regex device is asked, or null.</summary>
    public string? Excluded { get; init; }

    /// <summary>The constructs the pattern uses, by the file's names.</summary>
    public IReadOnlyList<string> Features { get; init; } = [];

    /// <summary>Whether the rules must be refused (true), may be (null) or must be taken (false).</summary>
    public bool? MustRefuse { get; init; } = false;
}
