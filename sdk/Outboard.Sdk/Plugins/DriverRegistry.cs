using Outboard.Crypto;
using Outboard.Crypto.Driver;
using Outboard.Devices;
using Outboard.Devices.Driver;
using Outboard.Ethernet;
using Outboard.Ethernet.Driver;
using Outboard.Ml;
using Outboard.Ml.Driver;
using Outboard.Regex;
using Outboard.Regex.Driver;
using Outboard.Simd;

namespace Outboard.Plugins;

/// <summary>The drivers of a process, and the way to open devices on them.</summary>
/// <remarks>
/// The host fills one from plugin folders; a test or a statically linked program fills one itself with
/// <see cref="Register"/>. Both open devices here, so a device opened either way is the same device.
/// <para><i>Thread</i>: any thread.</para>
/// </remarks>
public sealed class DriverRegistry
{
    private readonly SimdPolicy _policy;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, (DriverEntry Entry, Func<DriverContext, DeviceDriver>? Open)> _drivers = [];
    private readonly Dictionary<string, WeakReference<Device>> _open = [];

    /// <summary>Creates an empty registry.</summary>
    /// <param name="policy">The SIMD policy that devices obey.</param>
    public DriverRegistry(SimdPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        _policy = policy;
    }

    /// <summary>The SIMD policy that devices obey.</summary>
    public SimdPolicy Policy => _policy;

    /// <summary>The drivers registered, absent ones included, by name.</summary>
    public IReadOnlyList<DriverEntry> Drivers
    {
        get
        {
            lock (_lock)
            {
                return [.. _drivers.Values.Select(d => d.Entry).OrderBy(e => e.Name, StringComparer.Ordinal)];
            }
        }
    }

    /// <summary>Registers a plugin's drivers; all of them or, when the plugin throws, none.</summary>
    /// <param name="plugin">The plugin.</param>
    /// <param name="name">Its name, for reports.</param>
    /// <param name="version">Its version, for reports.</param>
    /// <exception cref="ArgumentException">A driver's name is malformed or taken.</exception>
    public void Register(IDevicePlugin plugin, string name, string version)
    {
        ArgumentNullException.ThrowIfNull(plugin);
        var collector = new Collector(name, version);
        plugin.Register(collector);
        lock (_lock)
        {
            foreach ((DriverEntry entry, _) in collector.Found)
            {
                if (_drivers.TryGetValue(entry.Name, out (DriverEntry Entry, Func<DriverContext, DeviceDriver>? Open) taken))
                {
                    throw new ArgumentException(
                        $"Plugin {name} brings driver {entry.Name}, which plugin {taken.Entry.Plugin} has registered already.");
                }
            }

            foreach ((DriverEntry entry, Func<DriverContext, DeviceDriver>? open) in collector.Found)
            {
                _drivers.Add(entry.Name, (entry, open));
            }
        }
    }

    /// <summary>Opens a regex device.</summary>
    /// <param name="specifier">Name and arguments, such as <c>regex_simd0,max_simd=256</c>.</param>
    /// <exception cref="ArgumentException">The specifier or an argument is wrong, or the driver is of another class.</exception>
    /// <exception cref="DeviceException">The driver is absent or could not open the device.</exception>
    public RegexDevice OpenRegex(string specifier) => (RegexDevice)Open(specifier, DeviceClass.Regex);

    /// <summary>Opens an ml device.</summary>
    /// <inheritdoc cref="OpenRegex"/>
    public MlDevice OpenMl(string specifier) => (MlDevice)Open(specifier, DeviceClass.Ml);

    /// <summary>Opens a crypto device.</summary>
    /// <inheritdoc cref="OpenRegex"/>
    public CryptoDevice OpenCrypto(string specifier) => (CryptoDevice)Open(specifier, DeviceClass.Crypto);

    /// <summary>Opens an Ethernet device.</summary>
    /// <inheritdoc cref="OpenRegex"/>
    public EthernetDevice OpenEthernet(string specifier) => (EthernetDevice)Open(specifier, DeviceClass.Ethernet);

    /// <summary>Opens a device of whatever class its driver has.</summary>
    /// <param name="specifier">Name and arguments.</param>
    /// <exception cref="ArgumentException">The specifier or an argument is wrong.</exception>
    /// <exception cref="DeviceException">The driver is absent or could not open the device.</exception>
    public Device Open(string specifier) => Open(specifier, wanted: null);

