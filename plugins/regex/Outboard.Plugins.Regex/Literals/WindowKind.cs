namespace Outboard.Plugins.Regex.Literals;

/// <summary>A way to look for literals.</summary>
/// <param name="Stride">Positions from one test to the next: a literal gives as many windows, one for each alignment.</param>
/// <param name="Window">Bytes of a window, at most this for the shuffled kind.</param>
/// <param name="IsShuffled">Whether buckets of bytes are looked up, and not hashes.</param>
internal readonly record struct WindowKind(int Stride, int Window, bool IsShuffled)
{
    /// <summary>Buckets of windows of one to four bytes, tested at every position.</summary>
    public static WindowKind Shuffle => new(1, ShuffleTables.WindowMax, IsShuffled: true);

    /// <summary>Bytes that a literal needs.</summary>
    public int LengthMin => IsShuffled ? 1 : Window + Stride - 1;

    public string Name => IsShuffled ? "shuffled windows" : $"hashed windows of {Window} at stride {Stride}";

    public static WindowKind Hash(int stride, int window) => new(stride, window, IsShuffled: false);
}
