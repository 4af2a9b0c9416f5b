namespace Outboard.Plugins.Regex.Engine;

/// <summary>What became of an op that was to join a group of payloads.</summary>
internal enum PayloadOutcome
{
    /// <summary>It joined.</summary>
    Ready,

    /// <summary>It must wait until the group is done: its stream is in the group already, or the gather buffer is full.</summary>
    Later,

    /// <summary>It cannot be taken; its status says why.</summary>
    Refused,
}
