namespace Outboard.Plugins.Mana.Gdma;

/// <summary>A registered memory region: what a scatter-gather element names it by, and what it covers.</summary>
internal readonly record struct MemoryKey(ulong Handle, uint Key, ulong Address, ulong ByteCount)
{
    /// <summary>Whether the region holds the whole range.</summary>
    public bool Covers(ulong address, ulong byteCount) =>
        address - Address <= ByteCount && byteCount <= ByteCount - (address - Address);
}
