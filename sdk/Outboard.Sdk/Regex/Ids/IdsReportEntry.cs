namespace Outboard.Regex.Ids;

/// <summary>What became of one rule, or of a line that is none.</summary>
/// <param name="Place">File and line, <c>file:line</c>.</param>
/// <param name="Sid">The rule's sid; 0 where there is none.</param>
/// <param name="Reason">Why; its first words up to a colon name the keyword.</param>
public sealed record IdsReportEntry(string Place, uint Sid, string Reason)
{
    /// <inheritdoc/>
    public override string ToString() => Sid == 0 ? $"{Place}: {Reason}" : $"{Place}: sid {Sid}: {Reason}";
}
