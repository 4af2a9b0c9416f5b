using System.Diagnostics;
using System.Globalization;
using Outboard.Cli.Output;
using Outboard.Host;
using Spectre.Console;

namespace Outboard.Cli.Inspect;

/// <summary>The table that shows how far a long inspection has come; only where a person watches.</summary>
internal static class InspectProgress
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_period = TimeSpan.FromMilliseconds(200);

    /// <summary>Waits for the worker, and shows the counters once it has taken a second.</summary>
    public static void Watch(Lcore lcore, InspectSession session, IAnsiConsole? console)
    {
        if (console is null)
        {
            lcore.Join();
            return;
        }

        if (lcore.Join(s_patience))
        {
            return;
        }

        long start = Stopwatch.GetTimestamp();
        bool ended = false;
        console.Live(Draw(session, s_patience)).AutoClear(true).Start(live =>
        {
            while (!ended)
            {
                ended = lcore.Join(s_period);
                live.UpdateTarget(Draw(session, s_patience + Stopwatch.GetElapsedTime(start)));
            }
        });
    }

    private static Table Draw(InspectSession session, TimeSpan elapsed)
    {
        InspectCounters counters = session.Counters;
        double share = session.Capture.Length > 0 ? (double)session.Capture.Position / session.Capture.Length : 0;
        Table table = Tables.Create(">done", ">frames", ">Gbit/s", ">matches", ">classified", ">records", ">seconds");
        table.Add(
            share.ToString("P0", CultureInfo.InvariantCulture),
            counters.Frames.ToString("N0", CultureInfo.InvariantCulture),
            (counters.Bytes * 8 / elapsed.TotalSeconds / 1e9).ToString("F2", CultureInfo.InvariantCulture),
            counters.Matches.ToString("N0", CultureInfo.InvariantCulture),
            counters.Classified.ToString("N0", CultureInfo.InvariantCulture),
            counters.Protected.ToString("N0", CultureInfo.InvariantCulture),
            elapsed.TotalSeconds.ToString("F0", CultureInfo.InvariantCulture));
        return table;
    }
}
