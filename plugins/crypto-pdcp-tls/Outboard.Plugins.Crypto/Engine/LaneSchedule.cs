using System.Numerics;

namespace Outboard.Plugins.Crypto.Engine;

/// <summary>Which message runs in which lane of a multi-buffer kernel: lanes step together, and one that is done takes the next message.</summary>
/// <remarks>
/// The loop of a kernel: while <see cref="TryFill"/> gives a lane and a job, load the lane and say by <see cref="SetSteps"/> how many
/// steps it has; <see cref="Advance"/> says how many steps all lanes may make together and which lanes are done after them; store what
/// those made. Longest messages first, so that the last lanes end close together. Lanes without a message have no steps and are not
/// waited for: a kernel lets them work on memory of its own.
/// </remarks>
internal unsafe struct LaneSchedule
{
    /// <summary>Most lanes.</summary>
    public const int LaneMax = 64;

    private fixed uint _left[LaneMax];
    private fixed byte _order[CryptoUnit.JobMax];
    private fixed byte _job[LaneMax];
    private ulong _free;
    private ulong _live;
    private int _next;
    private int _count;

    /// <summary>Starts with no lane taken.</summary>
    /// <param name="jobs">The messages.</param>
    /// <param name="jobCount">1 to <see cref="CryptoUnit.JobMax"/>.</param>
    /// <param name="laneCount">1 to <see cref="LaneMax"/>.</param>
    public void Start(CryptoJob* jobs, int jobCount, int laneCount)
    {
        _free = laneCount == 64 ? ulong.MaxValue : (1UL << laneCount) - 1;
        _live = 0;
        _next = 0;
        _count = jobCount;

        // By length, which is public; already in order, as a burst of equal packets is, it costs a comparison each.
        for (int i = 0; i < jobCount; i++)
        {
            int at = i;
            for (; at > 0 && jobs[_order[at - 1]].BitLength < jobs[i].BitLength; at--)
            {
                _order[at] = _order[at - 1];
            }

            _order[at] = (byte)i;
        }
    }

    /// <summary>Starts with no lane taken, by steps that are known beforehand; a message of 0 steps is left out.</summary>
    /// <param name="steps">The steps of each message, of 1 to <see cref="CryptoUnit.JobMax"/>.</param>
    /// <param name="jobCount">How many.</param>
    /// <param name="laneCount">1 to <see cref="LaneMax"/>.</param>
    public void Start(uint* steps, int jobCount, int laneCount)
    {
        _free = laneCount == 64 ? ulong.MaxValue : (1UL << laneCount) - 1;
        _live = 0;
        _next = 0;
        int count = 0;
        for (int i = 0; i < jobCount; i++)
        {
            uint own = steps[i];
            if (own == 0)
            {
                continue;
            }

            int at = count++;
            for (; at > 0 && steps[_order[at - 1]] < own; at--)
            {
                _order[at] = _order[at - 1];
            }

            _order[at] = (byte)i;
        }

        _count = count;
    }

    /// <summary>Gives the next message to a lane that has none. False when there is no such message or no such lane.</summary>
    public bool TryFill(out int lane, out int job)
    {
        if (_next == _count || _free == 0)
        {
            lane = job = 0;
            return false;
        }

        lane = BitOperations.TrailingZeroCount(_free);
        _free &= _free - 1;
        _live |= 1UL << lane;
        job = _order[_next++];
        _job[lane] = (byte)job;
        return true;
    }

    /// <summary>Says how many steps the lane just filled has; with 0 it is done at once, by the next <see cref="Advance"/>.</summary>
    public void SetSteps(int lane, uint steps) => _left[lane] = steps;

    /// <summary>Keeps the message of a lane that the last <see cref="Advance"/> said is done: it has more steps, which the caller sets.</summary>
    public void Resume(int lane)
    {
        _free &= ~(1UL << lane);
        _live |= 1UL << lane;
    }

    /// <summary>The message of a lane that is live, or was when it was said to be done.</summary>
    public readonly int JobOf(int lane) => _job[lane];

    /// <summary>The steps that a live lane still has.</summary>
    public readonly uint Left(int lane) => _left[lane];

    /// <summary>The message that <see cref="TryFill"/> gives at its n-th turn, from 0: what a kernel prepares for many lanes at once.</summary>
    public readonly int JobAt(int turn) => _order[turn];

    /// <summary>The lanes that have a message, a bit each.</summary>
    public readonly ulong Live => _live;

    /// <summary>Moves all lanes on by the most steps that every one of them still has.</summary>
    /// <param name="done">The lanes that are done after those steps, a bit each; they are free now.</param>
    /// <returns>The steps; 0 may come with lanes that are done, and without any means that all work is.</returns>
    public uint Advance(out ulong done)
    {
        uint steps = uint.MaxValue;
        for (ulong live = _live; live != 0; live &= live - 1)
        {
            steps = Math.Min(steps, _left[BitOperations.TrailingZeroCount(live)]);
        }

        done = 0;
        for (ulong live = _live; live != 0; live &= live - 1)
        {
            int lane = BitOperations.TrailingZeroCount(live);
            _left[lane] -= steps;
            done |= _left[lane] == 0 ? 1UL << lane : 0;
        }

        _live &= ~done;
        _free |= done;
        return done == 0 ? 0 : steps;
    }
}
