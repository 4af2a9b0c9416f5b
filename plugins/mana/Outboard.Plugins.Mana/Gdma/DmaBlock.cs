using System.Runtime.InteropServices;
using Outboard.Plugins.Mana.Bus;

namespace Outboard.Plugins.Mana.Gdma;

/// <summary>Zeroed, page-aligned native memory that an adapter may reach while this object lives.</summary>
internal sealed unsafe class DmaBlock : IDisposable
{
    public const int PageSize = 4096;

    private readonly AdapterBus _bus;
    private byte* _pointer;

    public DmaBlock(AdapterBus bus, int byteCount)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(byteCount);
        _bus = bus;
        ByteCount = (byteCount + PageSize - 1) & ~(PageSize - 1);
        _pointer = (byte*)NativeMemory.AlignedAlloc((nuint)ByteCount, PageSize);
        NativeMemory.Clear(_pointer, (nuint)ByteCount);
        bus.MapMemory(_pointer, (nuint)ByteCount);
    }

    /// <summary>Bytes, a multiple of the page size.</summary>
    public int ByteCount { get; }

    public byte* Pointer => _pointer;

    public ulong Address => (ulong)_pointer;

    public void Dispose()
    {
        if (_pointer != null)
        {
            _bus.UnmapMemory(_pointer);
            NativeMemory.AlignedFree(_pointer);
            _pointer = null;
        }
    }
}
