using Outboard.Captures;
using Outboard.Ml.Features;

namespace Outboard.Samples.TrainClassifier;

/// <summary>Features and true classes of the frames of one or more captures.</summary>
internal sealed class Dataset
{
    public List<float[]> Features { get; } = [];

    public List<TrafficClass> Classes { get; } = [];

    /// <summary>The capture that each frame is from.</summary>
    public List<string> Sources { get; } = [];

    public int Count => Classes.Count;

    public void Add(ReadOnlySpan<byte> frame, LinkType linkType, TrafficClass truth, string source)
    {
        float[] features = new float[PacketFeatures.Count];
        PacketFeatures.Extract(frame, linkType, features);
        Features.Add(features);
        Classes.Add(truth);
        Sources.Add(source);
    }

    /// <summary>Reads one of our recordings: NAME.pcap with NAME.labels beside it.</summary>
    public static Dataset Recording(string capture)
    {
        FlowLabels labels = FlowLabels.Read(Path.ChangeExtension(capture, ".labels"));
        RecordingTruth truth = new(labels);
        Dataset data = new();
        using CaptureReader reader = CaptureReader.Open(capture);
        while (reader.TryRead(out CaptureRecord record))
        {
            data.Add(record.Data, record.LinkType, truth.Of(record.Data), Path.GetFileName(capture));
        }
        return data;
    }
}
