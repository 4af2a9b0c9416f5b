using System.Buffers.Binary;
using System.Diagnostics;
using Outboard.Ethernet;
using Outboard.Host;
using Outboard.Mbufs;
using Outboard.Samples.TlsGateway;
using Outboard.Security;

// Two gateways with a link between them that is not trusted: what arrives on a port crosses the link as TLS records and is compared behind it.
// dotnet run -c Release --project samples/05-tls-gateway -- samples/data/campus.pcap Dtls12 AesCbcHmacSha256
var version = TlsVersion.Dtls12;
var suite = TlsCipherSuite.AesGcm;
if (args.Length is 0 or > 3
    || (args.Length > 1 && !Enum.TryParse(args[1], ignoreCase: true, out version))
    || (args.Length > 2 && !Enum.TryParse(args[2], ignoreCase: true, out suite)))
{
    Console.Error.WriteLine(
        $"usage: tls-gateway CAPTURE [{string.Join('|', Enum.GetNames<TlsVersion>())} [{string.Join('|', Enum.GetNames<TlsCipherSuite>())}]]");
    return 2;
}

if (!File.Exists(args[0]))
{
    Console.Error.WriteLine($"{args[0]}: there is no such file");
    return 2;
}

const int BurstSize = 32;
const int AddressLength = 12, HeaderLength = 14, LinkMtu = 1800, IdleMilliseconds = 100;
const ushort RecordEtherType = 0x88B5;   // IEEE 802: for experiments of one's own
using OutboardHost host = new();
MbufPool pool = host.Own(new MbufPool(new MbufPoolOptions { Name = "frames", Count = 4095 }));

// Control path. One port plays the capture; both ends of the link are a second one, whose wire is a loop.
EthernetDevice inside = Start(host.OpenEthernet($"net_mana0,wire=pcap,rx_pcap={args[0]}"), mtu: 0);
EthernetDevice link = Start(host.OpenEthernet("net_mana1,wire=loop"), LinkMtu);
RecordGateway made;
try
{
    made = new RecordGateway(host, version, suite);
}
catch (ArgumentException obstacle)
{
    // A suite that the version has not.
    Console.Error.WriteLine(obstacle.Message);
    return 2;
}

using RecordGateway gateway = made;

// Data path. Addresses stay in the clear and an EtherType of our own goes behind them; the rest of the frame is the record's fragment.
Mbuf[] burst = new Mbuf[BurstSize];
byte[] addresses = new byte[BurstSize * AddressLength];
Queue<byte[]> onTheWay = new();   // only to compare afterwards
long frames = 0, bytes = 0, protectedBytes = 0, different = 0, last = Stopwatch.GetTimestamp();
while (Stopwatch.GetElapsedTime(last).TotalMilliseconds < IdleMilliseconds)
{
    int count = inside.ReceiveBurst(0, burst);
    for (int i = 0; i < count; i++)
    {
        onTheWay.Enqueue(burst[i].Data.ToArray());
        bytes += burst[i].PacketLength;
        Take(burst[i], AddressLength, i);
    }
    gateway.Protect(burst.AsSpan(0, count));
    for (int i = 0; i < count; i++)
    {
        Span<byte> header = Put(burst[i], HeaderLength, i);
        BinaryPrimitives.WriteUInt16BigEndian(header[AddressLength..], RecordEtherType);
        protectedBytes += burst[i].PacketLength;
    }
    for (int sent = 0; sent < count;)
    {
        sent += link.TransmitBurst(0, burst.AsSpan(sent..count));
    }
    last = count > 0 ? Stopwatch.GetTimestamp() : last;

    // The far gateway.
    int arrived = link.ReceiveBurst(0, burst);
    for (int i = 0; i < arrived; i++)
    {
        Take(burst[i], HeaderLength, i);
    }
    gateway.Open(burst.AsSpan(0, arrived));
    for (int i = 0; i < arrived; i++)
    {
        Put(burst[i], AddressLength, i);
        different += burst[i].Data.SequenceEqual(onTheWay.Dequeue()) ? 0 : 1;
        burst[i].Free();
    }
    frames += arrived;
    last = arrived > 0 ? Stopwatch.GetTimestamp() : last;
}

inside.Stop();
link.Stop();
Console.WriteLine($"{version} {suite}: {frames} frames, {bytes} bytes, crossed the link as {protectedBytes} bytes");
Console.WriteLine($"protected: {gateway.Writer.Statistics}");
Console.WriteLine($"opened: {gateway.Reader.Statistics}");
Console.WriteLine($"{different} came back changed, {onTheWay.Count} were lost; mbufs in use: {pool.InUseCount}");
return different == 0 && onTheWay.Count == 0 && frames > 0 ? 0 : 1;

EthernetDevice Start(EthernetDevice port, int mtu)
{
    port.Configure(new EthernetConfiguration { ReceiveQueueCount = 1, TransmitQueueCount = 1, Mtu = mtu });
    port.ConfigureReceiveQueue(0, new ReceiveQueueOptions { Pool = pool });
    port.ConfigureTransmitQueue(0, new TransmitQueueOptions());
    port.Start();
    return port;
}

// Takes bytes off the front of a frame and keeps the addresses among them.
void Take(Mbuf frame, int length, int place)
{
    frame.Data[..AddressLength].CopyTo(addresses.AsSpan(place * AddressLength));
    if (!frame.TryAdjust(length))
    {
        throw new InvalidOperationException("A port hands out no frame without a header.");
    }
}

// Puts the addresses back, with room behind them.
Span<byte> Put(Mbuf frame, int length, int place)
{
    if (!frame.TryPrepend(length, out Span<byte> front))
    {
        throw new InvalidOperationException("The headroom of this pool is enough for every header, so this cannot be.");
    }
    addresses.AsSpan(place * AddressLength, AddressLength).CopyTo(front);
    return front;
}
