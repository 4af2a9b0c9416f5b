using Outboard.Devices;
using Outboard.Ethernet;
using Outboard.Plugins.Mana.Adapter;
using Outboard.Plugins.Mana.Gdma;
using Outboard.Plugins.Mana.Wires;

namespace Outboard.Plugins.Mana.Pmd;

/// <summary>Makes a port of its device arguments: wire, software adapter, driver.</summary>
internal static class ManaPortFactory
{
    private const int FrameLengthMax = 9018;

    public static ManaDriver Open(DriverContext context)
    {
        DevArgs arguments = context.Arguments;
        string device = context.DeviceName;
        string wireName = arguments.TakeWord(
            "wire", LoopWire.WireName, LoopWire.WireName, NullWire.WireName, PcapWire.WireName);
        string macText = arguments.TakeString("mac") ?? DefaultMac(device);
        bool enforce = arguments.TakeBoolean("enforce", false);
        bool coalesce = arguments.TakeBoolean("coalesce", false);
        int adapterMtu = arguments.TakeInt32(
            "adapter_mtu",
            MtuRules.AdapterMtuDefault,
            MtuRules.MtuMin + MtuRules.EthernetHeader,
            MtuRules.AdapterMtuMax);
        string? receivePath = arguments.TakeString("rx_pcap");
        string? transmitPath = arguments.TakeString("tx_pcap");
        int loops = arguments.TakeInt32("loops", 1, 0, int.MaxValue);
        var generator = new NullWireOptions
        {
            FrameLength = arguments.TakeInt32("size", 64, NullWireOptions.FrameLengthMin, FrameLengthMax),
            FlowCount = arguments.TakeInt32("flows", 64, 1, NullWire.FlowMax),
            FrameCount = (ulong)arguments.TakeInt32("frames", 0, 0, int.MaxValue),
            Seed = (ulong)arguments.TakeInt32("seed", 1, 0, int.MaxValue),
        };
        arguments.ThrowIfUnknown();
        if (wireName != PcapWire.WireName && (receivePath ?? transmitPath) is not null)
        {
            throw new ArgumentException($"{device}: rx_pcap and tx_pcap go with wire=pcap, not wire={wireName}.");
        }

        if (wireName == PcapWire.WireName && (receivePath ?? transmitPath) is null)
        {
            throw new ArgumentException($"{device}: wire=pcap needs rx_pcap=FILE, tx_pcap=FILE, or both.");
        }

        MacAddress mac = ReadMac(device, macText);
        ulong macValue = ToValue(mac);
        IWire wire = wireName switch
        {
            PcapWire.WireName => OpenPcap(device, new PcapWireOptions
            {
                ReceivePath = receivePath,
                TransmitPath = transmitPath,
                Loops = loops,
            }),
            NullWire.WireName => new NullWire(generator, macValue),
            _ => new LoopWire(),
        };
        return OpenPort(context, wire, macValue, new AdapterOptions
        {
            MacAddress = macValue,
            AdapterMtu = adapterMtu,
            Enforce = enforce,
            Simd = context.Simd,
        }, coalesce);
    }

    /// <summary>Brings a port up over a software adapter with a given wire.</summary>
    public static ManaDriver OpenPort(
        DriverContext context, IWire wire, ulong mac, AdapterOptions options, bool coalesce)
    {
        SoftwareAdapter? adapter = null;
        try
        {
            adapter = new SoftwareAdapter(options with { MacAddress = mac }, wire);
            return new ManaDriver(context, adapter, wire, adapter.Kernels, coalesce);
        }
        catch (GdmaException e)
        {
            adapter?.Dispose();
            throw new DeviceException(context.DeviceName, e.Message, e);
        }
        catch
        {
            if (adapter is null)
            {
                wire.Dispose();
            }

            adapter?.Dispose();
            throw;
        }
    }

    /// <summary>Six bytes, the first of them in the lowest bits.</summary>
    public static ulong ToValue(MacAddress mac)
    {
        ulong value = 0;
        for (int i = 0; i < MacAddress.Length; i++)
        {
            value |= (ulong)mac[i] << (8 * i);
        }

        return value;
    }

    private static PcapWire OpenPcap(string device, PcapWireOptions options)
    {
        try
        {
            return new PcapWire(options);
        }
        catch (Exception e) when (e is IOException or FormatException or UnauthorizedAccessException)
        {
            throw new DeviceException(device, e.Message, e);
        }
    }

    private static MacAddress ReadMac(string device, string text)
    {
        try
        {
            var mac = MacAddress.Parse(text);
            return !mac.IsMulticast && mac != default
                ? mac
                : throw new ArgumentException($"{device}: mac={text} is not the address of one station.");
        }
        catch (FormatException e)
        {
            throw new ArgumentException($"{device}: mac: {e.Message}", e);
        }
    }

    /// <summary>A locally administered address that ends in the instance's number.</summary>
    private static string DefaultMac(string device)
    {
        int index = DeviceSpecifier.Parse(device).Index;
        return $"02:4d:41:4e:{(index >> 8) & 0xFF:x2}:{index & 0xFF:x2}";
    }
}
