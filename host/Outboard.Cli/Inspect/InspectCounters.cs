using Outboard.Ml.Features;

namespace Outboard.Cli.Inspect;

/// <summary>What has been counted so far. One thread counts; another may look on while it does.</summary>
internal sealed class InspectCounters
{
    private const int TransportCount = 5;

    private static readonly string[] s_networks = ["other", "ipv4", "ipv6", "arp"];
    private static readonly string[] s_transports = ["other", "tcp", "udp", "icmp", "fragment"];

    private readonly long[] _protocols = new long[s_networks.Length * TransportCount];

    /// <summary>Frames taken in.</summary>
    public long Frames { get; private set; }

    /// <summary>Their bytes.</summary>
    public long Bytes { get; private set; }

    /// <summary>Frames that no port can carry, read from the capture itself: too long, or not Ethernet.</summary>
    public long BypassedFrames { get; set; }

    /// <summary>Frames that the port found a wrong IPv4, TCP or UDP checksum in.</summary>
    public long BadChecksumFrames { get; set; }

    /// <summary>Frames with a payload, and so searched.</summary>
    public long SearchedFrames { get; set; }

    /// <summary>Frames with at least one match.</summary>
    public long MatchedFrames { get; set; }

    /// <summary>Matches of all rules.</summary>
    public long Matches { get; set; }

    /// <summary>Frames in which there were more matches than were counted.</summary>
    public long OverflowedFrames { get; set; }

    /// <summary>Frames that could not be searched to their end.</summary>
    public long UnsearchedFrames { get; set; }

    /// <summary>Frames classified.</summary>
    public long Classified { get; set; }

    /// <summary>Records or PDUs made.</summary>
    public long Protected { get; set; }

    /// <summary>Frames sent through the port.</summary>
    public long SentFrames { get; set; }

    /// <summary>Counts a frame.</summary>
    public void CountFrame(int length, in PacketLayers layers)
    {
        Frames++;
        Bytes += length;
        int network = layers.Network switch { 4 => 1, 6 => 2, PacketLayers.Arp => 3, _ => 0 };
        int transport = layers.Transport switch { 6 => 1, 17 => 2, 1 or 58 => 3, _ => layers.IsFragment ? 4 : 0 };
        _protocols[(network * TransportCount) + transport]++;
    }

    /// <summary>The protocols seen, by name, with their frames.</summary>
    public IEnumerable<(string Name, long Count)> Protocols
    {
        get
        {
            for (int i = 0; i < _protocols.Length; i++)
            {
                (int network, int transport) = (i / TransportCount, i % TransportCount);
                if (_protocols[i] != 0)
                {
                    string name = s_networks[network];
                    yield return (network is 1 or 2 ? $"{name}-{s_transports[transport]}" : name, _protocols[i]);
                }
            }
        }
    }
}
