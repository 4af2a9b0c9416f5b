using Outboard.Crypto.Driver;
using Outboard.Devices;
using Outboard.Ethernet.Driver;
using Outboard.Ml.Driver;
using Outboard.Plugins;
using Outboard.Regex.Driver;

namespace Outboard.Host;

/// <summary>A loaded plugin that is held to its manifest: it registers the drivers it declares, and no others.</summary>
/// <remarks>Loading on demand finds a plugin by what its manifest declares, so the two must agree.</remarks>
internal sealed class DeclaredPlugin(IDevicePlugin plugin, PluginManifest manifest) : IDevicePlugin
{
    public void Register(IDriverRegistry registry)
    {
        var recorder = new Recorder(registry);
        plugin.Register(recorder);
        foreach (string declared in manifest.Drivers)
        {
            if (!recorder.Names.Contains(declared))
            {
                throw new PluginException($"{PluginManifest.FileName} declares driver {declared}, which was not registered");
            }
        }

        foreach (string registered in recorder.Names)
        {
            if (!manifest.Drivers.Contains(registered))
            {
                throw new PluginException(
                    $"it registers driver {registered}, which {PluginManifest.FileName} does not declare");
            }
        }
    }

    private sealed class Recorder(IDriverRegistry registry) : IDriverRegistry
    {
        public List<string> Names { get; } = [];

        public void AddRegex(string name, Func<DriverContext, RegexDriver> open)
        {
            registry.AddRegex(name, open);
            Names.Add(name);
        }

        public void AddMl(string name, Func<DriverContext, MlDriver> open)
        {
            registry.AddMl(name, open);
            Names.Add(name);
        }

        public void AddCrypto(string name, Func<DriverContext, CryptoDriver> open)
        {
            registry.AddCrypto(name, open);
            Names.Add(name);
        }

        public void AddEthernet(string name, Func<DriverContext, EthernetDriver> open)
        {
            registry.AddEthernet(name, open);
            Names.Add(name);
        }

        public void AddAbsent(DeviceClass deviceClass, string name, string reason)
        {
            registry.AddAbsent(deviceClass, name, reason);
            Names.Add(name);
        }
    }
}
