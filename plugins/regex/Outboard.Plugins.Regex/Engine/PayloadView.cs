using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Outboard.Plugins.Regex.Engine;

/// <summary>One payload of a burst in one piece of native or pinned memory, which stays where it is until the burst is done.</summary>
/// <param name="Address">Its first byte.</param>
/// <param name="Length">Bytes.</param>
internal readonly record struct PayloadView(nint Address, int Length)
{
    /// <summary>The bytes.</summary>
    public unsafe ReadOnlySpan<byte> Span =>

        // SAFETY: whoever made the view promised the bytes for the length of the burst.
        new((void*)Address, Length);

    /// <summary>The view of bytes in native memory, which nothing moves.</summary>
    public static unsafe PayloadView OfNative(ReadOnlySpan<byte> bytes) =>

        // SAFETY: the address of native or pinned bytes holds for as long as the caller promised.
        new((nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(bytes)), bytes.Length);
}
