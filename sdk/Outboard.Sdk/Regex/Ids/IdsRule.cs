namespace Outboard.Regex.Ids;

/// <summary>One rule of a Snort or Suricata file, as it is written.</summary>
public sealed record IdsRule
{
    /// <summary>File and line, <c>file:line</c>.</summary>
    public required string Place { get; init; }

    /// <summary>What to do: <c>alert</c>, <c>drop</c>, ...</summary>
    public required string Action { get; init; }

    /// <summary>The protocol: <c>tcp</c>, <c>ip</c>, <c>http</c>, ...</summary>
    public required string Protocol { get; init; }

    /// <summary>The addresses on the left; <c>any</c> where the header has none.</summary>
    public string Source { get; init; } = "any";

    /// <summary>The ports on the left.</summary>
    public string SourcePorts { get; init; } = "any";

    /// <summary><c>-></c> or <c>&lt;></c>.</summary>
    public string Direction { get; init; } = "->";

    /// <summary>The addresses on the right.</summary>
    public string Destination { get; init; } = "any";

    /// <summary>The ports on the right.</summary>
    public string DestinationPorts { get; init; } = "any";

    /// <summary>Every option, in order.</summary>
    public required IReadOnlyList<IdsOption> Options { get; init; }

    /// <summary>What the rule asks of the bytes, in order.</summary>
    public required IReadOnlyList<IdsItem> Items { get; init; }

    /// <summary>The text of an alert.</summary>
    public string Message { get; init; } = string.Empty;

    /// <summary>The signature's number; 0 where there is none.</summary>
    public uint Sid { get; init; }

    /// <summary>The group of the number; 1 where none is named.</summary>
    public uint Gid { get; init; } = 1;

    /// <summary>The revision; 0 where there is none.</summary>
    public uint Revision { get; init; }

    /// <summary>The class's name; empty where there is none.</summary>
    public string ClassType { get; init; } = string.Empty;

    /// <summary>The priority, 1 the most urgent; null where the rule names none.</summary>
    public int? Priority { get; init; }

    /// <summary>Values of the <c>reference</c> options.</summary>
    public IReadOnlyList<string> References { get; init; } = [];

    /// <summary>Entries of the <c>metadata</c> options.</summary>
    public IReadOnlyList<string> Metadata { get; init; } = [];

    /// <summary>Gid, sid and revision, <c>1:2000334:13</c>.</summary>
    public string Name => $"{Gid}:{Sid}:{Revision}";

    /// <inheritdoc/>
    public override string ToString() => $"{Place}: {Name} {Message}";
}
