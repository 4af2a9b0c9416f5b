using Outboard.Plugins.Regex.Rules;

namespace Outboard.Plugins.Regex.Tests.Backtracking;

/// <summary>A pattern as PCRE2 reads it, and as the tree that it means.</summary>
internal sealed record PatternPair(string Text, PatternNode Tree);
