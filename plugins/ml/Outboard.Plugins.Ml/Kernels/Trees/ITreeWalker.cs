using Outboard.Simd;

namespace Outboard.Plugins.Ml.Kernels.Trees;

/// <summary>Walks heaps for a block of neighbouring rows. Rows are Stride floats apart.</summary>
internal unsafe interface ITreeWalker
{
    static abstract SimdWidth Width { get; }

    static abstract bool IsSupported { get; }

    /// <summary>Rows of one block.</summary>
    static abstract int Rows { get; }

    /// <summary>Sums the leaf values of all trees in tree order, for Rows rows; sums receives one float for each.</summary>
    static abstract void Sum(Forest* forest, float* x, int stride, float* sums);

    /// <summary>The place of the leaf that each of Rows rows reaches in one tree.</summary>
    static abstract void Walk(Forest* forest, int tree, float* x, int stride, int* places);
}
