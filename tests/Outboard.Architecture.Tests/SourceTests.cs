using System.Text.RegularExpressions;

namespace Outboard.Architecture.Tests;

/// <summary>Rules of style that hold for every source file of the product.</summary>
public sealed partial class SourceTests
{
    [Fact]
    public void NothingIsLeftToBeDone() => AssertNone(Unfinished());

    [Fact]
    public void NothingIsNotImplemented() => AssertNone(NotImplemented());

    // Policy, pools and clocks arrive through constructors. Constants, read-only fields and properties without a setter stay.
    [Fact]
    public void ThereAreNoMutableStatics() => AssertNone(MutableStatic());

    [Theory]
    [InlineData("    private static int s_count;", true)]
    [InlineData("    internal static List<int> Things = [];", true)]
    [InlineData("    public static int Level { get; set; }", true)]
    [InlineData("    private static readonly int[] s_table = [1];", false)]
    [InlineData("    public static int Level { get; } = 3;", false)]
    [InlineData("    public static int Twice(int x) => 2 * x;", false)]
    public void TheRuleForStaticsSeesWhatItIsFor(string line, bool isMutable) =>
        Assert.Equal(isMutable, MutableStatic().IsMatch(line));

    [Fact]
    public void OneClassKnowsTheLoaderLibrary()
    {
        string[] users = [.. Repository.Sources.Where(source => source.Text.Contains("McMaster", StringComparison.Ordinal)).Select(source => source.Path)];

        Assert.Equal(["host/Outboard.Host/Plugins/PluginAssembly.cs"], users);
    }

    [Fact]
    public void OnlyTheMemoryFolderOfTheSdkMapsMemory() => Assert.All(
        Repository.Sources.Where(source => source.Path.StartsWith("sdk/Outboard.Sdk/", StringComparison.Ordinal)
            && source.Text.Contains("EntryPoint = \"mmap\"", StringComparison.Ordinal)),
        source => Assert.StartsWith("sdk/Outboard.Sdk/Memory/", source.Path, StringComparison.Ordinal));

    [Fact]
    public void APluginShowsItsEntryAlone()
    {
        foreach ((string path, string text) in Repository.Sources.Where(source => source.Path.StartsWith("plugins/", StringComparison.Ordinal)))
        {
            if (PublicType().IsMatch(text))
            {
                Assert.EndsWith("Plugin.cs", path, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void UnixLineEndsAndNoTabs()
    {
        foreach ((string path, string text) in Repository.Sources)
        {
            Assert.False(text.Contains('\r'), $"{path} has carriage returns");
            Assert.False(text.Contains('\t'), $"{path} has tabs");
            Assert.True(text.EndsWith('\n'), $"{path} does not end in a newline");
        }
    }

    private static void AssertNone(Regex pattern)
    {
        string[] found =
        [
            .. Repository.Sources.SelectMany(source => source.Text.Split('\n')
                .Select((line, i) => (line, i))
                .Where(item => pattern.IsMatch(item.line))
                .Select(item => $"{source.Path}:{item.i + 1}: {item.line.Trim()}")),
        ];

        Assert.True(found.Length == 0, string.Join('\n', found));
    }

    [GeneratedRegex(@"\bTODO\b|\bFIXME\b|\bHACK\b|\bXXX\b")]
    private static partial Regex Unfinished();

    [GeneratedRegex("NotImplementedException")]
    private static partial Regex NotImplemented();

    [GeneratedRegex(@"^\s*(?:public|internal|private|protected)\s+(?:\w+\s+)*?static\s+(?!.*\b(?:readonly|const|class|struct|record|partial|event|abstract|virtual|delegate|extern|operator|implicit|explicit|override|unsafe ref)\b)[\w<>\[\],.?*\s]+?\s\w+\s*(?:=[^>]|;)|^\s*(?:public|internal|private|protected)\s+static\s+.*\{\s*get;\s*(?:private |internal )?set;")]
    private static partial Regex MutableStatic();

    [GeneratedRegex(@"^public\s+(?:\w+\s+)*(?:class|struct|record|interface|enum)\s", RegexOptions.Multiline)]
    private static partial Regex PublicType();
}
