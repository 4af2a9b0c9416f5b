namespace Outboard.Cli.Bench;

/// <summary>One thing that is timed.</summary>
/// <param name="Name">What, such as <c>aes-128-gcm/1024</c>.</param>
/// <param name="Device">On which device, or <c>sdk</c>.</param>
/// <param name="Simd">The SIMD limit in bits it was set up with.</param>
/// <param name="Unit">What one item is: <c>op</c>, <c>object</c>, <c>element</c>, <c>frame</c>.</param>
/// <param name="BytesPerItem">Payload bytes of one item; 0 where a rate in bits means nothing.</param>
/// <param name="Run">Does about that many items and returns how many it did; allocates nothing.</param>
internal sealed record BenchCase(string Name, string Device, int Simd, string Unit, double BytesPerItem, Func<int, int> Run)
{
    /// <summary>What <see cref="Run"/> does besides the work that is timed; null where it does nothing else.</summary>
    public BenchPause? Pause { get; init; }

    /// <summary>Further figures of the case, asked for when it has run; fields of its JSON line and a table for people.</summary>
    public Func<IReadOnlyList<(string Name, double Value)>> Facts { get; init; } = static () => [];
}
