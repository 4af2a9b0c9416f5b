using System.Runtime.InteropServices;

namespace Outboard.Plugins.Regex.Literals;

/// <summary>One window of one literal: the eight bytes that decide most candidates, and where the rest of the literal is.</summary>
/// <param name="Value">Eight bytes of the literal (or all, when it is shorter), masked.</param>
/// <param name="Mask">Which of their bits count.</param>
/// <param name="Spec">Index of the literal.</param>
/// <param name="PoolOffset">Where its bytes and masks lie in the pool.</param>
/// <param name="Length">Bytes of the literal.</param>
/// <param name="WindowOffset">Where in the literal the window begins.</param>
/// <param name="CompareOffset">Where in the literal the eight bytes begin.</param>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct WindowEntry(
    ulong Value, ulong Mask, int Spec, int PoolOffset, int Length, ushort WindowOffset, ushort CompareOffset);
