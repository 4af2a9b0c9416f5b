using Outboard.Devices;
using Outboard.Mbufs;
using Outboard.Regex;

namespace Outboard.Cli.Vectors;

/// <summary>Runs known answers on one device, each in as few segments as it fits in and in a packet cut in three.</summary>
internal sealed class RegexCaseRunner : IDisposable
{
    private const int DataRoom = 60_000;
    private const int MatchesMax = 65535;

    private readonly RegexDevice _device;
    private readonly RegexOpPool _ops = new(
        new RegexOpPoolOptions { Name = "regex_vectors", Count = 1, CacheSize = 0, MatchesMax = MatchesMax });

    private readonly MbufPool _mbufs = new(
        new MbufPoolOptions { Name = "regex_vectors", Count = 64, CacheSize = 0, DataRoomSize = DataRoom });

    private readonly List<RegexRule> _inForce = [];
    private readonly RegexOp[] _back = new RegexOp[1];
    private IReadOnlyList<RegexRule>? _compiled;
    private string? _refusal;

    /// <summary>Takes over a fresh device and starts it with no rules.</summary>
    public RegexCaseRunner(RegexDevice device, RegexConfigurationFlags mode)
    {
        _device = device;
        device.Configure(new RegexConfiguration { MatchesMax = Math.Min(MatchesMax, device.Info.MatchesMax), Flags = mode });
        device.Start();
    }

    /// <summary>Runs one case.</summary>
    public RegexOutcome Run(RegexCase one)
    {
        if (_device.Info.PayloadLengthMax < one.Haystack.Length)
        {
            return RegexOutcome.Skip($"payloads are limited to {_device.Info.PayloadLengthMax} bytes");
        }

        RegexRuleFlags dropped = one.Droppable & ~_device.Info.RuleFlags;
        RegexRuleFlags foreign = one.Rules.Aggregate(RegexRuleFlags.None, static (all, rule) => all | rule.Flags) & ~(_device.Info.RuleFlags | dropped);
        if (foreign != RegexRuleFlags.None)
        {
            return RegexOutcome.Skip($"rule flag {foreign} is not offered");
        }

        if (!ReferenceEquals(_compiled, one.Rules))
        {
            _compiled = one.Rules;
            Compile(dropped == RegexRuleFlags.None ? one.Rules : [.. one.Rules.Select(rule => rule with { Flags = rule.Flags & ~dropped })]);
        }

        if (_refusal is not null)
        {
            return one.MustRefuse != false ? RegexOutcome.Pass
                : RegexFeatures.Missing(one.Features, _device.Info) is { } missing ? RegexOutcome.Skip(missing)
                : RegexOutcome.Fail($"refused: {_refusal}");
        }

        if (one.MustRefuse == true)
        {
            return RegexOutcome.Fail("taken, and must be refused");
        }

        string? detail = one.Check(Search(one.Haystack, pieces: 1));
        detail ??= one.Check(Search(one.Haystack, pieces: 3)) is { } chained ? $"in three segments: {chained}" : null;
        return detail is null ? RegexOutcome.Pass : RegexOutcome.Fail(detail);
    }

    public void Dispose()
    {
        _device.Dispose();
        _ops.Dispose();
        _mbufs.Dispose();
    }

    private void Compile(IReadOnlyList<RegexRule> rules)
    {
        foreach (RegexRule old in _inForce)
        {
            _device.RemoveRule(old.Id, old.GroupId);
        }

        _inForce.Clear();
        _inForce.AddRange(rules);
        _refusal = null;
        bool running = _device.Info.Capabilities.HasFlag(RegexCapabilities.RuntimeCompilation);
        if (!running)
        {
            _device.Stop();
        }

        try
        {
            _device.AddRules(rules);
            _device.CompileAndActivate();
        }
        catch (RegexRuleException e)
        {
            _refusal = e.Errors[0].ToString();
        }

        if (!running)
        {
            _device.Start();
        }
    }

    private RegexAnswer Search(byte[] payload, int pieces)
    {
        if (!_ops.TryAlloc(out RegexOp op))
        {
            throw new WorkException("the op pool of the vectors is empty");
        }

        op.Mbuf = Packet(payload, pieces);
        if (_device.EnqueueBurst(0, [op]) != 1)
        {
            throw new WorkException($"{_device.Name} did not take a payload of {payload.Length} bytes: {_device.GetRejection(0)}");
        }

        while (_device.DequeueBurst(0, _back) == 0)
        {
            Thread.Yield();
        }

        if (op.Status != OpStatus.Success)
        {
            throw new WorkException($"{_device.Name} ended a payload of {payload.Length} bytes with {op.Status}");
        }

        var answer = new RegexAnswer([.. op.Matches], op.ActualMatchCount);
        op.FreeWithBuffers();
        return answer;
    }

    private Mbuf Packet(byte[] payload, int pieces)
    {
        int piece = Math.Min(DataRoom / 2, Math.Max(1, (payload.Length + pieces - 1) / pieces));
        Mbuf head = Segment(payload.AsSpan(0, Math.Min(piece, payload.Length)));
        for (int at = piece; at < payload.Length; at += piece)
        {
            if (!head.TryChain(Segment(payload.AsSpan(at, Math.Min(piece, payload.Length - at)))))
            {
                throw new WorkException($"a payload of {payload.Length} bytes does not fit into one packet");
            }
        }

        return head;
    }

    private Mbuf Segment(ReadOnlySpan<byte> data)
    {
        if (!_mbufs.TryAlloc(out Mbuf mbuf) || !mbuf.TryAppend(data.Length, out Span<byte> room))
        {
            throw new WorkException("the packet pool of the vectors is empty");
        }

        data.CopyTo(room);
        return mbuf;
    }
}
