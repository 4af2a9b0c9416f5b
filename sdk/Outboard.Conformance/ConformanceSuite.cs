using Outboard.Devices;
using Outboard.Plugins;

namespace Outboard.Conformance;

/// <summary>The checks that a device of one class must pass.</summary>
/// <remarks>
/// Every check opens the device anew and disposes it, so one failure does not colour the next.
/// <para><i>Thread</i>: one check at a time.</para>
/// </remarks>
public abstract class ConformanceSuite
{
    private protected ConformanceSuite(DriverRegistry registry, string specifier)
    {
        ArgumentNullException.ThrowIfNull(registry);
        ArgumentNullException.ThrowIfNull(specifier);
        Registry = registry;
        Specifier = specifier;
    }

    /// <summary>The device under test: its name and arguments.</summary>
    public string Specifier { get; }

    /// <summary>The checks, in the order in which a plugin's author would want to see them.</summary>
    public abstract IReadOnlyList<ConformanceCheck> Checks { get; }

    /// <summary>Opens devices.</summary>
    private protected DriverRegistry Registry { get; }

    /// <summary>The suite of a device's class.</summary>
    /// <param name="registry">The drivers.</param>
    /// <param name="specifier">The device; an Ethernet device must receive what it transmits (a loop wire).</param>
    /// <exception cref="ArgumentException">There is no such driver.</exception>
    public static ConformanceSuite For(DriverRegistry registry, string specifier)
    {
        ArgumentNullException.ThrowIfNull(registry);
        string driver = DeviceSpecifier.Parse(specifier).Driver;
        DriverEntry entry = registry.Drivers.FirstOrDefault(d => d.Name == driver)
            ?? throw new ArgumentException(
                $"There is no driver {driver}; the known ones are {string.Join(", ", registry.Drivers.Select(d => d.Name))}.");
        return entry.Class switch
        {
            DeviceClass.Regex => new RegexConformance(registry, specifier),
            DeviceClass.Ml => new MlConformance(registry, specifier, MlConformanceModel.Perceptron),
            DeviceClass.Crypto => new CryptoConformance(registry, specifier),
            _ => new EthernetConformance(registry, specifier),
        };
    }

    /// <summary>Runs every check.</summary>
    public IEnumerable<ConformanceResult> Run() => Checks.Select(check => check.Run());

    /// <summary>The device's specifier with further arguments.</summary>
    private protected string With(string arguments) => $"{Specifier},{arguments}";
}
