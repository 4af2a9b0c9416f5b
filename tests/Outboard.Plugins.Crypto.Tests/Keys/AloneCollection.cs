namespace Outboard.Plugins.Crypto.Tests.Keys;

/// <summary>Tests that look at the memory of the whole process, and run when no others do.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneCollection
{
    public const string Name = "alone";
}
