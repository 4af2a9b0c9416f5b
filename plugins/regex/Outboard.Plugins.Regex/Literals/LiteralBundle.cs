namespace Outboard.Plugins.Regex.Literals;

/// <summary>Literals that stay together: their windows begin at one offset, so their hits come in the order of their starts.</summary>
internal sealed class LiteralBundle
{
    /// <summary>Offsets that are looked at; a rarer window may stand behind them.</summary>
    private const int OffsetMax = 255;

    private readonly double[][,] _next;

    public LiteralBundle(IReadOnlyList<LiteralSpec> specs, int[] members, PayloadModel model)
    {
        Members = members;
        LengthMin = members.Min(spec => specs[spec].Bytes.Length);
        int reach = Math.Min(LengthMin, OffsetMax + WindowTable.WindowMax);
        _next = Array.ConvertAll(members, spec => Conditionals(specs[spec].Bytes, reach, model));
    }

    /// <summary>Indices of the literals.</summary>
    public int[] Members { get; }

    /// <summary>Bytes of the shortest.</summary>
    public int LengthMin { get; }

    /// <summary>The offset at which windows of a kind are rarest, and how many stand in a byte of payload; no such kind: infinity.</summary>
    public (int Offset, double Cost) Best(WindowKind kind)
    {
        (int, double) best = (0, double.PositiveInfinity);
        int reach = Math.Min(LengthMin, OffsetMax + WindowTable.WindowMax);
        int last = kind.IsShuffled ? Math.Max(0, reach - kind.Window) : reach - kind.Window - kind.Stride + 1;
        for (int offset = 0; offset <= last; offset++)
        {
            double cost = 0;
            foreach (double[,] next in _next)
            {
                for (int k = 0; k < kind.Stride; k++)
                {
                    cost += Probability(next, offset + k, Math.Min(kind.Window, reach));
                }
            }

            if (cost < best.Item2 * kind.Stride)
            {
                best = (offset, cost / kind.Stride);
            }
        }

        return best;
    }

    public IEnumerable<LiteralPlace> Places(int offset) => Members.Select(spec => new LiteralPlace(spec, offset));

    private static double Probability(double[,] next, int offset, int window)
    {
        double probability = 1;
        for (int i = 0; i < window; i++)
        {
            probability *= next[offset + i, Math.Min(i, 3)];
        }

        return probability;
    }

    private static double[,] Conditionals(MaskedByte[] bytes, int reach, PayloadModel model)
    {
        var next = new double[reach, 4];
        for (int i = 0; i < reach; i++)
        {
            for (int context = 0; context <= Math.Min(i, 3); context++)
            {
                next[i, context] = model.Next(bytes, i, context);
            }
        }

        return next;
    }
}
