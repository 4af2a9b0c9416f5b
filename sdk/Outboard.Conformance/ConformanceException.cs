namespace Outboard.Conformance;

/// <summary>A device did something other than its class says.</summary>
internal sealed class ConformanceException(string message) : Exception(message);

/// <summary>A device does not offer what a check is about.</summary>
internal sealed class NotOfferedException(string message) : Exception(message);
