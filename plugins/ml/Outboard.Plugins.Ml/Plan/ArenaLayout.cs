namespace Outboard.Plugins.Ml.Plan;

/// <summary>
/// Offsets for values that live from one step to another: freed places are taken again, the best fit among the last few
/// first. All sizes are for the largest batch of a run.
/// </summary>
internal sealed class ArenaLayout
{
    private const long Alignment = 64;
    private const int SearchMax = 64;

    private readonly List<(long Offset, long Size)> _free = [];

    public long ByteCount { get; private set; }

    public long Take(long bytes)
    {
        long size = Math.Max(Alignment, (bytes + Alignment - 1) / Alignment * Alignment);
        int best = -1;
        for (int i = _free.Count - 1; i >= 0 && i >= _free.Count - SearchMax; i--)
        {
            if (_free[i].Size >= size && (best < 0 || _free[i].Size < _free[best].Size))
            {
                best = i;
            }
        }

        if (best < 0)
        {
            long offset = ByteCount;
            ByteCount += size;
            return offset;
        }

        (long at, long room) = _free[best];
        _free.RemoveAt(best);
        if (room > size)
        {
            _free.Add((at + size, room - size));
        }

        return at;
    }

    public void Release(long offset, long bytes) =>
        _free.Add((offset, Math.Max(Alignment, (bytes + Alignment - 1) / Alignment * Alignment)));
}
