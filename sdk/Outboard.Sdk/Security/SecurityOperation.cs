namespace Outboard.Security;

/// <summary>The direction of a security session.</summary>
public enum SecurityOperation
{
    /// <summary>Makes protected records or PDUs.</summary>
    Protect,

    /// <summary>Checks and opens them.</summary>
    Unprotect,
}
