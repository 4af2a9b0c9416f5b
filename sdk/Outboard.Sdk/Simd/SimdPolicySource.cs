namespace Outboard.Simd;

/// <summary>Where the limit of a <see cref="SimdPolicy"/> came from.</summary>
public enum SimdPolicySource
{
    /// <summary>The widest width that the runtime recommends on this processor.</summary>
    Default,

    /// <summary>A call of <see cref="SimdPolicy.Set"/>.</summary>
    Api,

    /// <summary>The environment variable <see cref="SimdPolicy.EnvironmentVariable"/>.</summary>
    Environment,

    /// <summary>The command line option <c>--max-simd-bitwidth</c>, which wins and locks the policy.</summary>
    CommandLine,
}
