using System.Runtime.CompilerServices;

namespace Outboard.Plugins.Mana.Adapter.Memory;

/// <summary>Memory that a key gives access to.</summary>
internal sealed unsafe class MemoryRegion(
    uint key, uint protectionDomain, ulong virtualAddress, ulong byteCount, byte* pointer)
{
    private ulong _byteCount = byteCount;

    public uint Key { get; } = key;

    public uint ProtectionDomain { get; } = protectionDomain;

    /// <summary>Where an address given by a work element lies, if the whole range is within the region.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryTranslate(ulong address, uint byteCount, out byte* target)
    {
        ulong offset = address - virtualAddress;
        ulong size = Volatile.Read(ref _byteCount);
        target = pointer + offset;
        return offset <= size && byteCount <= size - offset;
    }

    /// <summary>Makes every later translation fail.</summary>
    public void Revoke() => Volatile.Write(ref _byteCount, 0);
}
