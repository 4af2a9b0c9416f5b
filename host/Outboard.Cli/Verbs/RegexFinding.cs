using Outboard.Regex;

namespace Outboard.Cli.Verbs;

/// <summary>What a device reported of one buffer.</summary>
/// <param name="Buffer">Which buffer of the payload, from 0; a payload that is not split is one.</param>
/// <param name="Offset">Where the buffer begins in its payload.</param>
/// <param name="Matches">The matches; their offsets count from the start of the buffer.</param>
/// <param name="ActualCount">How many there are, reported or not.</param>
/// <param name="Flags">What the result is not complete in.</param>
internal sealed record RegexFinding(
    int Buffer, int Offset, IReadOnlyList<RegexMatch> Matches, int ActualCount, RegexResponseFlags Flags);
