using Outboard.Plugins.Regex.Rules;

namespace Outboard.Plugins.Regex.Automata.Wake;

/// <summary>
/// Puts rules into few automata. Each rule gets its own first, as small as it can be; then the smallest are merged with each other as long as
/// the product stays in the second-level cache.
/// </summary>
internal sealed class WakeBuilder
{
    /// <summary>256 KiB of two-byte entries.</summary>
    private const int EntryMax = 1 << 17;

    private const int PartnersTried = 3;

    /// <summary>Entries made in all for merging; beyond it one partner is tried.</summary>
    private const long WorkMax = 12_000_000;

    /// <summary>Automata that most payloads kill within so many bytes are kept apart from those that live on.</summary>
    private const int ShortLife = 8;
    private const double ShortLifeShare = 1.0 / 8;

    /// <summary>Each match told stops the four payloads of a run, so a rule with more matches a byte is told once a payload.</summary>
    private const double LivelyRate = 1.0 / 256;
    private const int RateBytes = 24;

    /// <summary>A rule that needs more is told early: where it leaves the part that was made, it counts as matched.</summary>
    private static readonly DfaBudget s_ruleBudget = new(StateMax: 1024, EntryMax: 1 << 15, WorkMax: 1 << 18);

    private readonly TableBuilder _tables = new();
    private readonly WakeProduct _product = new();
    private readonly bool _pinned;

    private WakeBuilder(bool pinned) => _pinned = pinned;

    /// <summary>
    /// Automata for rules that take at least one byte. A very large rule may be told in payloads without a match of it, none is ever missed.
    /// </summary>
    /// <param name="rules">Regular trees, and the numbers by which they are told.</param>
    /// <param name="pinned">Whether only matches count that begin where the payload begins.</param>
    /// <param name="leftOver">The rules that no automaton can hold: their programs are too large.</param>
    public static WakeAutomaton[] Build(
        IReadOnlyList<(PatternNode Root, int Rule)> rules, bool pinned, out int[] leftOver)
    {
        var builder = new WakeBuilder(pinned);
        List<int> left = [];
        List<WakePart> brief = [];
        List<WakePart> lasting = [];
        foreach ((PatternNode root, int rule) in rules)
        {
            WakePart? part = builder.Part(root, rule);
            if (part is null)
            {
                left.Add(rule);
            }
            else if (pinned && part.AliveAfter(ShortLife) < ShortLifeShare)
            {
                brief.Add(part);
            }
            else
            {
                lasting.Add(part);
            }
        }

        leftOver = [.. left];
        List<WakeAutomaton> made = [];
        builder.Merge(brief, int.MaxValue, made);
        builder.Merge(lasting, WakeAutomaton.MaskRules, made);
        return [.. made];
    }

    private WakePart? Part(PatternNode root, int rule)
    {
        NfaProgram program;
        try
        {
            program = NfaBuilder.Unordered(root, reversed: false, allowEmpty: false);
        }
        catch (PatternException)
        {
            return null;
        }

        Dfa dfa = _tables.BuildPresence(program, _pinned ? program.Start : program.SearchStart, s_ruleBudget);
        WakePart part = WakePart.Of(dfa, rule);
        if (!_pinned && part.MatchRate(RateBytes) > LivelyRate)
        {
            part.DieWithMatch();
        }

        return WakeMinimizer.Minimize(part);
    }

    /// <summary>Merges the smallest with the smallest that it fits together with.</summary>
    private void Merge(List<WakePart> parts, int rulesMax, List<WakeAutomaton> made)
    {
        SortedSet<(int Size, int Id)> queue = [];
        for (int i = 0; i < parts.Count; i++)
        {
            queue.Add((parts[i].Table.Length, i));
        }

        while (queue.Count > 0)
        {
            (int Size, int Id) smallest = queue.Min;
            queue.Remove(smallest);
            WakePart part = parts[smallest.Id];
            WakePart? merged = null;
            int tries = _product.Work > WorkMax ? 1 : PartnersTried;
            foreach ((int Size, int Id) other in queue)
            {
                WakePart partner = parts[other.Id];
                if (part.Rules.Length + partner.Rules.Length > rulesMax)
                {
                    continue;
                }

                merged = _product.TryMerge(partner, part, EntryMax);
                if (merged is not null)
                {
                    queue.Remove(other);
                    parts.Add(merged);
                    queue.Add((merged.Table.Length, parts.Count - 1));
                    break;
                }

                if (--tries == 0)
                {
                    break;
                }
            }

            if (merged is null)
            {
                made.Add(new WakeAutomaton(part, _pinned));
            }
        }
    }
}
