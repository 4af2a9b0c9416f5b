using Outboard.Devices;
using Outboard.Regex;
using Outboard.Regex.Driver;

namespace Outboard.Plugins.Regex.Engine;

/// <summary>Searches the payload of one op and writes its result.</summary>
internal static class RegexOpScan
{
    /// <summary>Does one payload of the group that the scanner was woken for.</summary>
    /// <param name="scanner">The scanner.</param>
    /// <param name="index">The payload's place in the group.</param>
    /// <param name="payload">The payload.</param>
    /// <param name="matchesMax">Matches an op may report.</param>
    /// <param name="hasNoLiteral">Whether a filter knows that no literal is in it.</param>
    public static void Run(RegexScanner scanner, int index, in RegexPayload payload, int matchesMax, bool hasNoLiteral = false)
    {
        RegexOp op = payload.Op;
        if (payload.IsBroken)
        {
            op.SetResult(OpStatus.InvalidArguments, 0, 0, RegexResponseFlags.None);
            return;
        }

        RegexRequestFlags request = op.RequestFlags;
        bool byRule = (request & RegexRequestFlags.HighPriority) != 0;
        bool single = byRule || (request & RegexRequestFlags.StopOnMatch) != 0;
        Span<RegexMatch> room = op.GetMatchBuffer();
        int capacity = single ? Math.Min(1, room.Length) : Math.Min(matchesMax, room.Length);
        bool ends = (request & RegexRequestFlags.EndOfStream) != 0;
        RegexResponseFlags flags = RegexResponseFlags.None;
        if (payload.Stream is { } stream)
        {
            ScanScope scope = Enter(scanner.Database, stream, payload, ends) with { HasNoLiteral = hasNoLiteral };
            scanner.Scan(index, payload.View.Span, scope, payload.Groups, capacity, byRule);
            flags |= Leave(scanner, stream, payload.View.Span, ends);
        }
        else
        {
            scanner.Scan(index, payload.View.Span, new ScanScope { HasNoLiteral = hasNoLiteral }, payload.Groups, capacity, byRule);
        }

        int count = scanner.MatchCount;
        CompiledRule[] rules = scanner.Database.Rules;
        bool withStarts = scanner.Database.Mode != MatchMode.Ends;
        for (int i = 0; i < count; i++)
        {
            MatchRecord match = scanner.GetMatch(i);
            RuleSource rule = rules[match.Rule].Source;
            int start = withStarts ? match.Start - payload.TailLength : 0;
            int end = match.End - payload.TailLength;
            room[i] = new RegexMatch((int)rule.Id, start, end - start, rule.Group);
            flags |= start < 0 ? RegexResponseFlags.PartialAtStart : RegexResponseFlags.None;
        }

        long total = single ? count : scanner.MatchTotal;
        flags |= total > count ? RegexResponseFlags.MatchesExceeded : RegexResponseFlags.None;
        flags |= scanner.BudgetSpent ? RegexResponseFlags.ResourceExceeded : RegexResponseFlags.None;
        op.SetResult(OpStatus.Success, count, (int)Math.Min(total, int.MaxValue), flags);
    }

    private static ScanScope Enter(RegexDatabase database, RegexStream stream, in RegexPayload payload, bool ends)
    {
        stream.Enter(database);
        long offset = stream.TailOffset;
        int context = offset == 0 ? 0 : Math.Min(payload.View.Length, database.ContextMax);
        return new ScanScope
        {
            From = (int)Math.Max(context, stream.Floor - offset),
            Fresh = payload.TailLength,
            IsOpen = !ends,
            IsCut = offset != 0,
            Stream = stream,
        };
    }

    private static RegexResponseFlags Leave(RegexScanner scanner, RegexStream stream, ReadOnlySpan<byte> scanned, bool ends)
    {
        RegexResponseFlags flags = scanner.IsPartialAtEnd ? RegexResponseFlags.PartialAtEnd : RegexResponseFlags.None;
        bool dropped = stream.Append(scanned);
        bool reaches = scanner.Database.MatchLengthMax is { } longest && longest + scanner.Database.ContextMax <= stream.TailMax;
        if (ends)
        {
            stream.Restart();
        }
        else if ((dropped && !reaches) || stream.Overflowed)
        {
            flags |= RegexResponseFlags.PrefixExceeded;
        }

        return flags;
    }
}
