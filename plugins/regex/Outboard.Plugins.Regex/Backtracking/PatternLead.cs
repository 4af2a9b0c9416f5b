using Outboard.Plugins.Regex.Rules;

namespace Outboard.Plugins.Regex.Backtracking;

/// <summary>How what follows a point can begin.</summary>
/// <param name="Set">A superset of the first bytes that it takes.</param>
/// <param name="Through">Whether it may end without taking any.</param>
internal readonly record struct PatternLead(ByteSet Set, bool Through)
{
    /// <summary>The end of the pattern, or of a part that is never undone once it is through.</summary>
    public static readonly PatternLead End = new(ByteSet.Empty, Through: true);

    /// <summary>This, and behind it something else.</summary>
    public PatternLead Then(PatternLead next) => Through ? new PatternLead(Set | next.Set, next.Through) : this;

    public PatternLead Or(PatternLead other) => new(Set | other.Set, Through || other.Through);
}
