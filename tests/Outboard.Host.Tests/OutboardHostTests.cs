using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using System.Text.Json.Nodes;
using Outboard.Devices;
using Outboard.Mbufs;
using Outboard.Regex;
using Outboard.Simd;
using Outboard.Testing.NullDevices;

namespace Outboard.Host.Tests;

public sealed class OutboardHostTests : IDisposable
{
    private readonly PluginCopy _plugins = new();

    public void Dispose() => _plugins.Dispose();

    [Fact]
    public void PublishedPluginsBesideTheProgramLoad()
    {
        using var host = new OutboardHost();

        Assert.All(host.Plugins, plugin => Assert.True(plugin.State == PluginState.Loaded, plugin.Reason));
        Assert.Equal(["Outboard.Plugins.Crypto", PluginCopy.Name], host.Plugins.Select(plugin => plugin.Name));
        Assert.Equal(["crypto_simd", "regex_away", "regex_test"], host.Registry.Drivers.Select(driver => driver.Name));
        PluginReport report = host.Plugins[1];
        Assert.Equal("1.2.3", report.Version);
        Assert.Equal(["regex_test", "regex_away"], report.Drivers);
    }

    [Fact]
    public void SmallestPluginSearchesThroughTheHost()
    {
        using var host = new OutboardHost();
        MbufPool mbufs = host.Own(new MbufPool(new MbufPoolOptions { Count = 63, CacheSize = 0 }));
        RegexOpPool ops = host.Own(new RegexOpPool(new RegexOpPoolOptions { Count = 15, CacheSize = 0 }));
        RegexDevice device = host.OpenRegex("regex_test0");
        device.Configure(new RegexConfiguration { MatchesMax = 16, RulesPerGroupMax = 16 });
        device.AddRules([RegexRule.FromText(7, "needle")]);
        device.CompileAndActivate();
        device.Start();
        Assert.True(mbufs.TryAlloc(out Mbuf mbuf));
        mbuf.TryAppend(10, out Span<byte> room);
        "a needle b"u8.CopyTo(room);
        Assert.True(ops.TryAlloc(out RegexOp op));
        op.Mbuf = mbuf;

        Assert.Equal(1, device.EnqueueBurst(0, [op]));
        var done = new RegexOp[1];
        Assert.Equal(1, device.DequeueBurst(0, done));

        Assert.Equal([new RegexMatch(7, 2, 6, 0)], done[0].Matches.ToArray());
        done[0].FreeWithBuffers();
        Assert.Equal(0, mbufs.InUseCount + ops.InUseCount);
    }

    [Fact]
    public void PluginsStandInLoadContextsOfTheirOwnAndShareOnlyTheSdk()
    {
        _plugins.Add("a");
        using OutboardHost host = _plugins.CreateHost();
        AssemblyLoadContext[] contexts = [.. AssemblyLoadContext.All.Where(
            context => context.Assemblies.Any(assembly => assembly.Location.StartsWith(_plugins.Root, StringComparison.Ordinal)))];

        AssemblyLoadContext context = Assert.Single(contexts);
        Assert.NotSame(AssemblyLoadContext.Default, context);
        Assert.False(context.IsCollectible);
        Assert.Equal(
            ["Google.Protobuf", PluginCopy.Name], context.Assemblies.Select(assembly => assembly.GetName().Name).Order());
    }

    [Fact]
    public void EveryBrokenPluginIsReportedAndTheOthersLoad()
    {
        _plugins.Add("a-good");
        Directory.CreateDirectory(Path.Combine(_plugins.Root, "b-empty"));
        File.WriteAllText(Path.Combine(_plugins.Add("c-garbage"), "plugin.json"), "{ this is not JSON");
        _plugins.Add("d-contract", json => json["contract"] = 99);
        _plugins.Add("e-member", json => json.Remove("drivers"));
        File.Delete(Path.Combine(_plugins.Add("f-assembly"), "Outboard.TestPlugin.dll"));
        File.Delete(Path.Combine(_plugins.Add("g-dependency"), "Google.Protobuf.dll"));
        File.Copy(typeof(Device).Assembly.Location, Path.Combine(_plugins.Add("h-sdk"), "Outboard.Sdk.dll"));
        File.WriteAllText(Path.Combine(_plugins.Add("i-throws"), "fail"), string.Empty);
        _plugins.Add("j-taken");
        _plugins.Add("k-undeclared", json => json["drivers"] = new JsonArray("regex_test"));
        _plugins.Add("l-missing", json => json["drivers"] = new JsonArray("regex_test", "regex_away", "regex_promised"));
        _plugins.Add("m-no-plugin", json => json["assembly"] = "Google.Protobuf.dll");
        File.WriteAllText(Path.Combine(_plugins.Add("n-no-assembly"), "Outboard.TestPlugin.dll"), "text");
        _plugins.Add("o-outside", json => json["assembly"] = "../a-good/Outboard.TestPlugin.dll");

        using OutboardHost host = _plugins.CreateHost();

        Assert.Equal(PluginState.Loaded, host.Plugins[0].State);
        Assert.Equal(["regex_away", "regex_test"], host.Registry.Drivers.Select(driver => driver.Name));
        AssertRefused(host, "b-empty", "no plugin.json");
        AssertRefused(host, "c-garbage", "not JSON");
        AssertRefused(host, "d-contract", "contract 99");
        AssertRefused(host, "e-member", "'drivers'");
        AssertRefused(host, "f-assembly", "no Outboard.TestPlugin.dll");
        AssertRefused(host, "g-dependency", "Google.Protobuf");
        AssertRefused(host, "h-sdk", "Outboard.Sdk.dll");
        AssertRefused(host, "i-throws", "there is a file named fail");
        AssertRefused(host, "j-taken", "has registered already");
        AssertRefused(host, "k-undeclared", "regex_away");
        AssertRefused(host, "l-missing", "regex_promised");
        AssertRefused(host, "m-no-plugin", "no public class");
        AssertRefused(host, "n-no-assembly", "BadImageFormat");
        AssertRefused(host, "o-outside", "'assembly'");
    }

