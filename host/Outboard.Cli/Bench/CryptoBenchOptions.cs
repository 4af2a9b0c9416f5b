using System.CommandLine;
using Outboard.Crypto;
using Outboard.Devices;
using Outboard.Mbufs;

namespace Outboard.Cli.Bench;

/// <summary>What the two benchmarks of a crypto device share: options, devices at each width, ops.</summary>
internal sealed class CryptoBenchOptions
{
    /// <summary>The name that stands for every algorithm.</summary>
    public const string EveryName = "all";

    private readonly Option<string> _device = new("--device")
    {
        Description = "The device, without a number.",
        DefaultValueFactory = _ => "crypto_simd",
        HelpName = "DEVICE",
    };

    private readonly Option<string> _sizes = new("--sizes", "--size")
    {
        Description = "Payload sizes in bytes, 1 to 16384.",
        DefaultValueFactory = _ => "64,256,1420,8192",
        HelpName = "LIST",
    };

    private readonly Option<int> _burst = new("--burst")
    {
        Description = "Ops a burst, 1 to 512.",
        DefaultValueFactory = _ => 32,
        HelpName = "N",
    };

    private readonly Option<bool> _widths = new("--widths") { Description = "Every SIMD width, side by side." };

    private readonly Option<string?> _algorithms = new("--algorithm")
    {
        Description = $"Algorithms by name, or {EveryName}.",
        HelpName = "NAME[,NAME]",
    };

    /// <summary>The cases of one device.</summary>
    internal delegate IEnumerable<CryptoBenchCase> CaseMaker(CryptoDevice device, int burst, int[] sizes);

    public void AddTo(Command command)
    {
        command.Add(_device);
        command.Add(_algorithms);
        command.Add(_sizes);
        command.Add(_burst);
        command.Add(_widths);
    }

    /// <summary>The names asked for, each known; null where none is asked for.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="known">The names there are.</param>
    /// <exception cref="UserException">A name is not known; the message lists those that are.</exception>
    public string[]? Names(ParseResult parsed, IReadOnlyList<string> known)
    {
        if (parsed.GetValue(_algorithms) is not { } text)
        {
            return null;
        }

        if (text == EveryName)
        {
            return [.. known];
        }

        string[] names = text.Split(',', StringSplitOptions.TrimEntries);
        return Array.Find(names, name => !known.Contains(name)) is { } unknown
            ? throw new UserException($"--algorithm {unknown} is not known; there are {EveryName}, {string.Join(", ", known)}.")
            : names;
    }

    public IReadOnlyList<BenchCase> CreateCases(ParseResult parsed, BenchScope scope, CaseMaker make)
    {
        int burst = BenchLists.Parse("--burst", $"{parsed.GetValue(_burst)}", 1, 512)[0];
        var cases = new List<BenchCase>();
        int[] sizes = BenchLists.Parse("--sizes", parsed.GetRequiredValue(_sizes), 1, 16384);
        int number = 0;
        foreach (int width in BenchLists.Widths(parsed.GetValue(_widths), scope.Context.Simd))
        {
            CryptoDevice device = scope.Hold(
                scope.Host.OpenCrypto(DeviceNames.Numbered(parsed.GetRequiredValue(_device), number++, width)));
            device.Configure(new CryptoConfiguration());
            device.ConfigureQueuePair(0, new QueuePairOptions<CryptoOp> { DescriptorCount = 512 });
            device.Start();
            cases.AddRange(make(device, burst, sizes).Select(one =>
                new BenchCase(one.Name, device.Name, width, "op", one.BytesPerItem, one.Run) { Pause = one.Pause }));
        }

        return cases;
    }

    /// <summary>A burst of ops, each with a packet of that size in one piece.</summary>
    public static CryptoOp[] MakeOps(BenchScope scope, int burst, int size)
    {
        CryptoOpPool pool = scope.Hold(new CryptoOpPool(new CryptoOpPoolOptions { Name = "bench", Count = burst }));
        var ops = new CryptoOp[burst];
        if (!pool.TryAllocBulk(ops))
        {
            throw new WorkException("the benchmark's op pool is too small.");
        }

        MbufPool mbufs = scope.Hold(MakePackets(burst, size));
        var random = new Random(size);
        foreach (CryptoOp op in ops)
        {
            CryptoOp described = op;
            described.Source = MakePacket(mbufs, size, random);
            random.NextBytes(described.Iv);
            random.NextBytes(described.AuthIv);
        }

        return ops;
    }

    /// <summary>Room for a burst of packets.</summary>
    public static MbufPool MakePackets(int burst, int size) => new(new MbufPoolOptions
    {
        Name = "bench",
        Count = burst,
        CacheSize = 0,
        DataRoomSize = size + 512,
    });

    /// <summary>A packet of random bytes.</summary>
    public static Mbuf MakePacket(MbufPool mbufs, int size, Random random)
    {
        if (!mbufs.TryAlloc(out Mbuf mbuf) || !mbuf.TryAppend(size, out Span<byte> room))
        {
            throw new WorkException("the benchmark's mbuf pool is too small.");
        }

        random.NextBytes(room);
        return mbuf;
    }
}
