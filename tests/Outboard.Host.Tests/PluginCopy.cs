using System.Text.Json.Nodes;

namespace Outboard.Host.Tests;

/// <summary>A folder of plugins of a test's own: copies of the published one, each to be broken as the test likes.</summary>
public sealed class PluginCopy : IDisposable
{
    public const string Name = "Outboard.TestPlugin";

    public PluginCopy() => Directory.CreateDirectory(Root);

    /// <summary>The folder whose subfolders are the copies.</summary>
    public string Root { get; } = Path.Combine(Path.GetTempPath(), $"outboard-host-{Guid.NewGuid():N}");

    /// <summary>Copies the published plugin.</summary>
    public string Add(string folder)
    {
        string target = Path.Combine(Root, folder);
        Directory.CreateDirectory(target);
        foreach (string file in Directory.GetFiles(Path.Combine(OutboardHost.DefaultRoot, Name)))
        {
            File.Copy(file, Path.Combine(target, Path.GetFileName(file)));
        }

        return target;
    }

    /// <summary>Copies the published plugin and changes its manifest.</summary>
    public string Add(string folder, Action<JsonObject> change)
    {
        string target = Add(folder);
        string manifest = Path.Combine(target, "plugin.json");
        JsonObject json = JsonNode.Parse(File.ReadAllText(manifest))!.AsObject();
        change(json);
        File.WriteAllText(manifest, json.ToJsonString());
        return target;
    }

    /// <summary>A host over the copies alone.</summary>
    public OutboardHost CreateHost(bool onDemand = false, bool collectible = false) => new(new OutboardHostOptions
    {
        PluginRoots = [Root],
        LoadOnDemand = onDemand,
        CollectiblePlugins = collectible,
    });

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
