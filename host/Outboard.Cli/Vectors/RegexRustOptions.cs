namespace Outboard.Cli.Vectors;

/// <summary>What a pattern of Rust's regex library is spelt for.</summary>
/// <param name="IsUtf">Whether the spelling is for UTF-8 with Unicode properties; otherwise for bytes.</param>
/// <param name="IsAscii">Whether pattern and payload are ASCII, so that both are alike.</param>
/// <param name="Unicode">Whether the pattern is read as Unicode where it does not say.</param>
/// <param name="Utf8">Whether only whole characters match, however the pattern is read.</param>
/// <param name="IgnoreCase">Whether letters match both cases where it does not say.</param>
/// <param name="EndsInNewline">Whether the payload does, where PCRE's ^ and $ differ.</param>
/// <param name="LineTerminator">The byte that ends a line, or null for a newline.</param>
internal sealed record RegexRustOptions(
    bool IsUtf, bool IsAscii, bool Unicode, bool Utf8, bool IgnoreCase, bool EndsInNewline, byte? LineTerminator);
