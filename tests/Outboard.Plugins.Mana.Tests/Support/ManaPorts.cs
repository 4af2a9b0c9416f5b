using Outboard.Ethernet;
using Outboard.Mbufs;
using Outboard.Plugins.Mana.Adapter;
using Outboard.Plugins.Mana.Pmd;
using Outboard.Plugins.Mana.Wires;
using Outboard.Simd;

namespace Outboard.Plugins.Mana.Tests.Support;

/// <summary>Opens ports as an application does.</summary>
internal static class ManaPorts
{
    public static DriverRegistry NewRegistry(int maxSimd = 0)
    {
        var policy = new SimdPolicy();
        policy.Set(maxSimd);
        var registry = new DriverRegistry(policy);
        registry.Register(new ManaPlugin(), "Outboard.Plugins.Mana", "test");
        return registry;
    }

    public static EthernetDevice Open(string specifier, int maxSimd = 0) =>
        NewRegistry(maxSimd).OpenEthernet(specifier);

    /// <summary>A port whose adapter and driver a test can reach.</summary>
    public static EthernetDevice OpenWith(
        IWire wire, AdapterOptions options, out ManaDriver driver, bool coalesce = false, string name = "net_mana0")
    {
        ManaDriver? made = null;
        var registry = new DriverRegistry(new SimdPolicy());
        registry.Register(
            new InlinePlugin(context =>
                made = ManaPortFactory.OpenPort(context, wire, 0x0100_414D_0002, options, coalesce)),
            "test",
            "test");
        EthernetDevice device = registry.OpenEthernet(name);
        driver = made!;
        return device;
    }

    public static MbufPool NewPool(int count = 4095, int room = 2048 + 128) =>
        new(new MbufPoolOptions
        {
            Name = "mana test",
            Count = count,
            DataRoomSize = room,
            CacheSize = Math.Min(256, count / 4),
        });

    /// <summary>Configures, sets up and starts a port.</summary>
    public static void Run(
        EthernetDevice device,
        MbufPool pool,
        EthernetConfiguration? configuration = null,
        int receiveDescriptors = 256,
        int transmitDescriptors = 256)
    {
        configuration ??= new EthernetConfiguration
        {
            ReceiveOffloads = device.Info.ReceiveOffloads,
            TransmitOffloads = device.Info.TransmitOffloads,
        };
        device.Configure(configuration);
        for (int i = 0; i < configuration.ReceiveQueueCount; i++)
        {
            device.ConfigureReceiveQueue(
                i, new ReceiveQueueOptions { Pool = pool, DescriptorCount = receiveDescriptors });
        }

        for (int i = 0; i < configuration.TransmitQueueCount; i++)
        {
            device.ConfigureTransmitQueue(i, new TransmitQueueOptions { DescriptorCount = transmitDescriptors });
        }

        device.Start();
    }

    public static Mbuf NewFrame(MbufPool pool, ReadOnlySpan<byte> bytes)
    {
        Assert.True(pool.TryAlloc(out Mbuf mbuf));
        Assert.True(mbuf.TryAppend(bytes.Length, out Span<byte> data));
        bytes.CopyTo(data);
        return mbuf;
    }

    /// <summary>Counter of a port by its name.</summary>
    public static ulong Counter(EthernetDevice device, string name) =>
        device.GetExtendedStatistics().Single(statistic => statistic.Name == name).Value;

    private sealed class InlinePlugin(Func<DriverContext, ManaDriver> open) : IDevicePlugin
    {
        public void Register(IDriverRegistry registry) => registry.AddEthernet("net_mana", open);
    }
}
