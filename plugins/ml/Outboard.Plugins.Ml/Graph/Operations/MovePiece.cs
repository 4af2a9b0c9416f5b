namespace Outboard.Plugins.Ml.Graph.Operations;

/// <summary>
/// One strided copy out of input number <paramref name="Input"/>; offsets and strides in elements. The extent may have more
/// axes than the tensors, up to <see cref="RankMax"/>.
/// </summary>
internal sealed record MovePiece(int Input, int[] Extent, int From, int[] FromStrides, int To, int[] ToStrides)
{
    public const int RankMax = 12;
}
