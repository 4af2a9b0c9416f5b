namespace Outboard.Plugins.Regex.Automata;

/// <summary>What an instruction of an <see cref="NfaProgram"/> does.</summary>
internal enum NfaOp : byte
{
    /// <summary>Never goes on.</summary>
    Fail,

    /// <summary>Takes one byte of set Arg, then goes to Next.</summary>
    Set,

    /// <summary>Goes to Next, and after that to Arg: Next is preferred.</summary>
    Split,

    /// <summary>Goes to Next where assertion Arg holds.</summary>
    Assert,

    /// <summary>Rule Arg matches here.</summary>
    Match,
}
