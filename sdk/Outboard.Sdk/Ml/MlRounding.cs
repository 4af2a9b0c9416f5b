namespace Outboard.Ml;

/// <summary>How a quantized value that lies half way is rounded.</summary>
public enum MlRounding
{
    /// <summary>To the even neighbour, as ONNX's QuantizeLinear does.</summary>
    HalfToEven,

    /// <summary>Away from zero, as mldev's conversions do.</summary>
    HalfAwayFromZero,
}
