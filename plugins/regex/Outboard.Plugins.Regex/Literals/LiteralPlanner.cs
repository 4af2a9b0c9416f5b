using System.Numerics;

namespace Outboard.Plugins.Regex.Literals;

/// <summary>
/// Deals literals out to passes. Each way to do it is a list of hashed kinds; a literal goes to the one of them in which its windows are
/// rarest, what none takes goes to the bucket tables or to kinds that test every position; the cheapest way by the estimate wins.
/// </summary>
internal sealed class LiteralPlanner
{
    /// <summary>
    /// Costs in cycles a byte of payload: a pass by itself, the filters at each stride, each count of groups; and in cycles, a candidate of a
    /// hash that the bitmap let through, one of the bucket tables, and a window that really stands there.
    /// </summary>
    private const double PassCost = 0.08;
    private const double HashCost = 2.5;
    private const double CandidateCost = 32;
    private const double ShuffleCandidateCost = 10;
    private static readonly double[] s_groupCost = [0, 0.12, 0.25, 0, 0.6];

    /// <summary>A literal that stands in so much of the payload is rather put where a rarer window of it is known.</summary>
    private const double CommonCost = 1e-4;

    /// <summary>Distinct windows beyond which bucket tables let nearly all text through, and literals beyond which short lists are not tried.</summary>
    private const int ShuffleMax = 3000;
    private const int ManyLiterals = 6000;

    private static readonly WindowKind[] s_kinds =
    [
        WindowKind.Hash(4, 8), WindowKind.Hash(4, 5), WindowKind.Hash(4, 4), WindowKind.Hash(2, 4),
        WindowKind.Hash(1, 4), WindowKind.Hash(1, 3), WindowKind.Hash(1, 2), WindowKind.Shuffle,
    ];

    /// <summary>Lists of indices of hashed kinds that are tried; the later ones also where there are many literals.</summary>
    private static readonly int[][] s_ways = [[], [0], [1], [2], [0, 2], [0, 3], [2, 3], [0, 2, 3]];
    private const int FirstWayOfMany = 4;
    private const int FirstSingle = 4;
    private const int ShuffleKind = 7;

    private readonly IReadOnlyList<LiteralSpec> _specs;
    private readonly PayloadModel _model;
    private readonly List<LiteralBundle> _bundles = [];
    private readonly List<(int Offset, double Cost)[]> _best = [];

    public LiteralPlanner(IReadOnlyList<LiteralSpec> specs, PayloadModel model)
    {
        _specs = specs;
        _model = model;
        Dictionary<int, List<int>> owners = [];
        for (int i = 0; i < specs.Count; i++)
        {
            if (specs[i].OwnerOffset == LiteralSpec.Unordered)
            {
                Add([i]);
            }
            else if (owners.TryGetValue(specs[i].Owner, out List<int>? members))
            {
                members.Add(i);
            }
            else
            {
                owners.Add(specs[i].Owner, [i]);
            }
        }

        foreach (List<int> members in owners.Values)
        {
            Add([.. members]);
        }
    }

    /// <summary>The cheapest way.</summary>
    public List<LiteralPlan> Plan()
    {
        List<LiteralPlan> best = [];
        double bestCost = double.PositiveInfinity;
        for (int way = _bundles.Count > ManyLiterals ? FirstWayOfMany : 0; way < s_ways.Length; way++)
        {
            List<LiteralPlan> plans = Deal(s_ways[way], out List<int> rest, out double cost);
            if (cost < bestCost && Rest(rest, bestCost - cost, plans, ref cost) && cost < bestCost)
            {
                (best, bestCost) = (plans, cost);
            }
        }

        return best;
    }

    /// <summary>All literals in one kind, which each must be long enough for.</summary>
    public List<LiteralPlan> Plan(WindowKind only)
    {
        List<LiteralPlan> plans = [];
        double cost = 0;
        List<int> all = [.. Enumerable.Range(0, _bundles.Count)];
        if (only.IsShuffled)
        {
            Shuffle(all, plans, ref cost);
        }
        else
        {
            Hash(Array.IndexOf(s_kinds, only), all, plans, ref cost);
        }

        return plans;
    }

    private void Add(int[] members)
    {
        var bundle = new LiteralBundle(_specs, members, _model);
        _bundles.Add(bundle);
        _best.Add(Array.ConvertAll(s_kinds, bundle.Best));
    }

