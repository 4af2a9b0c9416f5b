using Outboard.Security;

namespace Outboard.Cli.Bench;

/// <summary>A security protocol with its algorithms, as the benchmark runs it.</summary>
/// <param name="Protocol">Of which protocol.</param>
/// <param name="Algorithm">The algorithms, as a person names them.</param>
/// <param name="Name">The case's name without direction and size.</param>
/// <param name="Transform">The session that protects.</param>
/// <param name="IsUsual">Whether it is run when no algorithm is asked for.</param>
internal sealed record SecurityBenchSuite(string Protocol, string Algorithm, string Name, SecurityTransform Transform, bool IsUsual)
{
    /// <summary>The session that unprotects.</summary>
    public SecurityTransform Backward => Transform switch
    {
        TlsRecordTransform tls => tls with { Operation = SecurityOperation.Unprotect },
        PdcpTransform pdcp => pdcp with { Operation = SecurityOperation.Unprotect },
        _ => throw new InvalidOperationException(Transform.GetType().Name),
    };
}
