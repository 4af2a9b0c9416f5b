using Outboard.Devices;

namespace Outboard.Regex.Ids;

/// <summary>Says which rules fire on a packet, from the matches that a device found in it.</summary>
/// <remarks>
/// <code>
/// int count = evaluator.Locate(payload, ranges);         // an op for each: its group is the buffer, its payload the range
/// ...                                                    // enqueue and dequeue them
/// evaluator.Begin();
/// foreach op of the packet: evaluator.Add(op);
/// foreach (int rule in evaluator.Complete(packet, payload)) { rules.Rules[rule] ... }
/// </code>
/// A counter for each rule says when all its patterns were seen; only then are its steps gone through: each step turns the
/// ends that the steps before it can have into its own, so the work of a step is linear in the payload. Where contents lie is read from
/// the payload, all occurrences, overlapping ones too; where patterns lie is taken from the device.
/// <para><i>Thread</i>: one. Nothing is allocated after construction.</para>
/// </remarks>
public sealed class IdsEvaluator
{
    /// <summary>The most ranges that <see cref="Locate"/> gives.</summary>
    public const int RangesMax = IdsBufferMap.Count;

    private const int EndsMax = 2048;
    private const int None = -1;

    private readonly IdsPlan[] _plans;
    private readonly IdsBuffer[] _searched;
    private readonly IdsBufferMap _map = new();

    // Rules by pattern: those of pattern p stand from _firstRule[p] to _firstRule[p + 1].
    private readonly int[] _firstRule;
    private readonly int[] _rulesOfPattern;
    private readonly bool[] _keepsMatches;

    // Both are as of one packet: a stamp that is not the packet's means nothing was seen yet.
    private readonly uint[] _patternStamps;
    private readonly uint[] _ruleStamps;
    private readonly int[] _ruleCounts;
    private readonly int[] _candidates;
    private readonly int[] _heads;
    private readonly int[] _tails;
    private readonly int[] _matchStarts;
    private readonly int[] _matchEnds;
    private readonly int[] _matchNext;
    private uint _stamp;
    private int _candidateCount;
    private int _matchCount;
    private int[] _ends = new int[EndsMax];
    private int[] _nextEnds = new int[EndsMax];
    private int _endCount;
    private int _nextCount;

    /// <summary>Creates an evaluator.</summary>
    /// <param name="rules">The rules in force on the device.</param>
    /// <param name="matchesMax">How many matches of pcres one packet may have; more make it incomplete.</param>
    public IdsEvaluator(IdsRuleSet rules, int matchesMax = 4096)
    {
        ArgumentNullException.ThrowIfNull(rules);
        ArgumentOutOfRangeException.ThrowIfLessThan(matchesMax, 1);
        _plans = [.. rules.Plans];
        int limit = rules.PatternLimit;
        _firstRule = new int[limit + 1];
        _keepsMatches = new bool[limit];
        _patternStamps = new uint[limit];
        _heads = new int[limit];
        _tails = new int[limit];
        _ruleStamps = new uint[_plans.Length];
        _ruleCounts = new int[_plans.Length];
        _candidates = new int[_plans.Length];
        _matchStarts = new int[matchesMax];
        _matchEnds = new int[matchesMax];
        _matchNext = new int[matchesMax];
        _searched = [.. rules.Patterns.Select(static pattern => (IdsBuffer)pattern.GroupId).Distinct().Order()];
        _rulesOfPattern = IndexRules();
    }

    /// <summary>Whether the last packet was not searched to its end, or had more than there is room for: rules may be missing.</summary>
    public bool IsIncomplete { get; private set; }

    /// <summary>Finds what of a packet is to be searched.</summary>
    /// <param name="payload">The payload.</param>
    /// <param name="ranges">Where the ranges go; room for <see cref="RangesMax"/>.</param>
    /// <returns>How many there are.</returns>
    public int Locate(ReadOnlySpan<byte> payload, Span<IdsBufferRange> ranges)
    {
        _map.Locate(payload);
        int count = 0;
        foreach (IdsBuffer buffer in _searched)
        {
            if (_map.TryGet(buffer, out IdsBufferRange range) && range.Length != 0)
            {
                ranges[count++] = range;
            }
        }

        return count;
    }

