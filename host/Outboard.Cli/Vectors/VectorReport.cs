namespace Outboard.Cli.Vectors;

/// <summary>Counts results; each case once for every width it ran at.</summary>
internal sealed class VectorReport
{
    private readonly List<VectorFailure> _failures = [];
    private readonly SortedDictionary<string, long> _skipped = new(StringComparer.Ordinal);

    /// <summary>Cases that gave the expected result.</summary>
    public long PassedCount { get; private set; }

    /// <summary>Cases that did not.</summary>
    public long FailedCount => _failures.Count;

    /// <summary>Cases that the device's capabilities exclude.</summary>
    public long SkippedCount { get; private set; }

    /// <summary>Every failure, in order.</summary>
    public IReadOnlyList<VectorFailure> Failures => _failures;

    /// <summary>Each reason for skipping with its count.</summary>
    public IReadOnlyDictionary<string, long> Skipped => _skipped;

    /// <summary>A case gave the expected result at a width.</summary>
    public void Pass(int count = 1) => PassedCount += count;

    /// <summary>A case did not give the expected result at a width.</summary>
    /// <param name="file">The file, as <see cref="VectorFile.Shown"/>.</param>
    /// <param name="id">The case in the file.</param>
    /// <param name="width">The width in bits.</param>
    /// <param name="detail">What came instead, one line.</param>
    public void Fail(string file, string id, int width, string detail) =>
        _failures.Add(new VectorFailure(file, id, width, detail));

    /// <summary>Cases were not run because the device does not offer what they need.</summary>
    /// <param name="reason">What is not offered, the same words for the same thing.</param>
    /// <param name="count">How many results that is: cases times widths.</param>
    public void Skip(string reason, int count = 1)
    {
        _skipped[reason] = _skipped.GetValueOrDefault(reason) + count;
        SkippedCount += count;
    }
}
