using System.Diagnostics;
using Outboard.Ethernet;
using Outboard.Host;
using Outboard.Mbufs;

// Receives every frame of a capture on a port, swaps its two addresses and sends it; what is sent becomes the output capture.
// dotnet run -c Release --project samples/03-forward -- samples/data/campus.pcap /tmp/forwarded.pcap
if (args.Length != 2)
{
    Console.Error.WriteLine("usage: forward CAPTURE OUTPUT");
    return 2;
}

const int BurstSize = 32;
const int IdleMilliseconds = 100;
using OutboardHost host = new();
MbufPool pool = host.Own(new MbufPool(new MbufPoolOptions { Name = "frames", Count = 4095 }));

// Control path. The software adapter behind the port plays one capture and writes the other.
EthernetDevice port = host.OpenEthernet($"net_mana0,wire=pcap,rx_pcap={args[0]},tx_pcap={args[1]}");
port.Configure(new EthernetConfiguration { ReceiveQueueCount = 1, TransmitQueueCount = 1 });
port.ConfigureReceiveQueue(0, new ReceiveQueueOptions { Pool = pool });
port.ConfigureTransmitQueue(0, new TransmitQueueOptions());
port.Start();

// Data path: a port has no end, so this one stops after a while without frames.
Mbuf[] burst = new Mbuf[BurstSize];
Span<byte> address = stackalloc byte[6];
long frames = 0, bytes = 0, last = Stopwatch.GetTimestamp();
while (Stopwatch.GetElapsedTime(last).TotalMilliseconds < IdleMilliseconds)
{
    int count = port.ReceiveBurst(0, burst);
    for (int i = 0; i < count; i++)
    {
        bytes += burst[i].PacketLength;
        Span<byte> frame = burst[i].Data;
        if (frame.Length >= 12)
        {
            frame[..6].CopyTo(address);
            frame[6..12].CopyTo(frame);
            address.CopyTo(frame[6..]);
        }
    }

    // What a full queue does not take stays ours, and the next burst takes it.
    for (int sent = 0; sent < count;)
    {
        sent += port.TransmitBurst(0, burst.AsSpan(sent..count));
    }
    frames += count;
    last = count > 0 ? Stopwatch.GetTimestamp() : last;
}

port.Stop();
Console.WriteLine($"{frames} frames, {bytes} bytes forwarded; {port.Statistics}");
return 0;
