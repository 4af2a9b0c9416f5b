namespace Outboard.Cli.Vectors;

/// <summary>A case that did not give the expected result.</summary>
/// <param name="File">The file.</param>
/// <param name="Id">The case in the file.</param>
/// <param name="Width">The SIMD width in bits.</param>
/// <param name="Detail">What came instead, one line.</param>
internal sealed record VectorFailure(string File, string Id, int Width, string Detail);
