namespace Outboard.Simd;

/// <summary>Which kernel an operation of a device runs on, and why: the per-operation width report.</summary>
/// <param name="Operation">The operation in the field's words, such as <c>aes-gcm</c>.</param>
/// <param name="Width">The width of the chosen kernel.</param>
/// <param name="Kernel">The name of the chosen kernel.</param>
/// <param name="Reason">Why this one: what stopped each wider one, or that it is the widest there is.</param>
public sealed record KernelChoice(string Operation, SimdWidth Width, string Kernel, string Reason);
