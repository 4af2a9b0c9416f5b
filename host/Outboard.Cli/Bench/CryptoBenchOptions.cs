using System.CommandLine;
using Outboard.Crypto;
using Outboard.Devices;
using Outboard.Mbufs;

namespace Outboard.Cli.Bench;

/// <summary>What the two benchmarks of a crypto device share: options, devices at each width, ops.</summary>
internal sealed class CryptoBenchOptions(string sizes)
{
    private readonly Option<string> _device = new("--device")
    {
        Description = "The device, without a number.",
        DefaultValueFactory = _ => "crypto_simd",
        HelpName = "DEVICE",
    };

    private readonly Option<string> _sizes = new("--sizes")
    {
        Description = "Payload sizes in bytes, 1 to 16384.",
        DefaultValueFactory = _ => sizes,
        HelpName = "LIST",
    };

    private readonly Option<int> _burst = new("--burst")
    {
        Description = "Ops a burst, 1 to 512.",
        DefaultValueFactory = _ => 32,
        HelpName = "N",
    };

    private readonly Option<bool> _widths = new("--widths") { Description = "Every SIMD width, side by side." };

    /// <summary>The cases of one device at one size.</summary>
    internal delegate IEnumerable<(string Name, Func<int, int> Run)> CaseMaker(
        CryptoDevice device, int burst, int size, MbufPool mbufs);

    public void AddTo(Command command)
    {
        command.Add(_device);
        command.Add(_sizes);
        command.Add(_burst);
        command.Add(_widths);
    }

    public IReadOnlyList<BenchCase> CreateCases(ParseResult parsed, BenchScope scope, CaseMaker make)
    {
        int burst = BenchLists.Parse("--burst", $"{parsed.GetValue(_burst)}", 1, 512)[0];
        var cases = new List<BenchCase>();
        int[] all = BenchLists.Parse("--sizes", parsed.GetRequiredValue(_sizes), 1, 16384);
        MbufPool mbufs = scope.Hold(new MbufPool(new MbufPoolOptions
        {
            Name = "bench",
            Count = 8191,
            DataRoomSize = all.Max() + 512,
        }));
        int number = 0;
        foreach (int width in BenchLists.Widths(parsed.GetValue(_widths), scope.Context.Simd))
        {
            CryptoDevice device = scope.Hold(
                scope.Host.OpenCrypto(DeviceNames.Numbered(parsed.GetRequiredValue(_device), number++, width)));
            device.Configure(new CryptoConfiguration());
            device.ConfigureQueuePair(0, new QueuePairOptions<CryptoOp> { DescriptorCount = 512 });
            device.Start();
            foreach (int size in all)
            {
                foreach ((string name, Func<int, int> run) in make(device, burst, size, mbufs))
                {
                    cases.Add(new BenchCase(name, device.Name, width, "op", size, run));
                }
            }
        }

        return cases;
    }

    public static CryptoOp[] MakeOps(BenchScope scope, int burst, int size, MbufPool mbufs)
    {
        CryptoOpPool pool = scope.Hold(new CryptoOpPool(new CryptoOpPoolOptions { Name = "bench", Count = burst }));
        var ops = new CryptoOp[burst];
        if (!pool.TryAllocBulk(ops))
        {
            throw new WorkException("the benchmark's op pool is too small.");
        }

        foreach (CryptoOp op in ops)
        {
            if (!mbufs.TryAlloc(out Mbuf mbuf) || !mbuf.TryAppend(size, out Span<byte> room))
            {
                throw new WorkException("the benchmark's mbuf pool is too small.");
            }

            new Random(size).NextBytes(room);
            CryptoOp described = op;
            described.Source = mbuf;
        }

        return ops;
    }
}
