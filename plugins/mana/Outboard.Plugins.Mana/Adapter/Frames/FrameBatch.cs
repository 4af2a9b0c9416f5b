using System.Runtime.InteropServices;
using Outboard.Plugins.Mana.Kernels.Toeplitz;
using Outboard.Plugins.Mana.Wires;

namespace Outboard.Plugins.Mana.Adapter.Frames;

/// <summary>
/// Working memory of one thread in the adapter: what it holds of up to 32 frames. Native, sized once.
/// </summary>
internal sealed unsafe class FrameBatch : IDisposable
{
    public const int Capacity = ToeplitzKey.Lanes;

    private readonly byte* _memory;

    public FrameBatch(int frameMax)
    {
        int stride = (frameMax + 63) & ~63;
        int frames = Capacity * sizeof(WireFrame);
        int parsed = Capacity * sizeof(ParsedFrame);
        int words = Capacity * ToeplitzKey.WordMax * sizeof(uint);
        int hashes = Capacity * sizeof(uint);
        int results = Capacity * sizeof(SendResult);
        int total = frames + parsed + words + hashes + results + Capacity + (6 * 64) + (Capacity * stride);
        _memory = (byte*)NativeMemory.AlignedAlloc((nuint)total, 64);
        NativeMemory.Clear(_memory, (nuint)total);
        byte* next = _memory;
        Frames = (WireFrame*)Take(ref next, frames);
        Parsed = (ParsedFrame*)Take(ref next, parsed);
        Words = (uint*)Take(ref next, words);
        Hashes = (uint*)Take(ref next, hashes);
        Results = (SendResult*)Take(ref next, results);
        HashKinds = Take(ref next, Capacity);
        Staging = next;
        StagingByteCount = Capacity * stride;
    }

    public WireFrame* Frames { get; }

    public ParsedFrame* Parsed { get; }

    /// <summary>Rows of 32 words, as the hash kernels want them.</summary>
    public uint* Words { get; }

    public uint* Hashes { get; }

    public byte* HashKinds { get; }

    public SendResult* Results { get; }

    /// <summary>Room to gather as many of the longest frames as a batch holds.</summary>
    public byte* Staging { get; }

    public int StagingByteCount { get; }

    public void Dispose() => NativeMemory.AlignedFree(_memory);

    private static byte* Take(ref byte* next, int byteCount)
    {
        byte* taken = next;
        next += (byteCount + 63) & ~63;
        return taken;
    }
}
