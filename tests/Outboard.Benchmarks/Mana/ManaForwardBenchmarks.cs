using BenchmarkDotNet.Attributes;
using Outboard.Ethernet;
using Outboard.Mbufs;
using Outboard.Plugins;
using Outboard.Plugins.Mana;
using Outboard.Simd;

namespace Outboard.Benchmarks.Mana;

/// <summary>
/// Forwarding through net_mana on one core: a receive burst of 32 and its transmission, with the adapter's work in it.
/// </summary>
/// <remarks>
/// Work elements, completion entries, doorbells, key checks, the copy from one mbuf to another, parsing, checksum
/// validation, and with RSS the hash. Times are per frame.
/// </remarks>
[MemoryDiagnoser]
public class ManaForwardBenchmarks
{
    private const int Burst = 32;

    private readonly Mbuf[] _burst = new Mbuf[Burst];
    private MbufPool _pool = null!;
    private EthernetDevice _port = null!;

    [Params(64, 128, 256, 512)]
    public int MaxSimd { get; set; }

    [Params(64, 1500)]
    public int FrameLength { get; set; }

    [Params(false, true)]
    public bool Rss { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        var policy = new SimdPolicy();
        policy.Set(MaxSimd);
        var registry = new DriverRegistry(policy);
        registry.Register(new ManaPlugin(), "Outboard.Plugins.Mana", "benchmark");
        _pool = new MbufPool(new MbufPoolOptions { Name = "forward", Count = 2047 });
        _port = registry.OpenEthernet("net_mana0,wire=loop");
        _port.Configure(new EthernetConfiguration
        {
            ReceiveOffloads = _port.Info.ReceiveOffloads,
            TransmitOffloads = _port.Info.TransmitOffloads,
            Rss = new RssConfiguration(Rss ? RssHashTypes.All : RssHashTypes.None),
        });
        _port.ConfigureReceiveQueue(0, new ReceiveQueueOptions { Pool = _pool, DescriptorCount = 256 });
        _port.ConfigureTransmitQueue(0, new TransmitQueueOptions { DescriptorCount = 256 });
        _port.Start();

        // Frames to begin with come from the generator's wire, so that they are right down to their checksums.
        using EthernetDevice generator = registry.OpenEthernet($"net_mana1,wire=null,size={FrameLength},flows=61");
        generator.Configure(new EthernetConfiguration());
        generator.ConfigureReceiveQueue(0, new ReceiveQueueOptions { Pool = _pool, DescriptorCount = 64 });
        generator.ConfigureTransmitQueue(0, new TransmitQueueOptions { DescriptorCount = 64 });
        generator.Start();
        for (int i = 0; i < 2; i++)
        {
            int count = generator.ReceiveBurst(0, _burst);
            if (_port.TransmitBurst(0, _burst.AsSpan(0, count)) != Burst)
            {
                throw new InvalidOperationException("The loop did not take the first frames.");
            }
        }
    }

    [GlobalCleanup]
    public void CleanUp()
    {
        _port.Dispose();
        _pool.Dispose();
    }

    [Benchmark(OperationsPerInvoke = Burst, Description = "receive, transmit: per frame")]
    public int Forward()
    {
        int count = _port.ReceiveBurst(0, _burst);
        return _port.TransmitBurst(0, _burst.AsSpan(0, count));
    }
}
