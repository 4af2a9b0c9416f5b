namespace Outboard.Plugins.Ml.Graph.Operations;

/// <summary>
/// Copies elements between strided views, piece by piece: for every index i below the piece's extent,
/// y[To + i * ToStrides] = x[From + i * FromStrides]. Transpose, Slice, Expand, Concat, Pad and Tile become this.
/// When <see cref="IsBatched"/> the pieces describe one inference, and inference b starts
/// b * elements-of-one-inference further on in the output and in every batched input.
/// </summary>
internal sealed class MoveOperation : Operation
{
    public override string Kind => "Move";

    public required bool IsBatched { get; init; }

    public required MovePiece[] Pieces { get; init; }

    /// <summary>One element: what the places hold that no piece writes (Pad); null when the pieces cover the output.</summary>
    public byte[]? Fill { get; init; }

    public GraphValue Y => Outputs[0];
}
