using System.Security.Cryptography;
using Outboard.Captures;
using Outboard.Crypto;
using Outboard.Devices;
using Outboard.Host;
using Outboard.Mbufs;
using Outboard.Security;

// Makes a TLS 1.3 record of every frame of a capture, opens it again, and compares.
// dotnet run -c Release --project samples/02-protect-records -- samples/data/campus.pcap
if (args.Length != 1)
{
    Console.Error.WriteLine("usage: protect-records CAPTURE");
    return 2;
}

const int BurstSize = 32;
const byte ApplicationData = 23;
using OutboardHost host = new();
MbufPool mbufs = host.Own(new MbufPool(new MbufPoolOptions { Name = "frames", Count = 1023 }));
CryptoOpPool ops = host.Own(new CryptoOpPool(new CryptoOpPoolOptions { Name = "records", Count = 1023 }));

// Control path: one queue pair; a session for each direction, with the keys that a handshake would have agreed on.
CryptoDevice crypto = host.OpenCrypto("crypto_simd0");
crypto.Configure(new CryptoConfiguration { QueuePairCount = 1 });
crypto.ConfigureQueuePair(0, new QueuePairOptions<CryptoOp> { DescriptorCount = 256 });
TlsRecordTransform writing = new()
{
    Operation = SecurityOperation.Protect,
    Version = TlsVersion.Tls13,
    CipherSuite = TlsCipherSuite.AesGcm,
    Key = RandomNumberGenerator.GetBytes(16),
    Iv = RandomNumberGenerator.GetBytes(12),
};
SecurityContext security = crypto.Security ?? throw new InvalidOperationException("The device offers no security sessions.");
using SecuritySession writer = security.CreateSession(writing);
using SecuritySession reader = security.CreateSession(writing with { Operation = SecurityOperation.Unprotect });
crypto.Start();

// Data path: each burst is protected in place, then opened in place. The mbufs' headroom takes the record header.
Mbuf[] frames = new Mbuf[BurstSize];
CryptoOp[] burst = new CryptoOp[BurstSize];
CryptoOp[] finished = new CryptoOp[BurstSize];
byte[][] originals = new byte[BurstSize][];
long count = 0, plain = 0, wire = 0;
using CaptureReader capture = CaptureReader.Open(args[0]);
for (int filled = BurstSize; filled == BurstSize;)
{
    for (filled = 0; filled < BurstSize && capture.TryRead(out CaptureRecord record); filled++)
    {
        if (!mbufs.TryAlloc(out frames[filled]) || !frames[filled].TryAppend(record.CapturedLength, out Span<byte> room))
        {
            Console.Error.WriteLine($"a frame of {record.CapturedLength} bytes does not fit one mbuf of this pool");
            return 1;
        }
        record.Data.CopyTo(room);
        originals[filled] = record.Data.ToArray();   // only to compare afterwards
        plain += record.CapturedLength;
    }
    Run(writer, frames.AsSpan(0, filled));
    for (int i = 0; i < filled; i++)
    {
        wire += frames[i].PacketLength;
    }
    Run(reader, frames.AsSpan(0, filled));
    for (int i = 0; i < filled; i++)
    {
        if (!frames[i].Data.SequenceEqual(originals[i]))
        {
            Console.Error.WriteLine($"frame {count + i} came back changed");
            return 1;
        }
        frames[i].Free();
    }
    count += filled;
}

crypto.Stop();
Console.WriteLine($"{count} frames, {plain} bytes; as records {wire} bytes; all came back the same; mbufs in use: {mbufs.InUseCount}");
return 0;

// Records of one session keep their order, for each takes the next sequence number.
void Run(SecuritySession session, ReadOnlySpan<Mbuf> packets)
{
    Span<CryptoOp> work = burst.AsSpan(0, packets.Length);
    if (!ops.TryAllocBulk(work))
    {
        throw new InvalidOperationException("The pool holds more than one burst, so this cannot be.");
    }
    for (int i = 0; i < work.Length; i++)
    {
        work[i].SetSession(session);
        work[i].Source = packets[i];
        work[i].ContentType = ApplicationData;
    }
    for (int sent = 0, done = 0; done < work.Length;)
    {
        sent += crypto.EnqueueBurst(0, work[sent..]);
        int completed = crypto.DequeueBurst(0, finished);
        for (int i = 0; i < completed; i++)
        {
            if (finished[i].Status != OpStatus.Success)
            {
                throw new InvalidOperationException($"A record failed: {finished[i].Status}.");
            }
        }
        ops.FreeBulk(finished.AsSpan(0, completed));
        done += completed;
    }
}
