namespace Outboard.Plugins.Mana.Wires;

/// <summary>One frame on a wire: contiguous bytes from the destination address on, without FCS.</summary>
internal unsafe struct WireFrame
{
    public byte* Data;
    public int Length;

    /// <summary>The wire knows that the frame was longer: a capture that kept only its beginning.</summary>
    public bool IsCut;
}
