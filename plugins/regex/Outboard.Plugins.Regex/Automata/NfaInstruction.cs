namespace Outboard.Plugins.Regex.Automata;

/// <summary>One instruction of an <see cref="NfaProgram"/>.</summary>
internal readonly record struct NfaInstruction(NfaOp Op, int Next, int Arg);
