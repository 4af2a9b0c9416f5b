namespace Outboard.Regex.Ids;

/// <summary>A rule as the evaluator goes through it.</summary>
internal sealed record IdsPlan(IdsRule Rule)
{
    /// <summary>Tcp, Udp, Icmp and Other, as bits.</summary>
    public IdsProtocols Protocols { get; init; }

    /// <summary>Ports on the left, null for any.</summary>
    public IdsPorts? SourcePorts { get; init; }

    /// <summary>Ports on the right, null for any.</summary>
    public IdsPorts? DestinationPorts { get; init; }

    /// <summary>Whether left and right may change places.</summary>
    public bool IsBothWays { get; init; }

    /// <summary>Whether the packet must begin an HTTP request.</summary>
    public bool NeedsRequest { get; init; }

    /// <summary>Whether the packet must begin an HTTP response.</summary>
    public bool NeedsResponse { get; init; }

    /// <summary>What is asked of each buffer.</summary>
    public required IdsBufferPlan[] Buffers { get; init; }

    /// <summary>Ids of the patterns that must all be seen before the rule is looked at; each once, at least one.</summary>
    public required int[] Needed { get; init; }

    /// <summary>Ids of the patterns that must not be seen.</summary>
    public required int[] Unwanted { get; init; }

    /// <summary>What of the rule is not as it is in an engine.</summary>
    public required IReadOnlyList<string> Restrictions { get; init; }
}