    /// <summary>Begins a packet.</summary>
    public void Begin()
    {
        _candidateCount = 0;
        _matchCount = 0;
        IsIncomplete = false;
        if (++_stamp == 0)
        {
            _patternStamps.AsSpan().Clear();
            _ruleStamps.AsSpan().Clear();
            _stamp = 1;
        }
    }

    /// <summary>Takes the matches of one op of the packet.</summary>
    /// <param name="op">The op; dequeued.</param>
    public void Add(RegexOp op)
    {
        const RegexResponseFlags Lost = RegexResponseFlags.MatchesExceeded | RegexResponseFlags.ResourceExceeded
            | RegexResponseFlags.Timeout | RegexResponseFlags.PrefixExceeded;
        bool isDone = op.Status == OpStatus.Success;
        Add(isDone ? op.Matches : default, isDone && (op.ResponseFlags & Lost) == 0);
    }

    /// <summary>Takes matches of the packet.</summary>
    /// <param name="matches">The matches, in the order of their starts for each pattern; starts count from the start of the buffer.</param>
    /// <param name="isComplete">Whether these are all matches of their buffer.</param>
    public void Add(ReadOnlySpan<RegexMatch> matches, bool isComplete)
    {
        IsIncomplete |= !isComplete;
        foreach (ref readonly RegexMatch match in matches)
        {
            int pattern = match.RuleId;
            if ((uint)pattern >= (uint)_patternStamps.Length)
            {
                continue;
            }

            if (_patternStamps[pattern] != _stamp)
            {
                _patternStamps[pattern] = _stamp;
                _heads[pattern] = None;
                CountRules(pattern);
            }

            if (_keepsMatches[pattern])
            {
                Keep(pattern, match.Start, match.End);
            }
        }
    }

    /// <summary>Ends the packet.</summary>
    /// <param name="packet">What its headers say.</param>
    /// <param name="payload">The payload; the same that was searched.</param>
    /// <returns>The rules that fire, as indices of <see cref="IdsRuleSet.Rules"/>, ascending; valid until the next packet.</returns>
    public ReadOnlySpan<int> Complete(IdsPacket packet, ReadOnlySpan<byte> payload)
    {
        Span<int> candidates = _candidates.AsSpan(0, _candidateCount);
        if (candidates.IsEmpty)
        {
            return default;
        }

        candidates.Sort();
        _map.Locate(payload);
        int fired = 0;
        foreach (int rule in candidates)
        {
            if (Fits(_plans[rule], packet) && Evaluate(_plans[rule], payload))
            {
                candidates[fired++] = rule;
            }
        }

        return candidates[..fired];
    }

    private static bool Fits(IdsPlan plan, IdsPacket packet)
    {
        IdsProtocols protocol = packet.Transport switch { 6 => IdsProtocols.Tcp, 17 => IdsProtocols.Udp, 1 or 58 => IdsProtocols.Icmp, _ => IdsProtocols.Other };
        return (plan.Protocols & protocol) != 0
            && (Fits(plan, packet.SourcePort, packet.DestinationPort) || (plan.IsBothWays && Fits(plan, packet.DestinationPort, packet.SourcePort)));
    }

    private static bool Fits(IdsPlan plan, int source, int destination) =>
        plan.SourcePorts?.Contains(source) != false && plan.DestinationPorts?.Contains(destination) != false;

    private int[] IndexRules()
    {
        foreach (IdsPlan plan in _plans)
        {
            foreach (int pattern in plan.Needed)
            {
                _firstRule[pattern + 1]++;
            }

            foreach (IdsStep step in plan.Buffers.SelectMany(static buffer => buffer.Steps).Where(static step => step.PatternId >= 0))
            {
                _keepsMatches[step.PatternId] = true;
            }
        }

        for (int i = 1; i < _firstRule.Length; i++)
        {
            _firstRule[i] += _firstRule[i - 1];
        }

        int[] next = [.. _firstRule];
        int[] rules = new int[_firstRule[^1]];
        for (int i = 0; i < _plans.Length; i++)
        {
            foreach (int pattern in _plans[i].Needed)
            {
                rules[next[pattern]++] = i;
            }
        }

        return rules;
    }

