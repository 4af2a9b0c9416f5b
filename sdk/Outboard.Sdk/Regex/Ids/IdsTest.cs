namespace Outboard.Regex.Ids;

/// <summary>A test that is no search, such as <c>isdataat</c> or <c>dsize</c>.</summary>
/// <param name="BufferName">The buffer, in the words of the rule; empty for the payload.</param>
/// <param name="Option">The option.</param>
public sealed record IdsTest(string BufferName, IdsOption Option) : IdsItem(BufferName);
