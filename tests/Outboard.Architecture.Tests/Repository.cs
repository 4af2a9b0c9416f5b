using System.Xml.Linq;

namespace Outboard.Architecture.Tests;

/// <summary>The checkout that the tests run from: its projects and sources.</summary>
internal static class Repository
{
    private static readonly string[] s_sourceFolders = ["sdk", "plugins", "host"];

    /// <summary>The repository's root.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Every project, by its path from the root with forward slashes.</summary>
    public static IReadOnlyDictionary<string, XDocument> Projects { get; } = Directory
        .EnumerateFiles(Root, "*.csproj", SearchOption.AllDirectories)
        .Where(path => !IsOutput(path))
        .ToDictionary(Relative, path => XDocument.Load(path), StringComparer.Ordinal);

    /// <summary>Every source file of the product, by its path from the root.</summary>
    public static IEnumerable<(string Path, string Text)> Sources => s_sourceFolders
        .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Root, folder), "*.cs", SearchOption.AllDirectories))
        .Where(path => !IsOutput(path))
        .Select(path => (Relative(path), File.ReadAllText(path)));

    /// <summary>The projects that a project references, by path from the root.</summary>
    public static IEnumerable<(string Path, XElement Reference)> References(string project) => Projects[project]
        .Descendants("ProjectReference")
        .Select(reference => (Resolve(project, reference.Attribute("Include")!.Value), reference));

    /// <summary>The packages that a project references.</summary>
    public static IEnumerable<string> Packages(string project) => Projects[project]
        .Descendants("PackageReference").Select(reference => reference.Attribute("Include")!.Value);

    /// <summary>A path in a project file, from the root.</summary>
    public static string Resolve(string project, string include) => Relative(
        Path.GetFullPath(Path.Combine(Root, Path.GetDirectoryName(project)!, include)));

    private static string Relative(string path) => Path.GetRelativePath(Root, path).Replace('\\', '/');

    private static bool IsOutput(string path) => path.Contains("/bin/", StringComparison.Ordinal)
        || path.Contains("/obj/", StringComparison.Ordinal) || path.Contains("/artifacts/", StringComparison.Ordinal);

    private static string FindRoot()
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "Outboard.slnx")))
            {
                return at.FullName;
            }
        }

        throw new DirectoryNotFoundException("The architecture tests run from a checkout.");
    }
}