    private void CountRules(int pattern)
    {
        for (int i = _firstRule[pattern]; i < _firstRule[pattern + 1]; i++)
        {
            int rule = _rulesOfPattern[i];
            if (_ruleStamps[rule] != _stamp)
            {
                _ruleStamps[rule] = _stamp;
                _ruleCounts[rule] = 0;
            }

            if (++_ruleCounts[rule] == _plans[rule].Needed.Length)
            {
                _candidates[_candidateCount++] = rule;
            }
        }
    }

    private void Keep(int pattern, int start, int end)
    {
        if (_matchCount == _matchStarts.Length)
        {
            IsIncomplete = true;
            return;
        }

        int match = _matchCount++;
        _matchStarts[match] = start;
        _matchEnds[match] = end;
        _matchNext[match] = None;
        if (_heads[pattern] == None)
        {
            _heads[pattern] = match;
        }
        else
        {
            _matchNext[_tails[pattern]] = match;
        }

        _tails[pattern] = match;
    }

    private int FirstMatch(int pattern) => _patternStamps[pattern] == _stamp ? _heads[pattern] : None;

    private bool Evaluate(IdsPlan plan, ReadOnlySpan<byte> payload)
    {
        // What was not searched to its end may hold what must be absent.
        if ((plan.Unwanted.Length != 0 && IsIncomplete) || (plan.NeedsRequest && !_map.IsRequest) || (plan.NeedsResponse && !_map.IsResponse))
        {
            return false;
        }

        foreach (IdsBufferPlan buffer in plan.Buffers)
        {
            if (!_map.TryGet(buffer.Buffer, out IdsBufferRange range) || !Walk(buffer.Steps, payload.Slice(range.Offset, range.Length)))
            {
                return false;
            }
        }

        return true;
    }

    private bool Walk(IdsStep[] steps, ReadOnlySpan<byte> data)
    {
        _ends[0] = 0;
        _endCount = 1;
        foreach (IdsStep step in steps)
        {
            bool holds = step.Kind switch
            {
                IdsStepKind.Content => step.IsRelative ? FindBehind(step, data) : FindAnywhere(step, data),
                IdsStepKind.NotContent => step.IsRelative ? KeepWithout(step, data) : !HasContent(step, data),
                IdsStepKind.Pattern => TakeMatches(step),
                IdsStepKind.NotPattern => KeepUnmatched(step),
                IdsStepKind.DataAt => KeepDataAt(step, data.Length),
                _ => (data.Length >= step.Low && data.Length <= step.High) != step.IsNegated,
            };
            if (!holds)
            {
                return false;
            }
        }

        return true;
    }

    private bool FindAnywhere(IdsStep step, ReadOnlySpan<byte> data)
    {
        _nextCount = 0;
        int cursor = 0;
        Collect(step, data, step.Low, Math.Min(step.High, data.Length), ref cursor);
        return Turn();
    }

    // The windows of ascending ends ascend too: no byte is looked at for two of them.
    private bool FindBehind(IdsStep step, ReadOnlySpan<byte> data)
    {
        _nextCount = 0;
        int cursor = 0;
        for (int i = 0; i < _endCount; i++)
        {
            (int low, int high) = Window(step, _ends[i], data.Length);
            Collect(step, data, low, high, ref cursor);
            if (_nextCount == EndsMax || (_nextCount != 0 && !step.NeedsAll))
            {
                break;
            }
        }

        return Turn();
    }

    private static (int Low, int High) Window(IdsStep step, int position, int length)
    {
        int low = position + step.Distance;
        int high = step.Within == int.MaxValue ? length : Math.Min(length, low + step.Within);
        return (Math.Max(low, 0), high);
    }

