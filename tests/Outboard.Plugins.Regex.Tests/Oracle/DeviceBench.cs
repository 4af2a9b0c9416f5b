using Outboard.Devices;
using Outboard.Mbufs;
using Outboard.Regex;
using Outboard.Simd;

namespace Outboard.Plugins.Regex.Tests.Oracle;

/// <summary>
/// A started regex device with pools of its own, searched one payload after the other, as an application would: rules by the class's
/// flags, payloads in mbufs, matches out of ops.
/// </summary>
internal sealed class DeviceBench : IDisposable
{
    /// <summary>Bytes that one mbuf of the bench holds; longer payloads are chains.</summary>
    public const int SegmentLength = 2048;

    private readonly MbufPool _mbufs;
    private readonly RegexOpPool _ops;
    private readonly HashSet<(int, ushort)> _rules = [];

    public DeviceBench(
        string arguments = "",
        RegexConfigurationFlags flags = RegexConfigurationFlags.None,
        int matchesMax = 4096,
        int segments = 255,
        int ops = 63,
        int groups = 1)
    {
        Registry.Register(new RegexPlugin(), "Outboard.Plugins.Regex", "test");
        _mbufs = new MbufPool(new MbufPoolOptions { Name = "bench", Count = segments });
        _ops = new RegexOpPool(new RegexOpPoolOptions { Name = "bench", Count = ops, MatchesMax = matchesMax });
        Device = Registry.OpenRegex("regex_simd0" + arguments);
        Device.Configure(new RegexConfiguration { Flags = flags, MatchesMax = matchesMax, GroupCount = groups });
        Device.Start();
    }

    /// <summary>What the device under test can do.</summary>
    public static RegexDeviceInfo DeviceInfo { get; } = ReadInfo();

    /// <summary>The widths that this processor has, as device arguments.</summary>
    public static string[] Widths { get; } =
        [.. Engine.ScannerFactory.Widths.Select(static width => $",simd={(int)width}")];

    public DriverRegistry Registry { get; } = new(new SimdPolicy());

    public RegexDevice Device { get; }

    public RegexOpPool Ops => _ops;

    public MbufPool Mbufs => _mbufs;

    /// <summary>What the last search said of its result.</summary>
    public RegexResponseFlags ResponseFlags { get; private set; }

    /// <summary>How many matches the last search counted.</summary>
    public int ActualMatchCount { get; private set; }

    /// <summary>Whether the device can do all of this.</summary>
    public static bool Can(RegexCapabilities wanted) => (DeviceInfo.Capabilities & wanted) == wanted;

    /// <summary>Puts these rules in force in place of all others, or returns why they are refused.</summary>
    public IReadOnlyList<RegexRuleError> TrySetRules(params IReadOnlyList<RegexRule> rules)
    {
        foreach ((int id, ushort group) in _rules)
        {
            Device.RemoveRule(id, group);
        }

        _rules.Clear();
        _rules.UnionWith(rules.Select(static rule => (rule.Id, rule.GroupId)));
        Device.AddRules(rules);
        try
        {
            Device.CompileAndActivate();
            return [];
        }
        catch (RegexRuleException e)
        {
            return e.Errors;
        }
    }

    /// <summary>The same for rules that must be taken.</summary>
    public void SetRules(params IReadOnlyList<RegexRule> rules)
    {
        IReadOnlyList<RegexRuleError> errors = TrySetRules(rules);
        Assert.True(errors.Count == 0, string.Join("; ", errors));
    }

    /// <summary>Searches one payload. Under match-as-end the start is 0.</summary>
    public List<(int Rule, int Start, int End)> Search(ReadOnlySpan<byte> payload, Action<RegexOp>? ask = null)
    {
        RegexOp op = Op(payload);
        ask?.Invoke(op);
        Assert.Equal(1, Device.EnqueueBurst(0, [op]));
        RegexOp back = Collect(1)[0];
        Assert.Equal(OpStatus.Success, back.Status);
        ResponseFlags = back.ResponseFlags;
        ActualMatchCount = back.ActualMatchCount;
        List<(int, int, int)> found = Read(back);
        back.FreeWithBuffers();
        return found;
    }

    /// <summary>An op with the payload, in a chain where it is longer than a segment.</summary>
    public RegexOp Op(ReadOnlySpan<byte> payload)
    {
        Assert.True(_ops.TryAlloc(out RegexOp op));
        op.Mbuf = Packet(payload);
        return op;
    }

    public Mbuf Packet(ReadOnlySpan<byte> payload)
    {
        Assert.True(_mbufs.TryAlloc(out Mbuf head));
        int first = Math.Min(payload.Length, SegmentLength);
        Fill(head, payload[..first]);
        Mbuf last = head;
        for (int at = first; at < payload.Length; at += SegmentLength)
        {
            Assert.True(_mbufs.TryAlloc(out Mbuf next));
            Fill(next, payload.Slice(at, Math.Min(SegmentLength, payload.Length - at)));
            Assert.True(head.TryChain(next));
        }

        return head;
    }

    /// <summary>Takes back as many ops, whenever they come.</summary>
    public RegexOp[] Collect(int count)
    {
        var back = new RegexOp[count];
        long deadline = Environment.TickCount64 + 30_000;
        for (int done = 0; done < count;)
        {
            done += Device.DequeueBurst(0, back.AsSpan(done));
            Assert.True(Environment.TickCount64 < deadline, $"{done} of {count} ops came back within 30 s");
        }

        return back;
    }

    public static List<(int Rule, int Start, int End)> Read(RegexOp op)
    {
        List<(int, int, int)> found = [];
        foreach (RegexMatch match in op.Matches)
        {
            found.Add((match.RuleId, match.Start, match.End));
        }

        return found;
    }

    public void Dispose()
    {
        Device.Dispose();
        _ops.Dispose();
        _mbufs.Dispose();
    }

    private static void Fill(Mbuf mbuf, ReadOnlySpan<byte> data)
    {
        Assert.True(mbuf.TryAppend(data.Length, out Span<byte> room));
        data.CopyTo(room);
    }

    private static RegexDeviceInfo ReadInfo()
    {
        var registry = new DriverRegistry(new SimdPolicy());
        registry.Register(new RegexPlugin(), "Outboard.Plugins.Regex", "test");
        using RegexDevice device = registry.OpenRegex("regex_simd0");
        return device.Info;
    }
}
