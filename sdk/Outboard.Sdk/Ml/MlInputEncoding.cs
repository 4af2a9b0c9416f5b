namespace Outboard.Ml;

/// <summary>An input that ops give as raw bytes, turned into the tensor's type while it is loaded: value = (byte - offset) * scale.</summary>
/// <param name="Input">The input's name.</param>
/// <param name="Scale">The factor.</param>
/// <param name="Offset">What is taken off first.</param>
public sealed record MlInputEncoding(string Input, float Scale, float Offset);
