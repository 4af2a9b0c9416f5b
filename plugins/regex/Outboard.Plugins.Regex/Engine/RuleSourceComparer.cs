namespace Outboard.Plugins.Regex.Engine;

/// <summary>Two rules are the same when a compilation of one serves for the other.</summary>
internal sealed class RuleSourceComparer : IEqualityComparer<RuleSource>
{
    public static readonly RuleSourceComparer Instance = new();

    public bool Equals(RuleSource? x, RuleSource? y) =>
        x is not null && y is not null
        && x.Id == y.Id && x.Group == y.Group && x.Options == y.Options && x.Pattern.AsSpan().SequenceEqual(y.Pattern);

    public int GetHashCode(RuleSource obj)
    {
        var hash = default(HashCode);
        hash.Add(obj.Id);
        hash.Add(obj.Group);
        hash.AddBytes(obj.Pattern);
        return hash.ToHashCode();
    }
}
