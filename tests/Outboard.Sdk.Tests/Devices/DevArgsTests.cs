using Outboard.Devices;

namespace Outboard.Sdk.Tests.Devices;

public sealed class DevArgsTests
{
    [Fact]
    public void ValuesAreTakenByKind()
    {
        DevArgs args = DevArgs.Parse("dev0", "queues=3,wire=loop,fast=on,path=a=b");
        Assert.Equal(3, args.TakeInt32("queues", 1, 1, 8));
        Assert.Equal("loop", args.TakeWord("wire", "null", "null", "loop"));
        Assert.True(args.TakeBoolean("fast", false));
        Assert.Equal("a=b", args.TakeString("path"));
        Assert.Equal(7, args.TakeInt32("absent", 7, 1, 8));
        args.ThrowIfUnknown();
    }

    [Fact]
    public void UnknownKeyIsNamedAndTheKnownOnesListed()
    {
        DevArgs args = DevArgs.Parse("dev0", "quues=3");
        args.TakeInt32("queues", 1, 1, 8);
        args.TakeString("wire");
        ArgumentException e = Assert.Throws<ArgumentException>(args.ThrowIfUnknown);
        Assert.Equal("dev0: unknown device argument 'quues'; the known ones are queues, wire.", e.Message);
    }

    [Theory]
    [InlineData("queues")]
    [InlineData("=3")]
    [InlineData("a=1,a=2")]
    [InlineData("a=1,")]
    public void MalformedPairsAreRefused(string text) =>
        Assert.Throws<ArgumentException>(() => DevArgs.Parse("dev0", text));

    [Theory]
    [InlineData("0")]
    [InlineData("9")]
    [InlineData("three")]
    [InlineData("")]
    public void NumbersOutOfRangeAreRefused(string value)
    {
        DevArgs args = DevArgs.Parse("dev0", $"queues={value}");
        ArgumentException e = Assert.Throws<ArgumentException>(() => args.TakeInt32("queues", 1, 1, 8));
        Assert.Contains("1 to 8", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void OtherWordsAreRefused()
    {
        Assert.Throws<ArgumentException>(() => DevArgs.Parse("d0", "a=maybe").TakeBoolean("a", true));
        ArgumentException e = Assert.Throws<ArgumentException>(() => DevArgs.Parse("d0", "w=x").TakeWord("w", "a", "a", "b"));
        Assert.Contains("a, b", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("crypto_simd0", "crypto_simd0", "crypto_simd", 0, "")]
    [InlineData("crypto_simd12,max_simd=256,queues=2", "crypto_simd12", "crypto_simd", 12, "max_simd=256,queues=2")]
    [InlineData("net_mana", "net_mana0", "net_mana", 0, "")]
    public void SpecifierSplits(string text, string name, string driver, int index, string arguments) =>
        Assert.Equal(new DeviceSpecifier(name, driver, index, arguments), DeviceSpecifier.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData(",a=b")]
    [InlineData("Crypto0")]
    [InlineData("a b")]
    [InlineData("x99999999999999")]
    public void OtherNamesAreRefused(string text) => Assert.Throws<ArgumentException>(() => DeviceSpecifier.Parse(text));
}
