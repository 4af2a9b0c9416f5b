using Microsoft.Win32.SafeHandles;
using Outboard.Captures;
using Outboard.Crypto;
using Outboard.Devices;
using Outboard.Ethernet;
using Outboard.Host;
using Outboard.Mbufs;
using Outboard.Ml;
using Outboard.Ml.Features;
using Outboard.Regex;
using Outboard.Security;

namespace Outboard.Cli.Inspect;

/// <summary>Everything that one inspection needs, set up from its options and taken down in order.</summary>
/// <remarks>
/// <code>
/// using var session = new InspectSession(host, options);
/// while (session.Pipeline.RunBurst()) { }
/// session.Close();                                  // the devices; then Leaked is final
/// session.Commit();                                 // the output takes its name
/// </code>
/// </remarks>
internal sealed class InspectSession : IDisposable
{
    private const int RingSize = 256;

    // Pieces of the longest frame of a capture, 256 KiB, and some: a burst of one must be able to hold them.
    private const int PieceReserve = 64;
    private const int HeadroomAndTrailer = 128 + 64;
    private const string ClassesKey = "classes";
    private const int MatchesMax = 254;

    private readonly OutboardHost _host;
    private readonly InspectOptions _options;
    private readonly Stack<IDisposable> _resources = new();
    private readonly List<Device> _devices = [];
    private readonly CaptureLedger _ledger;
    private readonly MbufPool _mbufs;
    private readonly OutputCapture? _output;
    private readonly ProtectStage? _protect;
    private readonly Task? _compiling;
    private bool _closed;

