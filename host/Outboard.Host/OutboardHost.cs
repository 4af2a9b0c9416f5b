using Outboard.Crypto;
using Outboard.Devices;
using Outboard.Ethernet;
using Outboard.Mbufs;
using Outboard.Ml;
using Outboard.Plugins;
using Outboard.Regex;
using Outboard.Simd;

namespace Outboard.Host;

/// <summary>Loads plugins and owns what a program takes from them: devices, pools and the SIMD switch.</summary>
/// <remarks>
/// <code>
/// using var host = new OutboardHost();                            // plugins/*/ beside the program
/// MbufPool mbufs = host.Own(new MbufPool(new MbufPoolOptions { Count = 8191 }));
/// RegexDevice regex = host.OpenRegex("regex_simd0,max_simd=256");
/// </code>
/// A plugin that cannot be loaded is a <see cref="PluginReport"/>; the others load.
/// <para><i>Thread</i>: any thread, one call at a time is seen to.</para>
/// <para><i>Order</i>: <see cref="Dispose"/> disposes devices, the last opened first, then what <see cref="Own"/> was
/// given, the last first, then unloads collectible plugins. Pollers are joined before it.</para>
/// </remarks>
public sealed class OutboardHost : IDisposable
{
    private readonly Lock _lock = new();
    private readonly bool _collectible;
    private readonly List<PluginFolder> _folders = [];
    private readonly List<PluginReport> _static = [];
    private readonly List<PluginAssembly> _assemblies = [];
    private readonly List<Device> _devices = [];
    private readonly List<IDisposable> _owned = [];
    private bool _disposed;

    /// <summary>Creates a host: finds the plugins and, unless asked otherwise, loads them.</summary>
    /// <param name="options">How; null for the defaults.</param>
    /// <exception cref="ArgumentException">The environment variable of the SIMD switch holds no legal width.</exception>
    public OutboardHost(OutboardHostOptions? options = null)
    {
        options ??= new OutboardHostOptions();
        Simd = options.Simd ?? SimdPolicy.FromEnvironment();
        Registry = new DriverRegistry(Simd);
        Dynamics = new MbufDynamics();
        _collectible = options.CollectiblePlugins;
        foreach (string root in options.PluginRoots ?? [DefaultRoot])
        {
            Scan(root);
        }

        foreach (string folder in options.PluginFolders)
        {
            _folders.Add(PluginFolder.Read(folder));
        }

        if (!options.LoadOnDemand)
        {
            LoadAll();
        }
    }

    /// <summary>The folder whose subfolders are plugins when none is named: <c>plugins</c> beside the program.</summary>
    public static string DefaultRoot => Path.Combine(AppContext.BaseDirectory, OutboardHostOptions.DefaultPluginRoot);

    /// <summary>The SIMD switch.</summary>
    public SimdPolicy Simd { get; }

    /// <summary>The drivers registered so far.</summary>
    public DriverRegistry Registry { get; }

    /// <summary>The dynamic fields and flags of the mbufs that the host's pools and devices share.</summary>
    public MbufDynamics Dynamics { get; }

    /// <summary>What became of every plugin found or registered, in the order they were found.</summary>
    public IReadOnlyList<PluginReport> Plugins
    {
        get
        {
            lock (_lock)
            {
                return [.. _static, .. _folders.Select(folder => folder.Report)];
            }
        }
    }

    /// <summary>The devices opened here and not disposed, in the order they were opened.</summary>
    public IReadOnlyList<Device> Devices
    {
        get
        {
            lock (_lock)
            {
                return [.. _devices.Where(device => device.State != DeviceState.Disposed)];
            }
        }
    }

