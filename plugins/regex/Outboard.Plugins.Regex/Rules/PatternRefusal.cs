namespace Outboard.Plugins.Regex.Rules;

/// <summary>The three ways in which a pattern can be refused.</summary>
internal enum PatternRefusal
{
    /// <summary>It is not a PCRE pattern.</summary>
    Syntax,

    /// <summary>It is a PCRE pattern that this device does not offer.</summary>
    Unsupported,

    /// <summary>It is in the subset and needs more states than a rule may have.</summary>
    TooLarge,
}
