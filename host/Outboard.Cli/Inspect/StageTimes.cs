using Outboard.Host;

namespace Outboard.Cli.Inspect;

/// <summary>The stages of the inspection, in order.</summary>
internal enum Stage
{
    /// <summary>Frames out of the port, beside the capture.</summary>
    Receive,

    /// <summary>Rules over payloads.</summary>
    Regex,

    /// <summary>Numbers out of frames.</summary>
    Features,

    /// <summary>Classes out of numbers.</summary>
    Ml,

    /// <summary>Records round frames.</summary>
    Protect,

    /// <summary>Frames through the port into the output.</summary>
    Transmit,
}

/// <summary>Cycles by stage: one reading of the clock between two stages of a burst.</summary>
internal sealed class StageTimes(CycleClock clock)
{
    /// <summary>The stages' names in reports.</summary>
    public static readonly IReadOnlyList<string> Names = ["receive", "regex", "features", "ml", "protect", "transmit"];

    private readonly ulong[] _cycles = new ulong[6];
    private ulong _last = clock.Now;

    /// <summary>The clock.</summary>
    public CycleClock Clock => clock;

    /// <summary>Starts timing; what has gone by since the last stage counts for none.</summary>
    public void Restart() => _last = clock.Now;

    /// <summary>Ends a stage: what has gone by counts for it.</summary>
    public void End(Stage stage)
    {
        ulong now = clock.Now;
        _cycles[(int)stage] += now - _last;
        _last = now;
    }

    /// <summary>Cycles of a stage so far.</summary>
    public ulong this[Stage stage] => _cycles[(int)stage];
}
