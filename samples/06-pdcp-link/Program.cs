using System.Security.Cryptography;
using Outboard.Captures;
using Outboard.Crypto;
using Outboard.Devices;
using Outboard.Ethernet;
using Outboard.Host;
using Outboard.Mbufs;
using Outboard.Samples.PdcpLink;
using Outboard.Security;
using Outboard.Security.Pdcp;

// A terminal and a base station send each other the frames of a capture as PDCP SDUs, over a link that loses, repeats and reorders.
// dotnet run -c Release --project samples/06-pdcp-link -- samples/data/campus.pcap nea1 nia1 am
const string Usage = "usage: pdcp-link CAPTURE [nea0|nea1|nea2|nea3] [none|nia0|nia1|nia2|nia3] [am|um]";
const int BurstSize = 64;
const int ReportMilliseconds = 20;
const int MillisecondMax = 600_000;
PdcpCipher cipher = PdcpCipher.Nea2;
PdcpIntegrity integrity = PdcpIntegrity.Nia2;
string kind = args.Length > 3 ? args[3] : "am";
if (args.Length is < 1 or > 4 || kind is not ("am" or "um")
    || (args.Length > 1 && (!Enum.TryParse(args[1], ignoreCase: true, out cipher) || !Enum.IsDefined(cipher)))
    || (args.Length > 2 && (!Enum.TryParse(args[2], ignoreCase: true, out integrity) || !Enum.IsDefined(integrity))))
{
    Console.Error.WriteLine(Usage);
    return 2;
}

if (!File.Exists(args[0]))
{
    Console.Error.WriteLine($"{args[0]}: there is no such file");
    return 2;
}

using OutboardHost host = new();
MbufPool pool = host.Own(new MbufPool(new MbufPoolOptions { Name = "pdcp", Count = 16_383 }));
CryptoOpPool ops = host.Own(new CryptoOpPool(new CryptoOpPoolOptions { Name = "pdcp", Count = 1023 }));

// Control path. One queue pair does the PDUs of both ends, as it would those of any number of bearers.
CryptoDevice crypto = host.OpenCrypto("crypto_simd0");
crypto.Configure(new CryptoConfiguration { QueuePairCount = 1 });
crypto.ConfigureQueuePair(0, new QueuePairOptions<CryptoOp> { DescriptorCount = 512 });
SecurityContext security = crypto.Security ?? throw new InvalidOperationException("The device offers no security sessions.");
bool acknowledged = kind == "am";
PdcpEntityOptions bearer = new()
{
    Kind = acknowledged ? PdcpBearerKind.Acknowledged : PdcpBearerKind.Unacknowledged,
    Bearer = 4,
    TransmitDirection = PdcpDirection.Uplink,
    SequenceNumberBits = 18,
    Protection = new PdcpProtection
    {
        Cipher = cipher,
        CipherKey = cipher == PdcpCipher.Nea0 ? default : RandomNumberGenerator.GetBytes(16),
        Integrity = integrity,
        IntegrityKey = integrity is PdcpIntegrity.None or PdcpIntegrity.Nia0 ? default : RandomNumberGenerator.GetBytes(16),
    },

    // What is lost is sent again on an AM bearer, which takes a few reports; on a UM bearer it is given up once nothing late can come.
    ReorderingTime = TimeSpan.FromMilliseconds(acknowledged ? 1000 : 20),
    ReorderBufferCount = 4096,
    TransmitBufferCount = 1024,
    PduPool = pool,
};
using PdcpEntity terminal = new(security, bearer);
using PdcpEntity station = new(security, bearer with { TransmitDirection = PdcpDirection.Downlink });
crypto.Start();
Link up = new(OpenPort("net_mana0"), pool, seed: 38323), down = new(OpenPort("net_mana1"), pool, seed: 36323);
Side ue = new("UE", terminal, up, down, pool), gnb = new("gNB", station, down, up, pool);
using (CaptureReader capture = CaptureReader.Open(args[0]))
{
    while (capture.TryRead(out CaptureRecord record))
    {
        (capture.RecordCount % 2 == 1 ? ue : gnb).Sdus.Add(record.Data.ToArray());
    }
}

