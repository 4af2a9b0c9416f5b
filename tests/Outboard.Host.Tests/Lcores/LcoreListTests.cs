namespace Outboard.Host.Tests;

public sealed class LcoreListTests
{
    [Fact]
    public void EveryAvailableCpuCanBeNamed()
    {
        LcoreList all = LcoreList.Available;

        Assert.Equal(all, LcoreList.Parse(string.Join(',', all)));
        Assert.Equal(all.Count, LcoreList.Parse(all.ToString()).Count);
    }

    [Fact]
    public void RangesAndNumbersMix()
    {
        int first = LcoreList.Available[0];

        Assert.Equal([first], LcoreList.Parse($"{first}-{first}"));
        Assert.Equal([first], LcoreList.Parse($" {first} "));
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("1-")]
    [InlineData("-1")]
    [InlineData("3-1")]
    [InlineData("1-2-3")]
    [InlineData("0,,0")]
    [InlineData("99999999999")]
    public void WhatIsNoListIsRefusedInOneLine(string text)
    {
        ArgumentException e = Assert.Throws<ArgumentException>(() => LcoreList.Parse(text));

        Assert.Contains("is not a list of CPUs", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', e.Message);
    }

    [Fact]
    public void CpusTwiceOrNotThereAreRefusedWithWhatIsThere()
    {
        int first = LcoreList.Available[0];

        Assert.Contains("twice", Assert.Throws<ArgumentException>(() => LcoreList.Parse($"{first},{first}")).Message, StringComparison.Ordinal);
        string missing = Assert.Throws<ArgumentException>(() => LcoreList.Parse("1023")).Message;
        Assert.Contains($"it may use {LcoreList.Available}", missing, StringComparison.Ordinal);
    }
}
