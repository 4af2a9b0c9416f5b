namespace Outboard.Security;

/// <summary>What a security session does: a whole protocol, not one algorithm.</summary>
/// <remarks>Keys are copied when the session is created.</remarks>
public abstract record SecurityTransform;
