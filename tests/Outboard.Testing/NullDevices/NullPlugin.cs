using Outboard.Plugins;
using Outboard.Simd;

namespace Outboard.Testing.NullDevices;

/// <summary>A null device of each class: the least that a driver must do, to prove the contract and to price the API.</summary>
public sealed class NullPlugin : IDevicePlugin
{
    /// <summary>What null devices report for kernels.</summary>
    internal static IReadOnlyList<KernelChoice> Kernels { get; } =
        [new KernelChoice("null", SimdWidth.Scalar, "none", "there is nothing to do")];

    /// <summary>A registry with the null drivers alone.</summary>
    public static DriverRegistry CreateRegistry()
    {
        var registry = new DriverRegistry(new SimdPolicy());
        registry.Register(new NullPlugin(), "null", "1.0");
        return registry;
    }

    /// <inheritdoc/>
    public void Register(IDriverRegistry registry)
    {
        registry.AddRegex("regex_null", context => new NullRegexDriver(context));
        registry.AddMl("ml_null", context => new NullMlDriver(context));
        registry.AddCrypto("crypto_null", context => new NullCryptoDriver(context));
        registry.AddEthernet("net_null", context => new NullEthernetDriver(context));
    }
}
