namespace Outboard.Regex;

/// <summary>One or more rules were refused; the rules in force are unchanged.</summary>
public sealed class RegexRuleException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="device">The device's name.</param>
    /// <param name="errors">Every refused rule; at least one.</param>
    public RegexRuleException(string device, IReadOnlyList<RegexRuleError> errors)
        : base(errors.Count == 1
            ? $"{device}: {errors[0]}"
            : $"{device}: {errors.Count} rules were refused, the first: {errors[0]}") => Errors = errors;

    /// <summary>Every refused rule.</summary>
    public IReadOnlyList<RegexRuleError> Errors { get; }
}
