namespace Outboard.Conformance;

/// <summary>How a check ended.</summary>
public enum ConformanceOutcome
{
    /// <summary>The device does what its class says.</summary>
    Passed,

    /// <summary>It does not; the detail says what was seen.</summary>
    Failed,

    /// <summary>The device does not offer what the check is about; the detail says what.</summary>
    NotOffered,
}
