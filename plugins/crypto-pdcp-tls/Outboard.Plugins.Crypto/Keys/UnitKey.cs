using Outboard.Plugins.Crypto.Engine;

namespace Outboard.Plugins.Crypto.Keys;

/// <summary>A unit and a key expanded for it, in memory of a <see cref="KeyStore"/>.</summary>
internal unsafe struct UnitKey
{
    /// <summary>The unit; null for a null algorithm.</summary>
    public CryptoUnit? Unit;

    /// <summary>The expanded key; null where the unit has none.</summary>
    public byte* Key;

    /// <summary>Takes memory and expands a key into it.</summary>
    public static UnitKey Expand(KeyStore store, CryptoUnit? unit, ReadOnlySpan<byte> key)
    {
        var made = new UnitKey { Unit = unit };
        if (unit is { KeyLength: > 0 })
        {
            made.Key = store.Take(unit.KeyLength);
            unit.ExpandKey(key, made.Key);
        }

        return made;
    }

    /// <summary>Wipes the key and gives its memory back.</summary>
    public void Release(KeyStore store)
    {
        store.Return(Key);
        Key = null;
    }
}
