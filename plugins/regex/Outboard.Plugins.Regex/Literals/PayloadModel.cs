using Outboard.Plugins.Regex.Rules;

namespace Outboard.Plugins.Regex.Literals;

/// <summary>
/// How often short sequences of bytes stand in payloads, so that literals are looked for by what is rare in them. Counts of one to
/// four bytes, without case bits, are blended: what a long context does not know a shorter one answers. A wrong estimate costs time,
/// never a match. Immutable.
/// </summary>
internal sealed class PayloadModel
{
    private const byte FoldMask = MaskedByte.CaselessMask;
    private const int HashBits = 17;

    /// <summary>Bytes of a sample that are read, and that are kept to try filters on.</summary>
    private const int SampleMax = 1 << 22;
    private const int KeptMax = 1 << 13;
    private const int PieceLength = 512;

    /// <summary>Sightings of a context that weigh as much as the next shorter one.</summary>
    private const double BlendWeight = 3;

    private readonly double[] _share = new double[256];
    private readonly double[] _folded = new double[256];
    private readonly uint[] _ones = new uint[256];
    private readonly uint[] _twos = new uint[1 << 16];
    private readonly uint[] _threes = new uint[1 << HashBits];
    private readonly uint[] _fours = new uint[1 << HashBits];

    private PayloadModel(ReadOnlySpan<byte> sample, byte[] kept, double priorWeight)
    {
        Sample = kept;
        Count(sample);
        var exact = new uint[256];
        foreach (byte value in sample)
        {
            exact[value]++;
        }

        double prior = 0;
        for (int value = 0; value < 256; value++)
        {
            prior += CommonPayload.Weight((byte)value);
        }

        for (int value = 0; value < 256; value++)
        {
            double share = (exact[value] + priorWeight * CommonPayload.Weight((byte)value) / prior) / (sample.Length + priorWeight);
            _share[value] = share;
            _folded[value & FoldMask] += share;
        }
    }

    /// <summary>Traffic that is part text of the usual protocols and part binary.</summary>
    public static PayloadModel Default { get; } = new(
        CommonPayload.Text, [.. CommonPayload.Text, .. CommonPayload.Binary()], priorWeight: CommonPayload.Text.Length);

    /// <summary>Payload to try filters on.</summary>
    public ReadOnlyMemory<byte> Sample { get; }

    /// <summary>Learns from payload; an empty sample gives the default.</summary>
    public static PayloadModel Train(ReadOnlySpan<byte> sample)
    {
        if (sample.IsEmpty)
        {
            return Default;
        }

        sample = sample[..Math.Min(sample.Length, SampleMax)];
        return new PayloadModel(sample, Keep(sample), priorWeight: 256);
    }

    /// <summary>The share of a value among all bytes.</summary>
    public double Share(byte value) => _share[value];

    /// <summary>The share of a set.</summary>
    public double Share(ByteSet set)
    {
        double sum = 0;
        foreach (byte value in set.ToArray())
        {
            sum += _share[value];
        }

        return sum;
    }

    /// <summary>The share of positions at which a window stands, whatever its case.</summary>
    public double Probability(ReadOnlySpan<MaskedByte> window)
    {
        double probability = 1;
        for (int i = 0; i < window.Length; i++)
        {
            probability *= Next(window, i, Math.Min(i, 3));
        }

        return probability;
    }

    /// <summary>The share of positions at which the rarest four bytes of a literal stand.</summary>
    public double RarestWindow(ReadOnlySpan<MaskedByte> literal)
    {
        int width = Math.Min(literal.Length, 4);
        double rarest = 1;
        for (int at = 0; at + width <= literal.Length; at++)
        {
            rarest = Math.Min(rarest, Probability(literal.Slice(at, width)));
        }

        return rarest;
    }

    /// <summary>The share of positions with a byte among those where up to three known ones precede it.</summary>
    public double Next(ReadOnlySpan<MaskedByte> bytes, int at, int context)
    {
        int d = bytes[at].Value & FoldMask;
        double one = _folded[d];
        if (context == 0)
        {
            return one;
        }

        int c = bytes[at - 1].Value & FoldMask;
        double two = (_twos[c << 8 | d] + BlendWeight * one) / (_ones[c] + BlendWeight);
        if (context == 1)
        {
            return two;
        }

        int b = bytes[at - 2].Value & FoldMask;
        double three = (_threes[Hash(b, c, d)] + BlendWeight * two) / (_twos[b << 8 | c] + BlendWeight);
        if (context == 2)
        {
            return Math.Min(1, three);
        }

        int a = bytes[at - 3].Value & FoldMask;
        return Math.Min(1, (_fours[Hash(a, b, c, d)] + BlendWeight * three) / (_threes[Hash(a, b, c)] + BlendWeight));
    }

    private static byte[] Keep(ReadOnlySpan<byte> sample)
    {
        if (sample.Length <= KeptMax)
        {
            return sample.ToArray();
        }

        var kept = new byte[KeptMax];
        const int Pieces = KeptMax / PieceLength;
        for (int piece = 0; piece < Pieces; piece++)
        {
            int from = (int)((long)piece * (sample.Length - PieceLength) / (Pieces - 1));
            sample.Slice(from, PieceLength).CopyTo(kept.AsSpan(piece * PieceLength));
        }

        return kept;
    }

    private void Count(ReadOnlySpan<byte> sample)
    {
        int a = 0;
        int b = 0;
        int c = 0;
        for (int i = 0; i < sample.Length; i++)
        {
            int d = sample[i] & FoldMask;
            _ones[d]++;
            _twos[c << 8 | d] += i > 0 ? 1u : 0;
            _threes[Hash(b, c, d)] += i > 1 ? 1u : 0;
            _fours[Hash(a, b, c, d)] += i > 2 ? 1u : 0;
            (a, b, c) = (b, c, d);
        }
    }

    private static uint Hash(int a, int b, int c) => (uint)(a << 16 | b << 8 | c) * 0x9E37_79B1u >> 32 - HashBits;

    private static uint Hash(int a, int b, int c, int d) =>
        (uint)(a << 24 | b << 16 | c << 8 | d) * 0x85EB_CA6Bu >> 32 - HashBits;
}
