namespace Outboard.Security;

/// <summary>One security protocol that a device offers.</summary>
public abstract record SecurityCapability;
