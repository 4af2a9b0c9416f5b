namespace Outboard.Ml;

/// <summary>How the tensors of one direction lie in an op's buffers.</summary>
/// <remarks><i>Source</i>: mldev's PACKED and SPLIT.</remarks>
public enum MlIoLayout
{
    /// <summary>One buffer holds all tensors back to back, without padding.</summary>
    Packed,

    /// <summary>One buffer for each tensor, in the model's order.</summary>
    Split,
}
