using System.Runtime.InteropServices;

namespace Outboard.OpenCL.Tests;

/// <summary>Page-aligned native memory that stands for a pool's region.</summary>
internal sealed unsafe class NativeRegion : IDisposable
{
    public NativeRegion(int byteCount)
    {
        ByteCount = (nuint)byteCount;
        Address = (nint)NativeMemory.AlignedAlloc(ByteCount, 4096);
        Bytes.Clear();
    }

    public nint Address { get; }

    public nuint ByteCount { get; }

    public Span<byte> Bytes => new((void*)Address, (int)ByteCount);

    public Span<int> Integers => MemoryMarshal.Cast<byte, int>(Bytes);

    public void Dispose() => NativeMemory.AlignedFree((void*)Address);
}
