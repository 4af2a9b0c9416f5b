using System.Text;
using Outboard.Plugins;

namespace Outboard.Sdk.Tests.Plugins;

public sealed class PluginManifestTests
{
    private const string Good =
        """{"name":"P","version":"1.2","contract":1,"assembly":"P.dll","classes":["regex"],"drivers":["regex_p"]}""";

    [Fact]
    public void GoodManifestIsRead()
    {
        PluginManifest manifest = Parse(Good);
        Assert.Equal(("P", "1.2", 1, "P.dll"), (manifest.Name, manifest.Version, manifest.Contract, manifest.Assembly));
        Assert.Equal(["regex"], manifest.Classes);
        Assert.Equal(["regex_p"], manifest.Drivers);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"name\":")]
    public void OtherTextIsRefused(string json) => Assert.Throws<FormatException>(() => Parse(json));

    [Theory]
    [InlineData("\"name\":\"P\"", "\"name\":7", "name")]
    [InlineData("\"name\":\"P\"", "\"name\":\"\"", "name")]
    [InlineData("\"contract\":1", "\"contract\":\"1\"", "contract")]
    [InlineData("\"contract\":1", "\"contract\":1.5", "contract")]
    [InlineData("\"assembly\":\"P.dll\"", "\"assembly\":\"../P.dll\"", "assembly")]
    [InlineData("[\"regex_p\"]", "[1]", "drivers")]
    public void WrongMemberIsNamed(string from, string to, string member)
    {
        FormatException e = Assert.Throws<FormatException>(() => Parse(Good.Replace(from, to, StringComparison.Ordinal)));
        Assert.Contains(member, e.Message, StringComparison.Ordinal);
        Assert.Contains("plugin.json", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void EveryTruncationIsRefused()
    {
        for (int length = 0; length < Good.Length; length++)
        {
            Assert.Throws<FormatException>(() => Parse(Good[..length]));
        }
    }

    private static PluginManifest Parse(string json) => PluginManifest.Parse(Encoding.UTF8.GetBytes(json), "plugin.json");
}
