namespace Outboard.Cli.Tests;

/// <summary>A folder of a test's own.</summary>
public class TemporaryFolder : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("outboard-cli-").FullName;

    /// <summary>A path in the folder.</summary>
    protected string InFolder(string name) => Path.Combine(_path, name);

    /// <summary>The files in the folder.</summary>
    protected string[] Files => [.. Directory.GetFiles(_path).Select(file => Path.GetFileName(file)).Order()];

    /// <summary>Writes a file.</summary>
    protected string Write(string name, string text)
    {
        File.WriteAllText(InFolder(name), text);
        return InFolder(name);
    }

    public void Dispose()
    {
        Directory.Delete(_path, recursive: true);
        GC.SuppressFinalize(this);
    }
}
