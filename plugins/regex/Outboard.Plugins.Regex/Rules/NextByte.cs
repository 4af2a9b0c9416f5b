namespace Outboard.Plugins.Regex.Rules;

/// <summary>What the rest of a pattern wants at a position.</summary>
/// <param name="Bytes">The next bytes with which it can match at all.</param>
/// <param name="Sure">It cannot fail.</param>
internal readonly record struct NextByte(ByteSet Bytes, bool Sure)
{
    /// <summary>The rest is nothing: the match is complete.</summary>
    public static NextByte Accept => new(ByteSet.All, Sure: true);

    /// <summary>What stands before a tree and this wants, given the tree's start.</summary>
    public NextByte Before(TreeStart start) => new(start.First | (start.Through & Bytes), start.Sure && Sure);
}