    private void Collect(IdsStep step, ReadOnlySpan<byte> data, int low, int high, ref int cursor)
    {
        int size = step.Literal.Length;
        if (step.IsAtEnd)
        {
            // Only the last place there is.
            low = Math.Max(low, data.Length - size);
            high = high < data.Length ? 0 : high;
        }

        for (int from = Math.Max(low, cursor); from <= high - size;)
        {
            int at = IdsLiteral.Find(data, step.Literal, step.IsCaseless, from, high);
            if (at < 0)
            {
                break;
            }

            if (_nextCount == EndsMax)
            {
                IsIncomplete = true;
                return;
            }

            _nextEnds[_nextCount++] = at + size;
            from = cursor = at + 1;
            if (!step.NeedsAll)
            {
                return;
            }
        }

        cursor = Math.Max(cursor, high - size + 1);
    }

    private static bool HasContent(IdsStep step, ReadOnlySpan<byte> data)
    {
        int from = step.IsAtEnd ? Math.Max(step.Low, data.Length - step.Literal.Length) : step.Low;
        int to = Math.Min(step.High, data.Length);
        return (!step.IsAtEnd || to == data.Length) && IdsLiteral.Find(data, step.Literal, step.IsCaseless, from, to) >= 0;
    }

    private bool KeepWithout(IdsStep step, ReadOnlySpan<byte> data)
    {
        int size = step.Literal.Length;
        int known = None;
        _nextCount = 0;
        for (int i = 0; i < _endCount; i++)
        {
            (int low, int high) = Window(step, _ends[i], data.Length);
            if (step.IsAtEnd)
            {
                low = Math.Max(low, data.Length - size);
            }

            // The next occurrence from here on: that of an earlier end, as long as it lies ahead.
            if (known < low)
            {
                known = IdsLiteral.Find(data, step.Literal, step.IsCaseless, Math.Min(low, data.Length), data.Length);
                known = known < 0 ? data.Length : known;
            }

            bool isThere = known + size <= high && (!step.IsAtEnd || high == data.Length);
            if (!isThere)
            {
                _nextEnds[_nextCount++] = _ends[i];
            }
        }

        return Turn();
    }

    private bool TakeMatches(IdsStep step)
    {
        _nextCount = 0;
        int position = 0;
        for (int match = FirstMatch(step.PatternId); match != None && _nextCount < EndsMax; match = _matchNext[match])
        {
            if (Follows(step, _matchStarts[match], ref position))
            {
                _nextEnds[_nextCount++] = _matchEnds[match];
            }
        }

        return Turn();
    }

    private bool Follows(IdsStep step, int start, ref int position)
    {
        if (!step.IsRelative)
        {
            return true;
        }

        if (step.Head == IdsStep.Anywhere)
        {
            return start >= _ends[0];
        }

        int end = start + step.Head;
        while (position < _endCount && _ends[position] < end)
        {
            position++;
        }

        return position < _endCount && _ends[position] == end;
    }

    // A match that ends behind a position hides others that may begin there: only what lies before it altogether is harmless.
    private bool KeepUnmatched(IdsStep step)
    {
        int first = FirstMatch(step.PatternId);
        if (!step.IsRelative)
        {
            return first == None;
        }

        int last = -1;
        for (int match = first; match != None; match = _matchNext[match])
        {
            last = Math.Max(last, Math.Max(_matchEnds[match], _matchStarts[match] + 1));
        }

        _nextCount = 0;
        for (int i = 0; i < _endCount; i++)
        {
            if (_ends[i] >= last)
            {
                _nextEnds[_nextCount++] = _ends[i];
            }
        }

        return Turn();
    }

    private bool KeepDataAt(IdsStep step, int length)
    {
        if (!step.IsRelative)
        {
            return (step.Distance < length) != step.IsNegated;
        }

        _nextCount = 0;
        for (int i = 0; i < _endCount; i++)
        {
            if ((_ends[i] + step.Distance <= length) != step.IsNegated)
            {
                _nextEnds[_nextCount++] = _ends[i];
            }
        }

        return Turn();
    }

    private bool Turn()
    {
        (_ends, _nextEnds) = (_nextEnds, _ends);
        _endCount = _nextCount;
        return _endCount != 0;
    }
}
