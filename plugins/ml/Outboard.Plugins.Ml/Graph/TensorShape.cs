using System.Globalization;

namespace Outboard.Plugins.Ml.Graph;

/// <summary>
/// Shape of a tensor. All dimensions are known at load but one: a batched shape's dimension 0 is
/// <c>this[0]</c> times the number of inferences that run together.
/// </summary>
internal sealed class TensorShape : IEquatable<TensorShape>
{
    public const int RankMax = 8;

    /// <summary>Elements of one inference; above this a model is refused rather than given a gigabyte of arena.</summary>
    public const long ElementsMax = 1L << 27;

    public static readonly TensorShape Scalar = new([], false);

    private readonly int[] _dims;

    private TensorShape(int[] dims, bool batched)
    {
        _dims = dims;
        IsBatched = batched;
        int count = 1;
        foreach (int d in dims)
        {
            count *= d;
        }

        ElementCount = count;
    }

    /// <summary>True when dimension 0 counts inferences.</summary>
    public bool IsBatched { get; }

    public int Rank => _dims.Length;

    /// <summary>Elements that one inference adds; of an unbatched tensor, all of them.</summary>
    public int ElementCount { get; }

    public ReadOnlySpan<int> Dims => _dims;

    public int this[int axis] => _dims[axis];

    public int this[Index axis] => _dims[axis];

    /// <summary>Makes a shape; refuses sizes that overflow or go past the limits.</summary>
    public static TensorShape Of(ReadOnlySpan<long> dims, bool batched = false)
    {
        if (dims.Length > RankMax)
        {
            throw new ModelException($"a shape of rank {dims.Length}; at most {RankMax} dimensions are supported");
        }

        if (batched && dims.Length == 0)
        {
            throw new ModelException("a scalar cannot carry the batch dimension");
        }

        long count = 1, extent = 1;
        int[] copy = new int[dims.Length];
        for (int i = 0; i < dims.Length; i++)
        {
            if (dims[i] is < 0 or > ElementsMax)
            {
                throw new ModelException($"dimension {i} is {dims[i]}; allowed are 0 to {ElementsMax}");
            }

            copy[i] = (int)dims[i];
            count *= dims[i];
            extent *= Math.Max(1, dims[i]);
            if (extent > ElementsMax)
            {
                throw new ModelException($"a tensor of more than {ElementsMax} elements ({Describe(dims)})");
            }
        }

        return new TensorShape(copy, batched);
    }

    public static TensorShape Of(ReadOnlySpan<int> dims, bool batched = false)
    {
        Span<long> wide = stackalloc long[Math.Min(dims.Length, RankMax + 1)];
        for (int i = 0; i < wide.Length; i++)
        {
            wide[i] = dims[i];
        }

        return Of(wide, batched);
    }

    /// <summary>Product of the dimensions in [from, to).</summary>
    public int Product(int from, int to)
    {
        int count = 1;
        for (int i = from; i < to; i++)
        {
            count *= _dims[i];
        }

        return count;
    }

    /// <summary>Element distance between neighbours along each axis of a dense row-major tensor.</summary>
    public int[] Strides()
    {
        int[] strides = new int[_dims.Length];
        int step = 1;
        for (int i = _dims.Length - 1; i >= 0; i--)
        {
            strides[i] = step;
            step *= _dims[i];
        }

        return strides;
    }

    public bool SameDims(TensorShape other) => _dims.AsSpan().SequenceEqual(other._dims);

    public bool Equals(TensorShape? other) => other is not null && IsBatched == other.IsBatched && SameDims(other);

    public override bool Equals(object? obj) => Equals(obj as TensorShape);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.Add(IsBatched);
        foreach (int d in _dims)
        {
            hash.Add(d);
        }

        return hash.ToHashCode();
    }

    public override string ToString()
    {
        string[] parts = new string[_dims.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            string number = _dims[i].ToString(CultureInfo.InvariantCulture);
            parts[i] = i > 0 || !IsBatched ? number : _dims[0] == 1 ? "N" : number + "N";
        }

        return "[" + string.Join(",", parts) + "]";
    }

    private static string Describe(ReadOnlySpan<long> dims) => "[" + string.Join(",", dims.ToArray()) + "]";
}