    [Fact]
    public void MissingDependencyIsReportedWithoutADependencyFileToo()
    {
        string folder = _plugins.Add("a");
        File.Delete(Path.Combine(folder, "Google.Protobuf.dll"));
        File.Delete(Path.Combine(folder, "Outboard.TestPlugin.deps.json"));

        using OutboardHost host = _plugins.CreateHost();

        AssertRefused(host, "a", "Google.Protobuf");
    }

    [Fact]
    public void OnDemandOnlyTheDeclaringPluginLoads()
    {
        _plugins.Add("a");
        _plugins.Add("b", json => json["drivers"] = new JsonArray("regex_other"));
        using OutboardHost host = _plugins.CreateHost(onDemand: true);
        Assert.All(host.Plugins, plugin => Assert.Equal(PluginState.Found, plugin.State));

        host.OpenRegex("regex_test3").Dispose();

        Assert.Equal([PluginState.Loaded, PluginState.Found], host.Plugins.Select(plugin => plugin.State));
    }

    [Fact]
    public void OpeningADriverOfARefusedPluginGivesTheReason()
    {
        _plugins.Add("a", json => json["contract"] = 2);
        using OutboardHost host = _plugins.CreateHost(onDemand: true);

        DeviceException e = Assert.Throws<DeviceException>(() => host.OpenRegex("regex_test0"));

        Assert.Contains("contract 2", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AbsentAndUnknownDriversAreToldApart()
    {
        using var host = new OutboardHost();

        Assert.Contains("always absent", Assert.Throws<DeviceException>(() => host.OpenRegex("regex_away0")).Message, StringComparison.Ordinal);
        string unknown = Assert.Throws<ArgumentException>(() => host.OpenRegex("regex_nowhere0")).Message;
        Assert.Contains("regex_test", unknown, StringComparison.Ordinal);
    }

    [Fact]
    public void StaticPluginsAreListedAndOpen()
    {
        using var host = new OutboardHost(new OutboardHostOptions { PluginRoots = [] });
        host.Register(new NullPlugin(), "null", "1.0");

        PluginReport report = Assert.Single(host.Plugins);
        Assert.Equal(["crypto_null", "ml_null", "net_null", "regex_null"], report.Drivers.Order());
        Assert.Same(host.OpenRegex("regex_null0"), Assert.Single(host.Devices));
    }

    [Fact]
    public void DisposeTakesDevicesFirstAndPoolsAfterThemInReverse()
    {
        var order = new List<string>();
        var host = new OutboardHost(new OutboardHostOptions { PluginRoots = [] });
        host.Register(new NullPlugin(), "null", "1.0");
        RegexDevice device = null!;
        host.Own(new Probe(() => order.Add($"first, device {device.State}")));
        host.Own(new Probe(() => order.Add($"second, device {device.State}")));
        device = host.OpenRegex("regex_null0");

        host.Dispose();
        host.Dispose();

        Assert.Equal(["second, device Disposed", "first, device Disposed"], order);
        Assert.Throws<ObjectDisposedException>(() => host.OpenRegex("regex_null0"));
    }

    [Fact]
    public void OneFailureOnDisposeDoesNotKeepTheOthers()
    {
        bool disposed = false;
        var host = new OutboardHost(new OutboardHostOptions { PluginRoots = [] });
        host.Own(new Probe(() => disposed = true));
        host.Own(new Probe(() => throw new IOException("first")));

        Assert.Throws<AggregateException>(host.Dispose);

        Assert.True(disposed);
    }

    [Fact]
    public void PolicyReachesDevices()
    {
        var policy = new SimdPolicy();
        policy.Force(64);
        using var host = new OutboardHost(new OutboardHostOptions { Simd = policy });

        Assert.All(
            host.OpenCrypto("crypto_simd0").Info.Kernels, kernel => Assert.Equal(SimdWidth.Scalar, kernel.Width));
    }

    [Fact]
    public void CollectiblePluginIsGoneAfterDispose()
    {
        _plugins.Add("a");
        WeakReference context = LoadAndDispose();
        for (int i = 0; i < 20 && context.IsAlive; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.False(context.IsAlive);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private WeakReference LoadAndDispose()
    {
        using OutboardHost host = _plugins.CreateHost(collectible: true);
        host.OpenRegex("regex_test0").Dispose();
        AssemblyLoadContext context = AssemblyLoadContext.All.Single(
            context => context.Assemblies.Any(assembly => assembly.Location.StartsWith(_plugins.Root, StringComparison.Ordinal)));
        Assert.True(context.IsCollectible);
        return new WeakReference(context);
    }

    private static void AssertRefused(OutboardHost host, string folder, string reason)
    {
        PluginReport report = Assert.Single(host.Plugins, plugin => Path.GetFileName(plugin.Folder) == folder);
        Assert.Equal(PluginState.Refused, report.State);
        Assert.Contains(reason, report.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', report.Reason);
    }

    private sealed class Probe(Action disposed) : IDisposable
    {
        public void Dispose() => disposed();
    }
}
