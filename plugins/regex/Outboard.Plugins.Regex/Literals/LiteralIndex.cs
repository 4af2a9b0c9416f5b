using Outboard.Plugins.Regex.Kernels.WindowHash;
using Outboard.Plugins.Regex.Kernels.WindowShuffle;

namespace Outboard.Plugins.Regex.Literals;

/// <summary>
/// Literals made ready to be looked for together: passes over the payload, each with a filter and tables that confirm. Immutable, so
/// searchers share it.
/// </summary>
internal sealed class LiteralIndex
{
    private readonly byte[] _tierOf;

    private LiteralIndex(LiteralTier[] passes, LiteralPool pool, byte[] tierOf)
    {
        Passes = passes;
        Pool = pool;
        _tierOf = tierOf;
        Tiers = Array.ConvertAll(passes, static pass => pass.Report);
        ByteCount = pool.ByteCount + tierOf.Length + Tiers.Sum(static tier => tier.ByteCount);
    }

    /// <summary>Bytes of all tables.</summary>
    public long ByteCount { get; }

    /// <summary>What each pass does, in the order they run.</summary>
    public IReadOnlyList<LiteralTierReport> Tiers { get; }

    /// <summary>The passes.</summary>
    internal LiteralTier[] Passes { get; }

    /// <summary>The bytes of all literals.</summary>
    internal LiteralPool Pool { get; }

    /// <summary>Makes the index.</summary>
    /// <param name="specs">The literals; equal ones are found each.</param>
    /// <param name="model">How common sequences of bytes are.</param>
    /// <param name="only">The one kind of pass to use, or null for the cheapest.</param>
    /// <exception cref="ArgumentException">A literal is empty, has another mask, or an owner has two offsets.</exception>
    public static LiteralIndex Build(IReadOnlyList<LiteralSpec> specs, PayloadModel model, WindowKind? only = null)
    {
        Check(specs);
        var pool = new LiteralPool(specs);
        List<LiteralPlan> plans = specs.Count == 0 ? []
            : only is { } kind ? new LiteralPlanner(specs, model).Plan(kind)
            : new LiteralPlanner(specs, model).Plan();
        var tierOf = new byte[specs.Count];
        var passes = new LiteralTier[plans.Count];
        for (int tier = 0; tier < passes.Length; tier++)
        {
            LiteralPlace[] places = [.. plans[tier].Places];
            passes[tier] = Tier(plans[tier], specs, pool, places);
            foreach (LiteralPlace place in places)
            {
                tierOf[place.Spec] = (byte)tier;
            }
        }

        return new LiteralIndex(passes, pool, tierOf);
    }

    /// <summary>The name of the pass that finds a literal.</summary>
    public string TierOf(int spec) => Tiers[_tierOf[spec]].Name;

    private static LiteralTier Tier(LiteralPlan plan, IReadOnlyList<LiteralSpec> specs, LiteralPool pool, LiteralPlace[] places)
    {
        List<WindowTable> tables = [];
        int entries = 0;
        if (plan.Kind.IsShuffled)
        {
            foreach (IGrouping<int, LiteralPlace> group in
                places.GroupBy(place => Math.Min(ShuffleTables.WindowMax, specs[place.Spec].Bytes.Length - place.Offset)))
            {
                tables.Add(new WindowTable(group.Key, specs, pool, [.. group], alignments: 1, entries));
                entries += tables[^1].Entries.Length;
            }
        }
        else
        {
            tables.Add(new WindowTable(plan.Kind.Window, specs, pool, places, plan.Kind.Stride, entryBase: 0));
        }

        long bytes = tables.Sum(static table => table.ByteCount) + (plan.Shuffle?.ByteCount ?? 0);
        string name = plan.Shuffle is { } shuffle ? $"{plan.Kind.Name}, {8 * shuffle.GroupCount} buckets" : plan.Kind.Name;
        string operation = plan.Kind.IsShuffled ? WindowShuffleTable.Operation : WindowHashTable.Operation;
        return new LiteralTier
        {
            Kind = plan.Kind,
            Shuffle = plan.Shuffle,
            Tables = [.. tables],
            Entries = tables.Count == 1 ? tables[0].Entries : [.. tables.SelectMany(static table => table.Entries)],
            Report = new LiteralTierReport(name, operation, places.Length, plan.PassRate, bytes),
        };
    }

    private static void Check(IReadOnlyList<LiteralSpec> specs)
    {
        Dictionary<int, int> offsets = [];
        for (int i = 0; i < specs.Count; i++)
        {
            LiteralSpec spec = specs[i];
            if (spec.Bytes.Length == 0)
            {
                throw new ArgumentException($"Literal {i} is empty; at least one byte is needed.", nameof(specs));
            }

            foreach (MaskedByte part in spec.Bytes)
            {
                if (part.Mask is not (MaskedByte.ExactMask or MaskedByte.CaselessMask))
                {
                    throw new ArgumentException($"Literal {i} has mask 0x{part.Mask:X2}; 0xFF and 0xDF are taken.", nameof(specs));
                }
            }

            if (spec.OwnerOffset != LiteralSpec.Unordered && !offsets.TryAdd(spec.Owner, spec.OwnerOffset)
                && offsets[spec.Owner] != spec.OwnerOffset)
            {
                throw new ArgumentException(
                    $"Literal {i} has offset {spec.OwnerOffset}, another of owner {spec.Owner} {offsets[spec.Owner]}; one owner has one.",
                    nameof(specs));
            }
        }
    }
}
