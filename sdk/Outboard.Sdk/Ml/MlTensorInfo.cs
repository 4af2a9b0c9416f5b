namespace Outboard.Ml;

/// <summary>One input or output of a model.</summary>
/// <param name="Name">Its name in the model.</param>
/// <param name="ElementType">The type of its elements.</param>
/// <param name="Shape">Its dimensions for one batch of size 1, outermost first; dimension 0 is the batch.</param>
/// <param name="ElementCount">Elements for one batch of size 1.</param>
/// <param name="ByteCount">Bytes for one batch of size 1.</param>
/// <param name="Scale">Quantized value = real value / scale + zero point; 1 where nothing is quantized.</param>
/// <param name="ZeroPoint">The quantized value that stands for 0.</param>
public sealed record MlTensorInfo(
    string Name, MlElementType ElementType, IReadOnlyList<int> Shape, int ElementCount, int ByteCount, float Scale, long ZeroPoint);