    private List<LiteralPlan> Deal(int[] way, out List<int> rest, out double cost)
    {
        rest = [];
        cost = 0;
        List<int>[] taken = [.. way.Select(static _ => new List<int>())];
        for (int b = 0; b < _bundles.Count; b++)
        {
            int best = -1;
            for (int w = 0; w < way.Length; w++)
            {
                best = best < 0 || _best[b][way[w]].Cost < _best[b][way[best]].Cost ? w : best;
            }

            double there = best < 0 ? double.PositiveInfinity : _best[b][way[best]].Cost;
            bool stays = there < double.PositiveInfinity
                && (there < CommonCost || there < 4 * _best[b][ShuffleKind].Cost);
            (stays ? taken[best] : rest).Add(b);
        }

        List<LiteralPlan> plans = [];
        for (int w = 0; w < way.Length; w++)
        {
            Hash(way[w], taken[w], plans, ref cost);
        }

        return plans;
    }

    /// <summary>Adds the plans of what the strides left: bucket tables for all, or for the shorter ones only.</summary>
    private bool Rest(List<int> rest, double limit, List<LiteralPlan> plans, ref double cost)
    {
        if (rest.Count == 0)
        {
            return true;
        }

        List<LiteralPlan>? best = null;
        double bestCost = limit;
        for (int hashed = 0; hashed <= ShuffleKind - FirstSingle; hashed++)
        {
            List<LiteralPlan> tried = [];
            double here = 0;
            List<int> left = rest;
            for (int kind = FirstSingle; kind < FirstSingle + hashed; kind++)
            {
                int length = s_kinds[kind].LengthMin;
                Hash(kind, left.FindAll(b => _bundles[b].LengthMin >= length), tried, ref here);
                left = left.FindAll(b => _bundles[b].LengthMin < length);
            }

            if (here < bestCost && Shuffle(left, tried, ref here) && here < bestCost)
            {
                (best, bestCost) = (tried, here);
            }
        }

        if (best is null)
        {
            return false;
        }

        plans.AddRange(best);
        cost += bestCost;
        return true;
    }

    private void Hash(int kind, List<int> bundles, List<LiteralPlan> plans, ref double cost)
    {
        if (bundles.Count == 0)
        {
            return;
        }

        int stride = s_kinds[kind].Stride;
        double stands = 0;
        int windows = 0;
        List<(LiteralBundle, int)> taken = new(bundles.Count);
        foreach (int b in bundles)
        {
            stands += _best[b][kind].Cost;
            windows += _bundles[b].Members.Length * stride;
            taken.Add((_bundles[b], _best[b][kind].Offset));
        }

        // Two bits a window, and a candidate has to find both.
        double density = Math.Min(1, 2.0 * windows / (1L << WindowTable.BitmapBits(windows)));
        double pass = Math.Min(1, density * density / stride + stands);
        cost += PassCost + HashCost / stride + pass * CandidateCost;
        plans.Add(new LiteralPlan(s_kinds[kind], taken, null, pass));
    }

    private bool Shuffle(List<int> bundles, List<LiteralPlan> plans, ref double cost)
    {
        if (bundles.Count == 0)
        {
            return true;
        }

        if (bundles.Count > ShuffleMax && bundles.Exists(b => _bundles[b].LengthMin > 1))
        {
            return false;
        }

        List<(LiteralBundle Bundle, int Offset)> taken = bundles.ConvertAll(b => (_bundles[b], _best[b][ShuffleKind].Offset));
        var buckets = new ShuffleBuckets(_model, _specs, taken.SelectMany(static t => t.Bundle.Places(t.Offset)));
        double bestCost = double.PositiveInfinity;
        LiteralPlan? best = null;
        int most = Math.Min(ShuffleTables.GroupMax, (int)BitOperations.RoundUpToPowerOf2((uint)(buckets.Count + 7) / 8));
        for (int groups = most; groups > 0; groups /= 2)
        {
            ShuffleTables tables = buckets.Tables(groups);
            double pass = tables.PassRate(_model.Sample.Span);
            double here = PassCost + s_groupCost[groups] + pass * ShuffleCandidateCost;
            if (here < bestCost)
            {
                (bestCost, best) = (here, new LiteralPlan(WindowKind.Shuffle, taken, tables, pass));
            }
        }

        double stands = Math.Min(1, bundles.Sum(b => _best[b][ShuffleKind].Cost));
        cost += bestCost + stands * (CandidateCost - ShuffleCandidateCost);
        plans.Add(best!);
        return true;
    }
}
