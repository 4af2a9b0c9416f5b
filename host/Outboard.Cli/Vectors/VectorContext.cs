using Outboard.Host;

namespace Outboard.Cli.Vectors;

/// <summary>What a runner works with.</summary>
/// <param name="Host">Opens devices: <c>context.Host.OpenCrypto($"crypto_simd0,max_simd={width}")</c>, disposed by the runner.</param>
/// <param name="Widths">The SIMD widths in bits that every case is run at: those this processor has, up to the limit.</param>
/// <param name="Report">Where results go.</param>
internal sealed record VectorContext(OutboardHost Host, IReadOnlyList<int> Widths, VectorReport Report);
