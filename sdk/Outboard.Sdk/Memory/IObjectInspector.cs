namespace Outboard.Memory;

/// <summary>Knows what a free object of a pool has to look like; asked only when debug checks are on.</summary>
internal interface IObjectInspector
{
    /// <summary>What is wrong with an object that is being put or has been free, or null.</summary>
    string? Inspect(nint item);

    /// <summary>Puts a free object into its proper state again.</summary>
    void Restore(nint item);
}
