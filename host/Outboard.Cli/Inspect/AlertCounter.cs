using Outboard.Mbufs;
using Outboard.Regex;
using Outboard.Regex.Ids;

namespace Outboard.Cli.Inspect;

/// <summary>Which rules of Snort or Suricata files fire, frame by frame.</summary>
internal sealed class AlertCounter(IdsRuleSet rules, int payloadMax)
{
    private readonly IdsEvaluator _evaluator = new(rules);
    private readonly IdsBufferRange[] _ranges = new IdsBufferRange[IdsEvaluator.RangesMax];
    private readonly long[] _alerts = new long[rules.Rules.Count];

    // A payload that lies in several mbufs, in one piece.
    private readonly byte[] _gathered = GC.AllocateUninitializedArray<byte>(payloadMax);

    /// <summary>How many buffers a frame may be searched in.</summary>
    public int BuffersMax { get; } = Math.Max(1, rules.Patterns.Select(static pattern => pattern.GroupId).Distinct().Count());

    /// <summary>The rules.</summary>
    public IdsRuleSet Rules => rules;

    /// <summary>Alerts of all rules.</summary>
    public long Count { get; private set; }

    /// <summary>Frames with an alert.</summary>
    public long FrameCount { get; private set; }

    /// <summary>Frames in which rules may be missing.</summary>
    public long IncompleteFrameCount { get; private set; }

    /// <summary>The rules that fired, with their alerts.</summary>
    public IEnumerable<(IdsRule Rule, long Count)> Fired =>
        rules.Rules.Zip(_alerts).Where(static pair => pair.Second != 0).Select(static pair => (pair.First, pair.Second));

    /// <summary>What of a frame's payload is to be searched.</summary>
    public ReadOnlySpan<IdsBufferRange> Locate(Mbuf frame, int offset, int length) =>
        _ranges.AsSpan(0, _evaluator.Locate(Payload(frame, offset, length), _ranges));

    /// <summary>Begins a frame.</summary>
    public void Begin() => _evaluator.Begin();

    /// <summary>Takes one op of the frame.</summary>
    public void Add(RegexOp op) => _evaluator.Add(op);

    /// <summary>Ends the frame.</summary>
    public void Complete(IdsPacket packet, Mbuf frame, int offset, int length)
    {
        ReadOnlySpan<int> fired = _evaluator.Complete(packet, Payload(frame, offset, length));
        foreach (int rule in fired)
        {
            _alerts[rule]++;
        }

        Count += fired.Length;
        FrameCount += fired.IsEmpty ? 0 : 1;
        IncompleteFrameCount += _evaluator.IsIncomplete ? 1 : 0;
    }

    private ReadOnlySpan<byte> Payload(Mbuf frame, int offset, int length) =>
        frame.TryRead(offset, length, _gathered, out ReadOnlySpan<byte> data) ? data : default;
}
