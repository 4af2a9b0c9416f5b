namespace Outboard.Plugins.Regex.OpenCL;

/// <summary>Windows of one width in a <see cref="LiteralFilter"/>.</summary>
/// <param name="Width">Bytes of a window.</param>
/// <param name="Mask">What of eight bytes counts: the window, without the bit that tells cases apart.</param>
/// <param name="BitmapStart">First word of its bitmap.</param>
/// <param name="Shift">Brings the top bits of a hash product down to the bitmap's size.</param>
internal readonly record struct LiteralFilterClass(int Width, ulong Mask, int BitmapStart, int Shift);
