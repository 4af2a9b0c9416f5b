using Outboard.Cli.Inspect;

namespace Outboard.Cli.Tests.Inspect;

public sealed class ProtectionKeyTests
{
    // RFC 8448 section 3: {server} derive write traffic keys for handshake data.
    private const string Secret = "b67b7d690cc16c4e75e54213cb2d37b4e9c912bcded9105d42befd59d391ad38";

    [Fact]
    public void KeyAndIvAreThoseOfTheStandard()
    {
        var key = ProtectionKey.Parse("tls13:" + Secret);

        Assert.Equal("3fce516009c21727d0f2e4e86ee403bc", Convert.ToHexStringLower(key.DeriveKey()));
        Assert.Equal("5d313eb2671276ee13000b30", Convert.ToHexStringLower(key.DeriveIv()));
    }

    [Fact]
    public void TextReadsBack()
    {
        foreach (ProtectionKind kind in (ProtectionKind[])[ProtectionKind.Tls13, ProtectionKind.Pdcp])
        {
            var key = ProtectionKey.Create(kind);
            var read = ProtectionKey.Parse(key.ToString());

            Assert.Equal(kind, read.Kind);
            Assert.Equal(key.ToString(), read.ToString());
            Assert.Equal(key.CipherKey.ToArray(), read.CipherKey.ToArray());
            Assert.Equal(key.IntegrityKey.ToArray(), read.IntegrityKey.ToArray());
        }
    }

    [Fact]
    public void NextGenerationIsAnother()
    {
        var key = ProtectionKey.Parse("tls13:" + Secret);

        Assert.NotEqual(key.ToString(), key.Next().ToString());
        Assert.Equal(key.Next().ToString(), key.Next().ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("tls13:")]
    [InlineData("tls13:zz")]
    [InlineData("ssl:" + Secret)]
    [InlineData("tls13:" + Secret + "00")]
    public void WhatIsNoKeyIsRefusedWithoutRepeatingIt(string text)
    {
        UserException e = Assert.Throws<UserException>(() => ProtectionKey.Parse(text));

        Assert.DoesNotContain(Secret, e.Message, StringComparison.Ordinal);
    }
}
