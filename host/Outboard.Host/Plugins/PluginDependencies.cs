using System.Runtime.InteropServices;
using System.Text.Json;

namespace Outboard.Host;

/// <summary>Compares a plugin's <c>.deps.json</c> with the files in its folder.</summary>
/// <remarks>
/// Without this a missing assembly shows only when the first method that uses it is compiled, in the middle of a run.
/// A plugin without the file is loaded as it is: the loader then probes the folder.
/// </remarks>
internal static class PluginDependencies
{
    /// <summary>The first file that the plugin needs on this platform and has not, or null.</summary>
    public static string? FindMissing(string folder, string assembly)
    {
        string path = Path.Combine(folder, Path.ChangeExtension(assembly, ".deps.json"));
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            string target = document.RootElement.GetProperty("runtimeTarget").GetProperty("name").GetString()!;
            foreach (JsonProperty library in document.RootElement.GetProperty("targets").GetProperty(target).EnumerateObject())
            {
                if (FindMissing(folder, library) is { } missing)
                {
                    return missing;
                }
            }
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new PluginException($"{Path.GetFileName(path)} is malformed: {e.Message}");
        }

        return null;
    }

    private static string? FindMissing(string folder, JsonProperty library)
    {
        if (library.Name.StartsWith(PluginFolder.SharedAssembly + "/", StringComparison.Ordinal))
        {
            return null;
        }

        if (library.Value.TryGetProperty("runtime", out JsonElement managed))
        {
            foreach (JsonProperty asset in managed.EnumerateObject())
            {
                string name = Path.GetFileName(asset.Name);
                if (!File.Exists(Path.Combine(folder, name)))
                {
                    return $"{name} ({library.Name})";
                }
            }
        }

        return library.Value.TryGetProperty("runtimeTargets", out JsonElement native) ? FindMissingNative(folder, library.Name, native) : null;
    }

    private static string? FindMissingNative(string folder, string library, JsonElement assets)
    {
        foreach (JsonProperty asset in assets.EnumerateObject())
        {
            bool ours = asset.Value.TryGetProperty("rid", out JsonElement rid)
                && rid.GetString() == RuntimeInformation.RuntimeIdentifier;
            bool found = File.Exists(Path.Combine(folder, asset.Name))
                || File.Exists(Path.Combine(folder, Path.GetFileName(asset.Name)));
            if (ours && !found)
            {
                return $"{asset.Name} ({library})";
            }
        }

        return null;
    }
}
