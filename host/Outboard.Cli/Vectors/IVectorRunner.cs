namespace Outboard.Cli.Vectors;

/// <summary>Drives the known-answer files of one device class through real devices.</summary>
/// <remarks>
/// A class with a parameterless constructor that implements this is found by <c>outboard vectors</c> without being
/// listed anywhere.
/// </remarks>
internal interface IVectorRunner
{
    /// <summary>The class, for reports: <c>crypto</c>, <c>regex</c>, <c>ml</c>.</summary>
    string Name { get; }

    /// <summary>Whether the runner takes a file as the entry of a set.</summary>
    /// <remarks>
    /// Asked for each file named and each file in a folder named. A set of several files is taken by one of them (a
    /// model's <c>model.onnx</c>, a <c>*-cases.jsonl</c>); the runner reads the others itself.
    /// </remarks>
    bool Recognizes(VectorFile file);

    /// <summary>
    /// Runs every case of the file at every width of <see cref="VectorContext.Widths"/> and reports each case once a width.
    /// </summary>
    /// <exception cref="FormatException">The file is not of the form it seemed to be; the message says where.</exception>
    void Run(VectorFile file, VectorContext context);
}
