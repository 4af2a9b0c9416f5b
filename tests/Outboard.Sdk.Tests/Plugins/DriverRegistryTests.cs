using Outboard.Crypto;
using Outboard.Devices;
using Outboard.Plugins;
using Outboard.Regex;
using Outboard.Testing.NullDevices;

namespace Outboard.Sdk.Tests.Plugins;

public sealed class DriverRegistryTests
{
    private readonly DriverRegistry _registry = NullPlugin.CreateRegistry();

    [Fact]
    public void DriversAreListedByName() => Assert.Equal(
        ["crypto_null", "ml_null", "net_null", "regex_null"], _registry.Drivers.Select(driver => driver.Name));

    [Fact]
    public void UnknownDriverIsRefusedAndTheKnownOnesListed()
    {
        ArgumentException e = Assert.Throws<ArgumentException>(() => _registry.OpenCrypto("crypto_nul0"));
        Assert.Equal("There is no driver crypto_nul; the known ones are crypto_null.", e.Message);
    }

    [Fact]
    public void DriverOfAnotherClassIsRefused() =>
        Assert.Throws<ArgumentException>(() => _registry.OpenRegex("crypto_null0"));

    [Fact]
    public void OneNameIsOpenOnceAtATime()
    {
        CryptoDevice first = _registry.OpenCrypto("crypto_null0");
        Assert.Throws<ArgumentException>(() => _registry.OpenCrypto("crypto_null0"));
        using (_registry.OpenCrypto("crypto_null1"))
        {
            first.Dispose();
            _registry.OpenCrypto("crypto_null0").Dispose();
        }
    }

    [Theory]
    [InlineData("max_simd=100")]
    [InlineData("max_simd=wide")]
    [InlineData("checks=maybe")]
    [InlineData("no_such=1")]
    public void WrongArgumentsAreRefusedInOneLine(string arguments)
    {
        ArgumentException e = Assert.Throws<ArgumentException>(() => _registry.Open($"regex_null0,{arguments}"));
        Assert.Contains("regex_null0", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', e.Message);
        using Device device = _registry.Open("regex_null0");
        Assert.IsType<RegexDevice>(device);
    }

    [Fact]
    public void AbsentDriverSaysWhy()
    {
        _registry.Register(new Plugin(r => r.AddAbsent(DeviceClass.Ml, "ml_opencl", "no OpenCL platform")), "ocl", "1");
        DeviceException e = Assert.Throws<DeviceException>(() => _registry.OpenMl("ml_opencl0"));
        Assert.Contains("no OpenCL platform", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void PluginThatBringsATakenNameBringsNothing()
    {
        ArgumentException e = Assert.Throws<ArgumentException>(() => _registry.Register(
            new Plugin(r =>
            {
                r.AddAbsent(DeviceClass.Ml, "ml_other", "absent");
                r.AddAbsent(DeviceClass.Ml, "ml_null", "absent");
            }),
            "second", "1"));
        Assert.Contains("ml_null", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(_registry.Drivers, driver => driver.Name == "ml_other");
    }

    [Theory]
    [InlineData("ml_2")]
    [InlineData("ml,x")]
    [InlineData("")]
    public void DriverNamesAreChecked(string name) => Assert.Throws<ArgumentException>(() =>
        _registry.Register(new Plugin(r => r.AddAbsent(DeviceClass.Ml, name, "absent")), "p", "1"));

    private sealed class Plugin(Action<IDriverRegistry> register) : IDevicePlugin
    {
        public void Register(IDriverRegistry registry) => register(registry);
    }
}
