using Outboard.Plugins.Mana.Adapter.Layouts;

namespace Outboard.Plugins.Mana.Adapter.Frames;

/// <summary>How one send element ended, kept until the frames of its batch are on the wire.</summary>
internal struct SendResult
{
    public uint WorkOffset;
    public uint VendorError;
    public CompletionType Type;
    public bool IsSuppressed;
}
