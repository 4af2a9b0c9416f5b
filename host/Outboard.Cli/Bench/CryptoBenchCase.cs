namespace Outboard.Cli.Bench;

/// <summary>A case of a crypto device.</summary>
/// <param name="Name">Its name.</param>
/// <param name="BytesPerItem">Payload bytes of one op; 0 for asymmetric ops.</param>
/// <param name="Run">Does about that many ops and returns how many it did.</param>
internal sealed record CryptoBenchCase(string Name, double BytesPerItem, Func<int, int> Run)
{
    /// <summary>What <see cref="Run"/> does besides.</summary>
    public BenchPause? Pause { get; init; }
}
