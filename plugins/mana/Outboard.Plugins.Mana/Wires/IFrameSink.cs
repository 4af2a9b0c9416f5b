namespace Outboard.Plugins.Mana.Wires;

/// <summary>Where a wire hands over frames that come back while it is sending.</summary>
internal unsafe interface IFrameSink
{
    /// <summary>Delivers frames at once; those without a posted buffer are lost and counted.</summary>
    void Deliver(WireFrame* frames, int count);
}