    private Device Open(string specifier, DeviceClass? wanted)
    {
        DeviceSpecifier parsed = DeviceSpecifier.Parse(specifier);
        lock (_lock)
        {
            Func<DriverContext, DeviceDriver> open = Find(parsed, wanted);
            if (_open.TryGetValue(parsed.Name, out WeakReference<Device>? reference)
                && reference.TryGetTarget(out Device? other) && other.State != DeviceState.Disposed)
            {
                throw new ArgumentException($"A device named {parsed.Name} is open already.");
            }

            Device device = Open(parsed, open);
            _open[parsed.Name] = new WeakReference<Device>(device);
            return device;
        }
    }

    private Func<DriverContext, DeviceDriver> Find(DeviceSpecifier parsed, DeviceClass? wanted)
    {
        if (!_drivers.TryGetValue(parsed.Driver, out (DriverEntry Entry, Func<DriverContext, DeviceDriver>? Open) found))
        {
            IEnumerable<string> known = _drivers.Values
                .Where(d => wanted is null || d.Entry.Class == wanted).Select(d => d.Entry.Name).Order();
            throw new ArgumentException($"There is no driver {parsed.Driver}; the known ones are {string.Join(", ", known)}.");
        }

        if (wanted is not null && found.Entry.Class != wanted)
        {
            throw new ArgumentException($"{parsed.Name} is of class {found.Entry.Class}, not {wanted}.");
        }

        return found.Open
            ?? throw new DeviceException(parsed.Name, $"the driver is absent here: {found.Entry.AbsentReason}");
    }

    private Device Open(DeviceSpecifier parsed, Func<DriverContext, DeviceDriver> open)
    {
        DevArgs arguments = DevArgs.Parse(parsed.Name, parsed.Arguments);
        SimdWidth? maximum = TakeWidth(parsed.Name, arguments, "max_simd");
        SimdWidth? exact = TakeWidth(parsed.Name, arguments, "simd");
        bool withChecks = arguments.TakeBoolean("checks", false);
        var selector = new SimdSelector(_policy, maximum, exact);
        DeviceDriver driver;
        try
        {
            driver = open(new DriverContext(parsed.Name, parsed.Driver, arguments, selector));
        }
        catch (PlatformNotSupportedException e)
        {
            throw new ArgumentException($"{parsed.Name}: {e.Message}", e);
        }

        try
        {
            arguments.ThrowIfUnknown();
            return driver switch
            {
                RegexDriver regex => new RegexDevice(regex, withChecks),
                MlDriver ml => new MlDevice(ml, withChecks),
                CryptoDriver crypto => new CryptoDevice(crypto, withChecks),
                EthernetDriver ethernet => new EthernetDevice(ethernet, withChecks),
                _ => throw new DeviceException(parsed.Name, $"its driver {driver.GetType()} is of no known class."),
            };
        }
        catch
        {
            driver.Dispose();
            throw;
        }
    }

    private static SimdWidth? TakeWidth(string device, DevArgs arguments, string key)
    {
        int bits = arguments.TakeInt32(key, -1, 0, (int)SimdWidth.Max);
        try
        {
            return bits < 0 ? null : SimdPolicy.Check(bits, key);
        }
        catch (ArgumentOutOfRangeException)
        {
            throw new ArgumentException(
                $"{device}: {key}={bits} is not a SIMD width; a power of two from 64 to 32768, or 0 for no limit, is.");
        }
    }

    private sealed class Collector(string plugin, string version) : IDriverRegistry
    {
        public List<(DriverEntry Entry, Func<DriverContext, DeviceDriver>? Open)> Found { get; } = [];

        public void AddRegex(string name, Func<DriverContext, RegexDriver> open) => Add(DeviceClass.Regex, name, open);

        public void AddMl(string name, Func<DriverContext, MlDriver> open) => Add(DeviceClass.Ml, name, open);

        public void AddCrypto(string name, Func<DriverContext, CryptoDriver> open) => Add(DeviceClass.Crypto, name, open);

        public void AddEthernet(string name, Func<DriverContext, EthernetDriver> open) =>
            Add(DeviceClass.Ethernet, name, open);

        public void AddAbsent(DeviceClass deviceClass, string name, string reason)
        {
            Check(name);
            Found.Add((new DriverEntry(name, deviceClass, plugin, version, reason), null));
        }

        private void Add(DeviceClass deviceClass, string name, Func<DriverContext, DeviceDriver> open)
        {
            ArgumentNullException.ThrowIfNull(open);
            Check(name);
            Found.Add((new DriverEntry(name, deviceClass, plugin, version, null), open));
        }

        private void Check(string name)
        {
            DeviceSpecifier parsed = DeviceSpecifier.Parse(name);
            if (parsed.Driver != name)
            {
                throw new ArgumentException($"'{name}' is not a driver name: it may not end in a digit or have arguments.");
            }

            if (Found.Exists(f => f.Entry.Name == name))
            {
                throw new ArgumentException($"Plugin {plugin} registers driver {name} twice.");
            }
        }
    }
}
