namespace Outboard.Plugins.Crypto.Engine;

/// <summary>How far a step of a session brought an op.</summary>
internal enum Step
{
    /// <summary>The op has its status. A job queued last may still have to run, but its session is not asked again.</summary>
    Done,

    /// <summary>A job was queued; the session goes on when it is done.</summary>
    Wait,
}
