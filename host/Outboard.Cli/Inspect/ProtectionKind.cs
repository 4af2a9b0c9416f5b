namespace Outboard.Cli.Inspect;

/// <summary>How frames leave.</summary>
internal enum ProtectionKind
{
    /// <summary>As they came.</summary>
    None,

    /// <summary>Each in one or more TLS 1.3 records.</summary>
    Tls13,

    /// <summary>Each in one or more PDCP user plane PDUs.</summary>
    Pdcp,
}
