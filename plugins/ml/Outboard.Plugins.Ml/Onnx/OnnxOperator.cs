namespace Outboard.Plugins.Ml.Onnx;

/// <summary>How one ONNX operator is lowered, and from which version of its domain on.</summary>
internal sealed record OnnxOperator(string Domain, string Name, int OpsetMin, Action<OnnxNode> Lower);
