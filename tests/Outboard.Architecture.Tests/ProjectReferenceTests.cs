using System.Xml.Linq;

namespace Outboard.Architecture.Tests;

/// <summary>Which way the arrows run: sample to host and sdk, host to sdk, plugin to sdk.</summary>
public sealed class ProjectReferenceTests
{
    private const string Sdk = "sdk/Outboard.Sdk/Outboard.Sdk.csproj";
    private const string OpenCL = "sdk/Outboard.OpenCL/Outboard.OpenCL.csproj";
    private const string Conformance = "sdk/Outboard.Conformance/Outboard.Conformance.csproj";
    private const string Host = "host/Outboard.Host/Outboard.Host.csproj";
    private const string Cli = "host/Outboard.Cli/Outboard.Cli.csproj";

    public static TheoryData<string> Plugins => [.. Repository.Projects.Keys.Where(path => path.StartsWith("plugins/", StringComparison.Ordinal))];

    public static TheoryData<string> Samples => [.. Repository.Projects.Keys.Where(path => path.StartsWith("samples/", StringComparison.Ordinal))];

    [Fact]
    public void SdkStandsAloneWithoutPackages()
    {
        Assert.Empty(Repository.References(Sdk));
        Assert.Empty(Repository.Packages(Sdk));
    }

    [Fact]
    public void OtherSdkProjectsReferenceTheSdkAlone()
    {
        Assert.Equal([Sdk], Targets(Conformance));
        Assert.Empty(Repository.Packages(Conformance));
        Assert.All(Targets(OpenCL), target => Assert.Equal(Sdk, target));
        Assert.Equal(["Silk.NET.OpenCL"], Repository.Packages(OpenCL).Where(package => package.StartsWith("Silk", StringComparison.Ordinal)));
    }

    [Fact]
    public void HostReferencesTheSdkAlone() => Assert.Equal([Sdk], Targets(Host));

    [Fact]
    public void ProgramReferencesHostAndSdk() =>
        Assert.Subset(new HashSet<string> { Host, Conformance, Sdk }, Targets(Cli).ToHashSet());

    [Theory]
    [MemberData(nameof(Plugins))]
    public void PluginReferencesTheSdkWithoutCarryingIt(string plugin)
    {
        Assert.Subset(new HashSet<string> { Sdk, OpenCL }, Targets(plugin).ToHashSet());
        XElement sdk = Repository.References(plugin).Single(reference => reference.Path == Sdk).Reference;
        Assert.Equal("false", sdk.Attribute("Private")?.Value);
        Assert.Equal("runtime", sdk.Attribute("ExcludeAssets")?.Value);
        Assert.Contains(
            Repository.Projects[plugin].Descendants("EnableDynamicLoading"), element => element.Value == "true");
        Assert.True(File.Exists(Path.Combine(Repository.Root, Path.GetDirectoryName(plugin)!, "plugin.json")));
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void SampleReferencesHostAndSdkOnly(string sample) => Assert.All(
        Targets(sample),
        target => Assert.True(
            target == Host || target.StartsWith("sdk/", StringComparison.Ordinal) || target.StartsWith("samples/", StringComparison.Ordinal),
            $"{sample} references {target}"));

    [Fact]
    public void NothingReferencesAPluginButToLayItOutOrTestIt()
    {
        foreach (string project in Repository.Projects.Keys)
        {
            bool mayReference = project.StartsWith("tests/", StringComparison.Ordinal);
            Assert.True(
                mayReference || Targets(project).All(target => !target.StartsWith("plugins/", StringComparison.Ordinal)),
                $"{project} references a plugin");
        }
    }

    [Fact]
    public void EveryProjectIsInTheSolution()
    {
        string solution = File.ReadAllText(Path.Combine(Repository.Root, "Outboard.slnx"));

        Assert.All(
            Repository.Projects.Keys, project => Assert.Contains($"\"{project}\"", solution, StringComparison.Ordinal));
    }

    [Fact]
    public void PluginsAreLaidOutBesideTheProgram()
    {
        string[] laidOut =
        [
            .. Repository.Projects[Cli].Descendants("PluginProject")
                .Select(item => Repository.Resolve(Cli, item.Attribute("Include")!.Value)).Order(),
        ];

        Assert.Equal(Repository.Projects.Keys.Where(path => path.StartsWith("plugins/", StringComparison.Ordinal)).Order(), laidOut);
    }

    private static IEnumerable<string> Targets(string project) => Repository.References(project).Select(reference => reference.Path)
        .Where(target => !target.Contains('@'));
}
