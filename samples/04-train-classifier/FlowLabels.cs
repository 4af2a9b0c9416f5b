namespace Outboard.Samples.TrainClassifier;

/// <summary>The hostile flows of a recording, as its label file lists them; a port or address may be `*`.</summary>
internal sealed class FlowLabels
{
    private readonly HashSet<(string Kind, string Protocol, string Source, string SourcePort, string Target, string TargetPort)> _flows = [];

    public static FlowLabels Read(string path)
    {
        FlowLabels labels = new();
        foreach (string line in File.ReadLines(path))
        {
            string[] words = line.Split(' ');
            if (line.StartsWith('#') || words.Length != 6)
            {
                continue;
            }
            labels._flows.Add((words[0], words[1], words[2], words[3], words[4], words[5]));
        }
        return labels;
    }

    /// <summary>Whether the flow from source to target was listed under this kind (scan, attack, bruteforce).</summary>
    public bool Contains(string kind, in FrameFacts frame, bool reversed)
    {
        (string source, string target) = reversed ? (frame.Target, frame.Source) : (frame.Source, frame.Target);
        string sourcePort = (reversed ? frame.TargetPort : frame.SourcePort).ToString();
        string targetPort = (reversed ? frame.SourcePort : frame.TargetPort).ToString();
        return _flows.Contains((kind, frame.Protocol, source, sourcePort, target, targetPort))
            || _flows.Contains((kind, frame.Protocol, source, sourcePort, target, "*"))
            || _flows.Contains((kind, frame.Protocol, source, sourcePort, "*", targetPort));
    }

    /// <summary>Whether some probe came from this address.</summary>
    public bool IsScanner(string address) => _flows.Any(flow => flow.Kind == "scan" && flow.Source == address);
}
