using Outboard.Crypto.Driver;
using Outboard.Devices;

namespace Outboard.Sdk.Tests.Crypto;

public sealed class SessionTableTests
{
    [Fact]
    public void StaleHandlesAreRecognised()
    {
        var table = new SessionTable<string>("dev0", 4);
        uint first = table.Add("a");
        Assert.True(table.TryGet(first, out string? found));
        Assert.Equal("a", found);
        Assert.Equal("a", table.Remove(first));
        Assert.False(table.TryGet(first, out _));
        uint second = table.Add("b");
        Assert.NotEqual(first, second);
        Assert.False(table.TryGet(first, out _));
        Assert.True(table.TryGet(second, out _));
        Assert.Throws<ArgumentException>(() => table.Remove(first));
    }

    [Fact]
    public void ZeroIsNeverAHandle()
    {
        var table = new SessionTable<string>("dev0", 1);
        for (int i = 0; i < 10_000; i++)
        {
            uint handle = table.Add("x");
            Assert.NotEqual(0u, handle);
            Assert.False(table.TryGet(0, out _));
            table.Remove(handle);
        }
    }

    [Fact]
    public void FullTableSaysHowMuchItHolds()
    {
        var table = new SessionTable<string>("dev0", 100);
        uint[] handles = [.. Enumerable.Range(0, 100).Select(i => table.Add($"{i}"))];
        Assert.Contains("100", Assert.Throws<DeviceException>(() => table.Add("one more")).Message, StringComparison.Ordinal);
        for (int i = 0; i < 100; i++)
        {
            Assert.True(table.TryGet(handles[i], out string? found));
            Assert.Equal($"{i}", found);
        }
    }
}