// Data path, a millisecond a turn on a clock of its own, so that every run is the same.
CryptoOp[] burst = new CryptoOp[4 * BurstSize];
int milliseconds = 0;
bool good = true;
while (good && !(ue.IsDone && gnb.IsDone) && milliseconds < MillisecondMax)
{
    TimeSpan now = TimeSpan.FromMilliseconds(++milliseconds);
    if (!ops.TryAllocBulk(burst))
    {
        throw new InvalidOperationException("The pool holds more than one burst, so this cannot be.");
    }

    // Each call makes ops at the front of a span of fresh ones; together they are one burst, which keeps its order.
    int first = ue.PrepareTransmit(burst.AsSpan(0, BurstSize), now);
    int second = first + gnb.PrepareTransmit(burst.AsSpan(first, BurstSize), now);
    int third = second + ue.PrepareReceive(burst.AsSpan(second, BurstSize), now);
    int made = third + gnb.PrepareReceive(burst.AsSpan(third, BurstSize), now);
    for (int sent = 0, done = 0; done < made;)
    {
        sent += crypto.EnqueueBurst(0, burst.AsSpan(sent..made));
        done += crypto.DequeueBurst(0, burst.AsSpan(done..sent));
    }

    ue.CompleteTransmit(burst.AsSpan(..first), now);
    gnb.CompleteTransmit(burst.AsSpan(first..second), now);
    good = ue.CompleteReceive(burst.AsSpan(second..third), gnb, !acknowledged, now)
        & gnb.CompleteReceive(burst.AsSpan(third..made), ue, !acknowledged, now);
    ops.FreeBulk(burst);
    if (acknowledged && milliseconds % ReportMilliseconds == 0)
    {
        ue.SendStatusReport(now);
        gnb.SendStatusReport(now);
    }
    else if (acknowledged && milliseconds % ReportMilliseconds == ReportMilliseconds / 2)
    {
        // By now the other side's report is here, or lost: what it does not say was received goes out again.
        terminal.RecoverData();
        station.RecoverData();
    }
}

good &= Report(ue, gnb) & Report(gnb, ue);
terminal.Release();
station.Release();
crypto.Stop();
Console.WriteLine($"{(good ? "all delivered as it should be" : "NOT delivered as it should be")}, in {milliseconds} ms of the link; mbufs in use by the ports: {pool.InUseCount}");
return good ? 0 : 1;

// An AM bearer delivers everything. A UM bearer delivers everything but what the link lost.
bool Report(Side from, Side to)
{
    PdcpEntityStatistics sent = from.Entity.Statistics, received = to.Entity.Statistics;
    bool right = from.IsDone && received.IntegrityFailureCount == 0 && received.MalformedCount == 0
        && to.DeliveredCount == from.Sdus.Count - (acknowledged ? 0 : from.Outgoing.Lost);
    Console.WriteLine(
        $"{from.Name} to {to.Name}: {from.Sdus.Count} SDUs, {sent.SentCount} PDUs sent of which {sent.RetransmittedCount} again; "
        + $"link: {from.Outgoing.Lost} lost, {from.Outgoing.Delayed} delayed, {from.Outgoing.Repeated} repeated; "
        + $"{received.ReorderedCount} reordered, {received.DuplicateCount} duplicates discarded, {received.MissingCount} given up, "
        + $"{to.DeliveredCount} delivered in order; status reports: {to.ReportsSent} made, {from.ReportsReceived} received");
    return right;
}

EthernetDevice OpenPort(string name)
{
    EthernetDevice port = host.OpenEthernet($"{name},wire=loop,mac={Link.Address}");
    port.Configure(new EthernetConfiguration { ReceiveQueueCount = 1, TransmitQueueCount = 1, Mtu = 1600 });
    port.ConfigureReceiveQueue(0, new ReceiveQueueOptions { Pool = pool, DescriptorCount = 256 });
    port.ConfigureTransmitQueue(0, new TransmitQueueOptions());
    port.Start();
    return port;
}
