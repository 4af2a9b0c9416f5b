using System.Numerics;
using Outboard.Plugins.Regex.Rules;

namespace Outboard.Plugins.Regex.Literals;

/// <summary>
/// Puts windows of one to four bytes into few buckets, so that little else fits: neighbours in byte order start together, then the
/// two buckets that lose least are joined until few enough are left.
/// </summary>
internal sealed class ShuffleBuckets
{
    /// <summary>Buckets to start from: joining takes a time of their square.</summary>
    private const int StartMax = 96;

    private readonly PayloadModel _model;
    private readonly List<ByteSet[]> _buckets = [];
    private readonly List<double> _costs = [];
    private readonly int _windowMin;

    public ShuffleBuckets(PayloadModel model, IReadOnlyList<LiteralSpec> specs, IEnumerable<LiteralPlace> places)
    {
        _model = model;
        _windowMin = ShuffleTables.WindowMax;
        SortedSet<(uint Values, uint Masks)> windows = [];
        foreach (LiteralPlace place in places)
        {
            MaskedByte[] bytes = specs[place.Spec].Bytes;
            int length = Math.Min(ShuffleTables.WindowMax, bytes.Length - place.Offset);
            _windowMin = Math.Min(_windowMin, length);
            uint values = 0;
            uint masks = 0;
            for (int k = 0; k < length; k++)
            {
                values |= (uint)bytes[place.Offset + k].Value << 24 - 8 * k;
                masks |= (uint)bytes[place.Offset + k].Mask << 24 - 8 * k;
            }

            windows.Add((values, masks));
        }

        Count = windows.Count;
        int starts = Math.Min(StartMax, windows.Count);
        int at = 0;
        foreach ((uint values, uint masks) in windows)
        {
            int bucket = (int)((long)at++ * starts / windows.Count);
            if (bucket == _buckets.Count)
            {
                _buckets.Add(new ByteSet[ShuffleTables.WindowMax]);
            }

            for (int k = 0; k < ShuffleTables.WindowMax; k++)
            {
                _buckets[bucket][k] |= Values((byte)(values >> 24 - 8 * k), (byte)(masks >> 24 - 8 * k));
            }
        }

        _costs.AddRange(_buckets.Select(Cost));
    }

    /// <summary>Distinct windows.</summary>
    public int Count { get; }

    /// <summary>The tables of a number of groups; to be asked for in falling order.</summary>
    public ShuffleTables Tables(int groupCount)
    {
        Join(groupCount * ShuffleTables.GroupBuckets);
        return new ShuffleTables(_buckets, groupCount, _windowMin);
    }

    private void Join(int count)
    {
        if (_buckets.Count <= count)
        {
            return;
        }

        var losses = new double[_buckets.Count, _buckets.Count];
        for (int i = 0; i < _buckets.Count; i++)
        {
            for (int j = 0; j < i; j++)
            {
                losses[i, j] = Loss(i, j);
            }
        }

        while (_buckets.Count > count)
        {
            (int left, int right) = (1, 0);
            for (int i = 1; i < _buckets.Count; i++)
            {
                for (int j = 0; j < i; j++)
                {
                    if (losses[i, j] < losses[left, right])
                    {
                        (left, right) = (i, j);
                    }
                }
            }

            JoinInto(right, left, losses);
        }
    }

    /// <summary>Joins the greater into the lesser; the last one takes the free place.</summary>
    private void JoinInto(int lesser, int greater, double[,] losses)
    {
        _buckets[lesser] = Union(_buckets[lesser], _buckets[greater]);
        _costs[lesser] = Cost(_buckets[lesser]);
        int last = _buckets.Count - 1;
        _buckets[greater] = _buckets[last];
        _costs[greater] = _costs[last];
        _buckets.RemoveAt(last);
        _costs.RemoveAt(last);
        for (int i = 0; i < last; i++)
        {
            if (greater < last && i != greater)
            {
                losses[Math.Max(i, greater), Math.Min(i, greater)] = losses[last, i];
            }
        }

        for (int i = 0; i < last; i++)
        {
            if (i != lesser)
            {
                losses[Math.Max(i, lesser), Math.Min(i, lesser)] = Loss(i, lesser);
            }
        }
    }

    private double Loss(int i, int j) => Cost(Union(_buckets[i], _buckets[j])) - _costs[i] - _costs[j];

    private double Cost(ByteSet[] bucket)
    {
        double together = 1;
        foreach (ByteSet set in bucket)
        {
            together *= set == ByteSet.All ? 1 : Share(set);
        }

        return together;
    }

    private double Share(ByteSet set) =>
        Share(set.Low, 0) + Share(set.MidLow, 64) + Share(set.MidHigh, 128) + Share(set.High, 192);

    private double Share(ulong members, int from)
    {
        double sum = 0;
        for (; members != 0; members &= members - 1)
        {
            sum += _model.Share((byte)(from + BitOperations.TrailingZeroCount(members)));
        }

        return sum;
    }

    private static ByteSet[] Union(ByteSet[] left, ByteSet[] right)
    {
        var union = new ByteSet[left.Length];
        for (int k = 0; k < union.Length; k++)
        {
            union[k] = left[k] | right[k];
        }

        return union;
    }

    private static ByteSet Values(byte value, byte mask) => mask switch
    {
        0 => ByteSet.All,
        MaskedByte.ExactMask => ByteSet.Of(value),
        _ => ByteSet.Of(value) | ByteSet.Of((byte)(value | ~mask)),
    };
}
