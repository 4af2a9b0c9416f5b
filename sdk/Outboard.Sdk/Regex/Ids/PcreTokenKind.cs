namespace Outboard.Regex.Ids;

/// <summary>What a piece of a pattern is.</summary>
internal enum PcreTokenKind
{
    /// <summary>Something that stands for characters.</summary>
    Other,

    /// <summary>A repeat of what is before it, or a sign behind one.</summary>
    Repeat,

    /// <summary>A backslash and what belongs to it.</summary>
    Escape,

    /// <summary>A named group again, <c>(?P=name)</c>.</summary>
    Reference,

    /// <summary>The start of a group that consumes what is in it.</summary>
    Open,

    /// <summary>The start of a look-ahead.</summary>
    OpenLook,

    /// <summary>The start of a look-behind, or of something that is not looked into.</summary>
    OpenOdd,

    /// <summary>Options set within a group, <c>(?i)</c>.</summary>
    Options,

    /// <summary>The end of a group.</summary>
    Close,

    /// <summary>An alternative begins.</summary>
    Bar,

    /// <summary>A caret outside of a class.</summary>
    Caret,

    /// <summary>A dollar outside of a class.</summary>
    Dollar,
}
