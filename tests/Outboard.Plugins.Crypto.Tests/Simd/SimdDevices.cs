using Outboard.Crypto;
using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Tests.Simd;

/// <summary>Opens crypto_simd as an application would.</summary>
internal static class SimdDevices
{
    public static TheoryData<int> Widths => [64, 128, 256, 512];

    public static DriverRegistry CreateRegistry()
    {
        var policy = new SimdPolicy();
        policy.Set(0);
        var registry = new DriverRegistry(policy);
        registry.Register(new CryptoPlugin(), "Outboard.Plugins.Crypto", "test");
        return registry;
    }

    /// <summary>A started device with one queue pair, every kernel at or under a width, emitted ones where allowed.</summary>
    public static CryptoDevice Start(int width, bool emit = true)
    {
        CryptoDevice device = CreateRegistry().OpenCrypto($"crypto_simd0,max_simd={width},emit={(emit ? "on" : "off")}");
        device.Configure(new CryptoConfiguration());
        device.Start();
        return device;
    }
}
