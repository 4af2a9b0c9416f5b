using Outboard.Crypto;
using Outboard.Devices;
using Outboard.Plugins.Crypto.Engine;
using Outboard.Plugins.Crypto.Keys;
using Outboard.Plugins.Crypto.Simd;
using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Tests.Simd;

public sealed class SimdCryptoDriverTests
{
    public static TheoryData<int> Widths => SimdDevices.Widths;

    [Theory]
    [MemberData(nameof(Widths))]
    public void EveryOperationReportsItsKernelAndWhy(int width)
    {
        using CryptoDevice device = SimdDevices.Start(width);
        Assert.Equal(device.Info.Kernels.Count, device.Info.Kernels.Select(kernel => kernel.Operation).Distinct().Count());
        Assert.Contains(device.Info.Kernels, kernel => kernel.Operation == "aes-gcm");
        foreach (KernelChoice kernel in device.Info.Kernels)
        {
            Assert.True((int)kernel.Width <= width);
            Assert.NotEmpty(kernel.Reason);
            Assert.True(width != 64 || kernel.Width == SimdWidth.Scalar);
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void TheSelfTestPassesAndNamesASpoiledKernel(int width)
    {
        using var keys = new KeyStore();
        var table = new AlgorithmTable(new SimdSelector(Unlimited(), (SimdWidth)width), emit: true);
        foreach (CryptoUnit unit in table.Units)
        {
            int seen = 0;
            string name = $"{unit.Choice.Operation} ({unit.Choice.Kernel})";
            Assert.Null(unit.SelfTest(new UnitSelfTest(keys, (kernel, _) => seen += kernel == name ? 1 : 0)));
            Assert.True(seen > 1, name);
            string? failed = unit.SelfTest(new UnitSelfTest(keys, (_, result) => result[0] ^= 4));
            Assert.NotNull(failed);
            Assert.StartsWith(name, failed, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void ADeviceWithAFailingKernelDoesNotStart()
    {
        var context = new DriverContext(
            "crypto_simd0", "crypto_simd", DevArgs.Parse("crypto_simd0", string.Empty), new SimdSelector(Unlimited()));
        using var driver = new SimdCryptoDriver(context, (_, result) => result[0] ^= 1);
        driver.Configure(new CryptoConfiguration());
        var exception = Assert.Throws<DeviceException>(driver.Start);
        Assert.Contains("aes-", exception.Message, StringComparison.Ordinal);
        Assert.Contains("self-test", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ArgumentsAreCheckedAndUnknownOnesListed()
    {
        DriverRegistry registry = SimdDevices.CreateRegistry();
        Assert.Throws<ArgumentException>(() => registry.OpenCrypto("crypto_simd0,queues=0"));
        Assert.Throws<ArgumentException>(() => registry.OpenCrypto("crypto_simd0,sessions=x"));
        string message = Assert.Throws<ArgumentException>(() => registry.OpenCrypto("crypto_simd0,queue=2")).Message;
        Assert.Contains("queues", message, StringComparison.Ordinal);
        Assert.Contains("sessions", message, StringComparison.Ordinal);
        using CryptoDevice device = registry.OpenCrypto("crypto_simd0,queues=2,sessions=3");
        Assert.Equal(2, device.Info.QueuePairMax);
        Assert.Equal(3, device.Info.SessionsMax);
    }

    [Fact]
    public void SessionsEndAtTheirLimitAndTheirHandlesGoStale()
    {
        using CryptoDevice device = SimdDevices.CreateRegistry().OpenCrypto("crypto_simd0,sessions=2");
        device.Configure(new CryptoConfiguration());
        var transform = new CipherTransform(CipherAlgorithm.AesCtr, CipherOperation.Encrypt, new byte[16], 16);
        CryptoSession first = device.CreateSession(transform);
        using CryptoSession second = device.CreateSession(transform);
        Assert.Throws<DeviceException>(() => device.CreateSession(transform));
        first.Dispose();
        using CryptoSession third = device.CreateSession(transform);
        Assert.NotEqual(first.Handle, third.Handle);
    }

    [Fact]
    public void CapabilitiesSayWhatIsThere()
    {
        using CryptoDevice device = SimdDevices.Start(512);
        Assert.Contains(device.Info.CapabilityNames, name => name.Contains("AesGcm", StringComparison.Ordinal));
        Assert.Contains(device.Info.CapabilityNames, name => name.Contains("Tls13", StringComparison.Ordinal));
        Assert.Contains(device.Info.CapabilityNames, name => name.Contains("Nea2", StringComparison.Ordinal));
        Assert.Contains("locked", device.Info.Backend, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => device.CreateSession(
            new CipherTransform(CipherAlgorithm.AesCbc, CipherOperation.Encrypt, new byte[16], 12)));
        Assert.Throws<ArgumentException>(() => device.CreateSession(
            new AeadTransform(AeadAlgorithm.AesGcm, CipherOperation.Encrypt, new byte[16], 12, 17, 0)));
    }

    [Fact]
    public void ExtendedStatisticsCountByKindOfWork()
    {
        using var bench = new Bench(512);
        using CryptoSession session = bench.Device.CreateSession(
            new CipherTransform(CipherAlgorithm.AesCtr, CipherOperation.Encrypt, new byte[16], 16));
        CryptoOp op = bench.Op(session, bench.Packet(new byte[100]));
        bench.Run(op);
        bench.Device.Process([op]);
        op.FreeWithBuffers();
        Dictionary<string, ulong> statistics = bench.Device.GetExtendedStatistics().ToDictionary(s => s.Name, s => s.Value);
        Assert.Equal(1ul, statistics["q0_cipher_ops"]);
        Assert.Equal(100ul, statistics["q0_bytes"]);
        Assert.Equal(1ul, statistics["synchronous_cipher_ops"]);
    }

    private static SimdPolicy Unlimited()
    {
        var policy = new SimdPolicy();
        policy.Set(0);
        return policy;
    }
}
