namespace Outboard.Regex.Ids;

/// <summary>A class of rules, from a line <c>config classification: name,description,priority</c>.</summary>
/// <param name="Name">What rules call it.</param>
/// <param name="Description">What alerts call it.</param>
/// <param name="Priority">Its priority, 1 the most urgent.</param>
public sealed record IdsClassification(string Name, string Description, int Priority);