    /// <summary>Sets everything up; ports are started.</summary>
    /// <exception cref="UserException">Something named in the options is missing or wrong.</exception>
    public InspectSession(OutboardHost host, InspectOptions options)
    {
        _host = host;
        _options = options;
        try
        {
            Clock = Own(new CycleClock());
            Times = new StageTimes(Clock);
            _ledger = Own(OpenCapture(options.Capture));
            RuleFile rules = RuleFile.Read(options.Rules);
            byte[] model = ReadModel(options.Model);
            _output = OpenOutput();
            RegexDevice regex = Open(host.OpenRegex, options.Regex);
            _compiling = Task.Run(() => Compile(regex, rules));
            EthernetDevice outPort = Open(host.OpenEthernet, WithArguments(options.OutPort, "wire=loop"));
            _mbufs = CreatePool(outPort);
            EthernetDevice? port = OpenPort();
            ConfigurePort(outPort);
            Classify = Own(CreateClassify(model));
            bool withOffload = IsOffloading(outPort);
            _protect = options.Protection == ProtectionKind.None ? null : CreateProtect(outPort, withOffload);
            _compiling.GetAwaiter().GetResult();
            Match = Own(new MatchStage(regex, rules, Counters, Clock, options.Burst));
            var burst = new FrameBurst(options.Burst);
            Pipeline = new InspectPipeline(
                burst,
                new OutputBurst(OutputCapacity),
                Times,
                new FrameSource(port, _ledger, _mbufs, Counters, Clock, options.Burst),
                Match,
                Classify,
                _protect,
                new TransmitStage(outPort, _output, Counters, Clock, _protect is not null, withOffload && _protect is not null),
                _mbufs.DataRoomSize - HeadroomAndTrailer);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The clock of the stages.</summary>
    public CycleClock Clock { get; }

    /// <summary>The time each stage took.</summary>
    public StageTimes Times { get; }

    /// <summary>What was counted.</summary>
    public InspectCounters Counters { get; } = new();

    /// <summary>The stages.</summary>
    public InspectPipeline Pipeline { get; }

    /// <summary>The regex stage, for what its rules found.</summary>
    public MatchStage Match { get; }

    /// <summary>The ml stage, for the classes found.</summary>
    public ClassifyStage Classify { get; }

    /// <summary>The capture read.</summary>
    public CaptureReader Capture => _ledger.Reader;

    /// <summary>The devices at work.</summary>
    public IReadOnlyList<Device> Devices => _devices;

    /// <summary>Objects that did not come back to their pools; final once the session is closed.</summary>
    public int Leaked { get; private set; }

    private int OutputCapacity => _options.Burst + PieceReserve;

    /// <summary>Closes the devices, frees what is left in hand, and looks for leaks.</summary>
    public void Close()
    {
        if (_closed)
        {
            return;
        }

        _closed = true;
        ((IAsyncResult?)_compiling)?.AsyncWaitHandle.WaitOne();
        Pipeline?.Free();
        for (int i = _devices.Count - 1; i >= 0; i--)
        {
            _devices[i].Dispose();
        }

        Leaked = (_mbufs?.InUseCount ?? 0) + (Match?.InUseCount ?? 0) + (Classify?.InUseCount ?? 0) + (_protect?.InUseCount ?? 0);
    }

    /// <summary>Gives the output its name.</summary>
    public void Commit() => _output?.Commit();

    public void Dispose()
    {
        Close();
        while (_resources.TryPop(out IDisposable? resource))
        {
            resource.Dispose();
        }
    }

    private static string WithArguments(string specifier, string arguments) => $"{specifier},{arguments}";

    private static CaptureLedger OpenCapture(string path)
    {
        try
        {
            return new CaptureLedger(CaptureReader.Open(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserException($"capture: {e.Message}", e);
        }
    }

    private static byte[] ReadModel(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserException($"model: {e.Message}", e);
        }
    }

    private static bool IsOffloading(EthernetDevice port) => port.Configuration.TransmitOffloads != TransmitOffloads.None;

    private T Own<T>(T resource)
        where T : IDisposable
    {
        _resources.Push(resource);
        return resource;
    }

    private T Open<T>(Func<string, T> open, string specifier)
        where T : Device
    {
        T device = open(specifier);
        _devices.Add(device);
        return device;
    }

    private OutputCapture? OpenOutput()
    {
        if (_options.Output is not { } path)
        {
            return null;
        }

        if (Path.GetFullPath(path) == Path.GetFullPath(_options.Capture))
        {
            throw new UserException($"--out {path} is the capture that is read");
        }

        LinkType linkType = _options.Protection == ProtectionKind.None ? Capture.LinkType : LinkType.Ethernet;
        return Own(new OutputCapture(path, Capture.Format, linkType));
    }

    private MbufPool CreatePool(EthernetDevice port) => Own(new MbufPool(new MbufPoolOptions
    {
        Name = "frames",

        // Three rings, what two bursts may come to in pieces, and the same again for what a thread's cache keeps.
        Count = (3 * RingSize) + (4 * OutputCapacity) + 512,
        DataRoomSize = (port.Info.MtuMax + HeadroomAndTrailer + 14 + 4 + 63) & ~63,
    }));

    private EthernetDevice? OpenPort()
    {
        // A port carries Ethernet; other captures go through the other stages all the same.
        if (Capture.LinkType != LinkType.Ethernet || Capture.InterfaceCount == 0)
        {
            return null;
        }

        string path = Path.GetFullPath(_options.Capture);
        if (path.Contains(','))
        {
            // A comma would end the device argument; the open file has a name without one.
            SafeFileHandle handle = Own(File.OpenHandle(path));
            path = $"/proc/self/fd/{handle.DangerousGetHandle()}";
        }

        EthernetDevice port = Open(_host.OpenEthernet, WithArguments(_options.Port, $"wire=pcap,rx_pcap={path}"));
        ConfigurePort(port);
        return port;
    }

    private void ConfigurePort(EthernetDevice port)
    {
        const ReceiveOffloads Receive =
            ReceiveOffloads.Ipv4Checksum | ReceiveOffloads.TcpChecksum | ReceiveOffloads.UdpChecksum;
        const TransmitOffloads Transmit =
            TransmitOffloads.Ipv4Checksum | TransmitOffloads.TcpChecksum | TransmitOffloads.UdpChecksum;
        EthernetDeviceInfo info = port.Info;
        port.Configure(new EthernetConfiguration
        {
            Mtu = info.MtuMax,
            ReceiveOffloads = info.ReceiveOffloads & Receive,
            TransmitOffloads = info.TransmitOffloads.HasFlag(Transmit) ? Transmit : TransmitOffloads.None,
        });
        int ring = Math.Clamp(RingSize, info.DescriptorMin, info.DescriptorMax);
        port.ConfigureReceiveQueue(0, new ReceiveQueueOptions { Pool = _mbufs, DescriptorCount = ring });
        port.ConfigureTransmitQueue(0, new TransmitQueueOptions { DescriptorCount = ring });
        port.Start();
        if (info.Capabilities.HasFlag(EthernetCapabilities.Promiscuous))
        {
            port.SetPromiscuous(true);
        }
    }

    // The longest part of a start: it runs beside the opening of the other devices.
    private static void Compile(RegexDevice device, RuleFile rules)
    {
        device.Configure(new RegexConfiguration { GroupCount = rules.GroupCount, MatchesMax = Math.Min(MatchesMax, device.Info.MatchesMax) });
        rules.Activate(device);
        device.Start();
    }

    private ClassifyStage CreateClassify(byte[] onnx)
    {
        MlDevice device = Open(_host.OpenMl, _options.Ml);
        device.Configure(new MlConfiguration { ModelsMax = 1 });
        MlModel model;
        try
        {
            model = device.LoadModel(onnx);
        }
        catch (MlModelException e)
        {
            throw new UserException($"{_options.Model}: {e.Message}", e);
        }

        string[] classes = CheckModel(model.Info);
        device.Start();
        device.StartModel(model);
        return new ClassifyStage(device, model, classes, Counters, Clock, _options.Burst);
    }

    private string[] CheckModel(MlModelInfo info)
    {
        string[] classes = info.Metadata.TryGetValue(ClassesKey, out string? text)
            ? text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            : [];
        if (info.Inputs is not [{ ElementType: MlElementType.Float32, ElementCount: PacketFeatures.Count }])
        {
            throw new UserException(
                $"{_options.Model}: a classifier of frames takes one input of {PacketFeatures.Count} float32 a frame");
        }

        if (info.Outputs is not [{ ElementType: MlElementType.Float32 }]
            || classes.Length == 0 || info.Outputs[0].ElementCount != classes.Length)
        {
            throw new UserException(
                $"{_options.Model}: a classifier of frames gives one float32 for each class that its metadata names under '{ClassesKey}'");
        }

        return classes;
    }

    private ProtectStage CreateProtect(EthernetDevice port, bool withOffload)
    {
        CryptoDevice device = Open(_host.OpenCrypto, _options.Crypto);
        device.Configure(new CryptoConfiguration());
        var session = new RecordSession(device, _options.Key!, SecurityOperation.Protect);
        device.Start();
        Envelope envelope = _options.Protection == ProtectionKind.Tls13 ? new TlsEnvelope() : new PdcpEnvelope();
        var options = new ProtectStageOptions(OutputCapacity, port.Info.MtuMax + 14, withOffload, Capture.Format);
        return Own(new ProtectStage(device, session, envelope, _mbufs, Counters, Clock, options));
    }
}
