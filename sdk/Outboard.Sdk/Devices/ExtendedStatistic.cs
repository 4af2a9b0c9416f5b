namespace Outboard.Devices;

/// <summary>One counter of a driver's own.</summary>
/// <param name="Id">Its number: its place in the driver's list, fixed from configuration on.</param>
/// <param name="Name">Its name, lower case with underscores, such as <c>q0_candidates</c>.</param>
/// <param name="Value">Its value.</param>
public readonly record struct ExtendedStatistic(int Id, string Name, ulong Value);
