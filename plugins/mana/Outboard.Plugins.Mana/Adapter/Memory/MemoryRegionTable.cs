using System.Runtime.CompilerServices;

namespace Outboard.Plugins.Mana.Adapter.Memory;

/// <summary>Regions by key. A key is a slot with a generation, so that a stale one is known.</summary>
internal sealed unsafe class MemoryRegionTable
{
    public const int SlotMax = 256;

    private const int SlotShift = 8;

    private readonly MemoryRegion?[] _slots = new MemoryRegion?[SlotMax];
    private uint _generation = 1;

    public int Count { get; private set; }

    public MemoryRegion? Add(uint protectionDomain, ulong virtualAddress, ulong byteCount, byte* pointer)
    {
        // Slot 0 stays empty: key 0 belongs to the empty element of a frame without data.
        for (int slot = 1; slot < SlotMax; slot++)
        {
            if (_slots[slot] is null)
            {
                uint key = (uint)(slot << SlotShift) | (_generation++ & 0xFF) | ((uint)0x4B << 24);
                var region = new MemoryRegion(key, protectionDomain, virtualAddress, byteCount, pointer);
                Volatile.Write(ref _slots[slot], region);
                Count++;
                return region;
            }
        }

        return null;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public MemoryRegion? Find(uint key)
    {
        MemoryRegion? region = Volatile.Read(ref _slots[(key >> SlotShift) & (SlotMax - 1)]);
        return region is not null && region.Key == key ? region : null;
    }

    public bool Remove(uint key)
    {
        MemoryRegion? region = Find(key);
        if (region is null)
        {
            return false;
        }

        region.Revoke();
        _slots[(key >> SlotShift) & (SlotMax - 1)] = null;
        Count--;
        return true;
    }

    public bool AnyIn(uint protectionDomain)
    {
        foreach (MemoryRegion? region in _slots)
        {
            if (region?.ProtectionDomain == protectionDomain)
            {
                return true;
            }
        }

        return false;
    }

    public void Clear()
    {
        for (int slot = 0; slot < SlotMax; slot++)
        {
            _slots[slot]?.Revoke();
            _slots[slot] = null;
        }

        Count = 0;
    }
}