    /// <summary>Registers a plugin that is linked into the program.</summary>
    /// <param name="plugin">The plugin.</param>
    /// <param name="name">Its name, for reports.</param>
    /// <param name="version">Its version, for reports.</param>
    /// <exception cref="ArgumentException">A driver's name is malformed or taken.</exception>
    public void Register(IDevicePlugin plugin, string name, string version)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            HashSet<string> before = [.. Registry.Drivers.Select(driver => driver.Name)];
            Registry.Register(plugin, name, version);
            string[] drivers = [.. Registry.Drivers.Select(driver => driver.Name).Where(driver => !before.Contains(driver))];
            _static.Add(new PluginReport(name, string.Empty, version, PluginState.Loaded, string.Empty, drivers));
        }
    }

    /// <summary>Loads every plugin found and not loaded yet; what cannot be loaded is in <see cref="Plugins"/>.</summary>
    public void LoadAll()
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            foreach (PluginFolder folder in _folders)
            {
                Load(folder);
            }
        }
    }

    /// <summary>Opens a regex device; the host disposes it.</summary>
    /// <param name="specifier">Name and arguments, such as <c>regex_simd0,max_simd=256</c>.</param>
    /// <exception cref="ArgumentException">The specifier or an argument is wrong, or the driver is of another class.</exception>
    /// <exception cref="DeviceException">The driver or its plugin is absent, or the device could not be opened.</exception>
    public RegexDevice OpenRegex(string specifier) => Open(specifier, Registry.OpenRegex);

    /// <summary>Opens an ml device; the host disposes it.</summary>
    /// <inheritdoc cref="OpenRegex"/>
    public MlDevice OpenMl(string specifier) => Open(specifier, Registry.OpenMl);

    /// <summary>Opens a crypto device; the host disposes it.</summary>
    /// <inheritdoc cref="OpenRegex"/>
    public CryptoDevice OpenCrypto(string specifier) => Open(specifier, Registry.OpenCrypto);

    /// <summary>Opens an Ethernet device; the host disposes it.</summary>
    /// <inheritdoc cref="OpenRegex"/>
    public EthernetDevice OpenEthernet(string specifier) => Open(specifier, Registry.OpenEthernet);

    /// <summary>Opens a device of whatever class its driver has; the host disposes it.</summary>
    /// <inheritdoc cref="OpenRegex"/>
    public Device OpenDevice(string specifier) => Open(specifier, Registry.Open);

    /// <summary>Takes something to dispose with the host, after every device: a pool, a session, a file.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="resource">It.</param>
    /// <returns>The same.</returns>
    public T Own<T>(T resource)
        where T : IDisposable
    {
        ArgumentNullException.ThrowIfNull(resource);
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _owned.Add(resource);
        }

        return resource;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
            var failures = new List<Exception>();
            DisposeReversed(_devices, failures);
            DisposeReversed(_owned, failures);
            DisposeReversed(_assemblies, failures);
            if (failures.Count != 0)
            {
                throw new AggregateException("Some of what the host owns could not be disposed.", failures);
            }
        }
    }

    private static void DisposeReversed<T>(List<T> list, List<Exception> failures)
        where T : IDisposable
    {
        for (int i = list.Count - 1; i >= 0; i--)
        {
            try
            {
                list[i].Dispose();
            }
            catch (Exception e)
            {
                // What comes after must still be released: native memory has no other owner.
                failures.Add(e);
            }
        }

        list.Clear();
    }

    private void Scan(string root)
    {
        if (!Directory.Exists(root))
        {
            return;
        }

        string[] folders = Directory.GetDirectories(root);
        Array.Sort(folders, StringComparer.Ordinal);
        foreach (string folder in folders)
        {
            _folders.Add(PluginFolder.Read(folder));
        }
    }

    private void Load(PluginFolder folder)
    {
        if (folder.State != PluginState.Found)
        {
            return;
        }

        PluginAssembly? assembly = null;
        try
        {
            assembly = new PluginAssembly(folder.AssemblyPath, _collectible);
            var plugin = new DeclaredPlugin(assembly.Create(), folder.Manifest!);
            Registry.Register(plugin, folder.Manifest!.Name, folder.Manifest.Version);
            _assemblies.Add(assembly);
            folder.MarkLoaded();
        }
        catch (Exception e)
        {
            // Anything at all may come out of code that is not ours; the other plugins load.
            folder.Refuse(Describe(e));
            assembly?.Dispose();
        }
    }

    private static string Describe(Exception e) => e switch
    {
        PluginException or ArgumentException => OneLine(e.Message),
        FileNotFoundException { FileName: { } name } => $"its dependency {name} could not be found",
        _ => $"it threw {e.GetType().Name} while loading: {OneLine(e.Message)}",
    };

    private static string OneLine(string text) => text.ReplaceLineEndings(" ").Trim();

    private TDevice Open<TDevice>(string specifier, Func<string, TDevice> open)
        where TDevice : Device
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            LoadFor(DeviceSpecifier.Parse(specifier));
            TDevice device = open(specifier);
            _devices.RemoveAll(other => other.State == DeviceState.Disposed);
            _devices.Add(device);
            return device;
        }
    }

    /// <summary>Loads the plugin that declares a driver; every plugin where none does, for the error to list them all.</summary>
    private void LoadFor(DeviceSpecifier specifier)
    {
        if (Registry.Drivers.Any(driver => driver.Name == specifier.Driver))
        {
            return;
        }

        PluginFolder[] declaring = [.. _folders.Where(folder => folder.Declares(specifier.Driver))];
        foreach (PluginFolder folder in declaring.Length != 0 ? declaring : [.. _folders])
        {
            Load(folder);
        }

        bool registered = Registry.Drivers.Any(driver => driver.Name == specifier.Driver);
        if (!registered && declaring.FirstOrDefault(folder => folder.State == PluginState.Refused) is { } refused)
        {
            throw new DeviceException(specifier.Name, $"its plugin {refused.Report.Name} was refused: {refused.Reason}");
        }
    }
}
