namespace Outboard.Regex.Ids;

/// <summary>One option of a rule, as it is written.</summary>
/// <param name="Name">What stands before the colon, or all of it.</param>
/// <param name="Value">What stands behind the colon, without surrounding white space; empty where there is no colon.</param>
public readonly record struct IdsOption(string Name, string Value);
