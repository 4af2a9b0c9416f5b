using Outboard.Plugins;

namespace Outboard.Host;

/// <summary>One plugin folder: what its manifest says, and what became of it.</summary>
/// <remarks>Everything here happens before anything of the plugin is loaded.</remarks>
internal sealed class PluginFolder
{
    /// <summary>The one assembly that host and plugins share.</summary>
    public const string SharedAssembly = "Outboard.Sdk";

    private PluginFolder(string path, PluginManifest? manifest, string reason)
    {
        Path = path;
        Manifest = manifest;
        Reason = reason;
        State = reason.Length == 0 ? PluginState.Found : PluginState.Refused;
    }

    public string Path { get; }

    public PluginManifest? Manifest { get; }

    public PluginState State { get; private set; }

    public string Reason { get; private set; }

    /// <summary>The plugin's assembly; only for a folder that is not refused.</summary>
    public string AssemblyPath => System.IO.Path.Combine(Path, Manifest!.Assembly);

    public PluginReport Report => new(
        Manifest?.Name ?? System.IO.Path.GetFileName(Path),
        Path,
        Manifest?.Version ?? string.Empty,
        State,
        Reason,
        Manifest?.Drivers ?? []);

    /// <summary>Reads and checks a folder.</summary>
    public static PluginFolder Read(string path)
    {
        path = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path));
        PluginManifest? manifest = null;
        try
        {
            manifest = ReadManifest(path);
            Check(path, manifest);
            return new PluginFolder(path, manifest, string.Empty);
        }
        catch (Exception e) when (e is PluginException or FormatException or IOException or UnauthorizedAccessException)
        {
            return new PluginFolder(path, manifest, e.Message);
        }
    }

    /// <summary>Notes that the plugin's drivers are registered.</summary>
    public void MarkLoaded() => State = PluginState.Loaded;

    /// <summary>Notes that the plugin is of no use, and why.</summary>
    public void Refuse(string reason)
    {
        State = PluginState.Refused;
        Reason = reason;
    }

    /// <summary>Whether the manifest declares a driver.</summary>
    public bool Declares(string driver) => Manifest is not null && Manifest.Drivers.Contains(driver);

    private static PluginManifest ReadManifest(string path)
    {
        if (!Directory.Exists(path))
        {
            throw new PluginException("the folder does not exist");
        }

        string file = System.IO.Path.Combine(path, PluginManifest.FileName);
        if (!File.Exists(file))
        {
            throw new PluginException($"the folder has no {PluginManifest.FileName}");
        }

        return PluginManifest.Parse(File.ReadAllBytes(file), PluginManifest.FileName);
    }

    private static void Check(string path, PluginManifest manifest)
    {
        if (manifest.Contract != PluginManifest.CurrentContract)
        {
            throw new PluginException(
                $"built against contract {manifest.Contract} of the SDK; this host has contract {PluginManifest.CurrentContract}");
        }

        // A copy of its own would be loaded beside the host's, and its IDevicePlugin would be another type.
        if (File.Exists(System.IO.Path.Combine(path, SharedAssembly + ".dll")))
        {
            throw new PluginException(
                $"the folder holds {SharedAssembly}.dll, which comes from the host; reference it with Private=\"false\"");
        }

        if (!File.Exists(System.IO.Path.Combine(path, manifest.Assembly)))
        {
            throw new PluginException($"the folder has no {manifest.Assembly}");
        }

        if (PluginDependencies.FindMissing(path, manifest.Assembly) is { } missing)
        {
            throw new PluginException($"its dependency {missing} is missing from the folder");
        }
    }
}
