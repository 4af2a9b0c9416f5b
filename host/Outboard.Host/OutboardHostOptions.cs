using Outboard.Simd;

namespace Outboard.Host;

/// <summary>How an <see cref="OutboardHost"/> is made.</summary>
public sealed record OutboardHostOptions
{
    /// <summary>The folder name that is looked for beside the program.</summary>
    public const string DefaultPluginRoot = "plugins";

    /// <summary>The SIMD switch that every device obeys; null reads the environment variable.</summary>
    public SimdPolicy? Simd { get; init; }

    /// <summary>
    /// Folders whose subfolders are plugins. Null for <c>plugins</c> beside the program; a folder that does not exist
    /// holds no plugins.
    /// </summary>
    public IReadOnlyList<string>? PluginRoots { get; init; }

    /// <summary>Further folders, each of which is one plugin.</summary>
    public IReadOnlyList<string> PluginFolders { get; init; } = [];

    /// <summary>
    /// Whether a plugin is loaded only when one of the drivers its manifest declares is asked for. Manifests are read
    /// and checked in either case. Off by default.
    /// </summary>
    public bool LoadOnDemand { get; init; }

    /// <summary>
    /// Whether plugins can be unloaded again. Off by default: code of a collectible plugin loses devirtualisation and
    /// pays for each access of a static.
    /// </summary>
    public bool CollectiblePlugins { get; init; }
}
