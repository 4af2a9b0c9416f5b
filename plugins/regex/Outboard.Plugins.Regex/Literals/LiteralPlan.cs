namespace Outboard.Plugins.Regex.Literals;

/// <summary>Which bundles one kind of pass takes, where their windows begin, and what the pass lets through.</summary>
internal sealed record LiteralPlan(WindowKind Kind, List<(LiteralBundle Bundle, int Offset)> Bundles, ShuffleTables? Shuffle, double PassRate)
{
    public IEnumerable<LiteralPlace> Places => Bundles.SelectMany(static b => b.Bundle.Places(b.Offset));
}
