namespace Outboard.Cli.Inspect;

/// <summary>The main job, one burst at a time, on one thread.</summary>
/// <remarks>
/// A burst goes through all stages before the next one starts, so at most one burst is out of the pools besides what waits
/// in the ports' rings; a stage that meets a full queue drains it. Nothing is dropped and nothing allocated.
/// </remarks>
internal sealed class InspectPipeline
{
    private readonly FrameBurst _frames;
    private readonly OutputBurst _output;
    private readonly StageTimes _times;
    private readonly FrameSource _source;
    private readonly MatchStage _match;
    private readonly ClassifyStage _classify;
    private readonly ProtectStage? _protect;
    private readonly TransmitStage _transmit;
    private readonly int _pieceMax;

    /// <param name="frames">What comes in.</param>
    /// <param name="output">What goes out.</param>
    /// <param name="times">The clock of the stages.</param>
    /// <param name="source">The first stage.</param>
    /// <param name="match">The second stage.</param>
    /// <param name="classify">The third and fourth stage.</param>
    /// <param name="protect">The fifth stage, or null to send frames as they came.</param>
    /// <param name="transmit">The last stage.</param>
    /// <param name="segmentMax">The most bytes of one mbuf.</param>
    public InspectPipeline(
        FrameBurst frames,
        OutputBurst output,
        StageTimes times,
        FrameSource source,
        MatchStage match,
        ClassifyStage classify,
        ProtectStage? protect,
        TransmitStage transmit,
        int segmentMax)
    {
        _frames = frames;
        _output = output;
        _times = times;
        _source = source;
        _match = match;
        _classify = classify;
        _protect = protect;
        _transmit = transmit;
        _pieceMax = Math.Min(segmentMax, protect?.PieceMax ?? segmentMax);
    }

    /// <summary>Takes the next burst through every stage.</summary>
    /// <returns>Whether there may be another.</returns>
    public bool RunBurst()
    {
        _times.Restart();
        _source.Fill(_frames, _output.Capacity, _pieceMax);
        _times.End(Stage.Receive);
        if (_frames.Count == 0)
        {
            return !_source.IsExhausted;
        }

        _match.Run(_frames);
        _times.End(Stage.Regex);
        _classify.Extract(_frames);
        _times.End(Stage.Features);
        _classify.Run(_frames);
        _times.End(Stage.Ml);
        Protect();
        _times.End(Stage.Protect);
        _transmit.Run(_output);
        _times.End(Stage.Transmit);
        return true;
    }

    /// <summary>Frees what a burst that failed has left in hand.</summary>
    public void Free()
    {
        _frames.Free();
        _output.Free();
        _source.Free();
    }

    private void Protect()
    {
        if (_protect is not null)
        {
            _protect.Run(_frames, _output);
            return;
        }

        for (int i = 0; i < _frames.Count; i++)
        {
            _output.Add(_frames.Frames[i], _frames.Headers[i]);
        }

        _frames.Clear();
    }
}
