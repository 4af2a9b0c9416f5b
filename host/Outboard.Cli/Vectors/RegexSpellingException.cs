namespace Outboard.Cli.Vectors;

/// <summary>A pattern has no exact spelling for the device class; the message says why.</summary>
internal sealed class RegexSpellingException(string reason) : Exception(reason)
{
    /// <summary>The reason when the spelling for bytes cannot be exact and the one for UTF-8 may be.</summary>
    public const string NeedsUtf = "the pattern means characters and the payload is not UTF-8";

    /// <summary>The reason where a part of a pattern means bytes and another characters.</summary>
    public const string Mixed = "a pattern of Unicode and bytes at once has no spelling in PCRE";

    /// <summary>The reason where the pattern is none that is understood.</summary>
    public const string Foreign = "the pattern is in a syntax that PCRE does not have";
}
