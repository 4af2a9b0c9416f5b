namespace Outboard.Plugins.Regex.Rules;

/// <summary>What the parser has learnt when it reaches the end of a pattern.</summary>
internal sealed class ParseFacts
{
    /// <summary>PCRE2's limit of named groups.</summary>
    public const int NameMax = 10_000;

    /// <summary>The groups of each name, ascending.</summary>
    public Dictionary<string, SortedSet<int>> Names { get; } = [];

    /// <summary>The name of each named group.</summary>
    public Dictionary<int, string> NameOfGroup { get; } = [];

    /// <summary>The first group of each number.</summary>
    public Dictionary<int, CaptureNode> Groups { get; } = [];

    public List<ReferenceNode> References { get; } = [];

    public int GroupCount { get; set; }

    /// <summary>A (?| group makes numbers ambiguous.</summary>
    public bool HasBranchReset { get; set; }

    public bool MatchUnset { get; set; }

    public bool Utf { get; set; }

    /// <summary>Case is Unicode's and not ASCII's.</summary>
    public bool UnicodeFolding { get; set; }

    /// <summary>\R takes only \r\n, \r and \n.</summary>
    public bool NarrowNewlines { get; set; }
}
