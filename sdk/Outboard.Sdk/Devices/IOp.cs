namespace Outboard.Devices;

/// <summary>What the op handles of all classes share: a native object that a pool lends and a device works on.</summary>
public interface IOp
{
    /// <summary>Whether the handle is empty.</summary>
    bool IsNull { get; }

    /// <summary>What became of the op.</summary>
    OpStatus Status { get; set; }

    /// <summary>A value of the application's own, handed back untouched.</summary>
    ulong UserData { get; set; }

    /// <summary>Gives the op back to its pool.</summary>
    void Free();

    /// <summary>Gives the op and every mbuf it holds back to their pools.</summary>
    void FreeWithBuffers();

    /// <summary>Makes a native object a fresh op.</summary>
    /// <param name="address">The object.</param>
    /// <param name="pool">The handle of its pool.</param>
    /// <param name="geometry">What the pool has room for, in the class's own packing.</param>
    internal static abstract void Reset(nint address, nint pool, ulong geometry);

    /// <summary>Clears what may not lie in a free op: key bytes.</summary>
    internal void Wipe();
}
