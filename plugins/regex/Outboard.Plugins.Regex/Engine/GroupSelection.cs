namespace Outboard.Plugins.Regex.Engine;

/// <summary>The groups whose rules an op asks for: up to four, or all.</summary>
internal readonly record struct GroupSelection(int Count, ushort Group0, ushort Group1, ushort Group2, ushort Group3)
{
    /// <summary>No group named: every rule counts.</summary>
    public static GroupSelection All => default;

    public bool Contains(ushort group) =>
        Count == 0
        || Group0 == group
        || (Count > 1 && (Group1 == group || (Count > 2 && (Group2 == group || (Count > 3 && Group3 == group)))));
}
