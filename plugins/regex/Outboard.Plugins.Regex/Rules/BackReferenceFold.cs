namespace Outboard.Plugins.Regex.Rules;

/// <summary>How a back reference compares.</summary>
internal enum BackReferenceFold : byte
{
    /// <summary>Byte for byte.</summary>
    Exact,

    /// <summary>ASCII letters match both cases.</summary>
    Ascii,

    /// <summary>UTF-8 characters match by simple case folding; both sides may differ in length.</summary>
    Unicode,
}
