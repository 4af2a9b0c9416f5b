using System.Text.Json;

namespace Outboard.Plugins;

/// <summary>What a plugin folder says of itself in <c>plugin.json</c>, read before anything of it is loaded.</summary>
/// <param name="Name">The plugin's name.</param>
/// <param name="Version">Its version, for people.</param>
/// <param name="Contract">The version of the SDK contract it was built against.</param>
/// <param name="Assembly">The file name of its assembly, in the same folder.</param>
/// <param name="Classes">The classes it brings devices for.</param>
/// <param name="Drivers">The drivers it means to register.</param>
public sealed record PluginManifest(
    string Name, string Version, int Contract, string Assembly, IReadOnlyList<string> Classes, IReadOnlyList<string> Drivers)
{
    /// <summary>The file's name in a plugin folder.</summary>
    public const string FileName = "plugin.json";

    /// <summary>The contract version of this SDK. It changes when a plugin must be built anew.</summary>
    public const int CurrentContract = 1;

    /// <summary>Reads a manifest.</summary>
    /// <param name="json">The file's content.</param>
    /// <param name="path">The file's path, for errors.</param>
    /// <exception cref="FormatException">Not JSON, or a member is missing, misnamed or of the wrong kind.</exception>
    public static PluginManifest Parse(ReadOnlySpan<byte> json, string path)
    {
        try
        {
            var reader = new Utf8JsonReader(json);
            using var document = JsonDocument.ParseValue(ref reader);
            JsonElement root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
            {
                throw new FormatException($"{path}: a plugin manifest is a JSON object.");
            }

            var manifest = new PluginManifest(
                Text(root, "name", path),
                Text(root, "version", path),
                Number(root, "contract", path),
                Text(root, "assembly", path),
                Texts(root, "classes", path),
                Texts(root, "drivers", path));
            if (manifest.Assembly != Path.GetFileName(manifest.Assembly))
            {
                throw new FormatException($"{path}: 'assembly' must name a file in the plugin's own folder.");
            }

            return manifest;
        }
        catch (JsonException e)
        {
            throw new FormatException($"{path}: not JSON: {e.Message}", e);
        }
    }

    private static JsonElement Member(JsonElement root, string name, JsonValueKind kind, string path)
    {
        if (!root.TryGetProperty(name, out JsonElement value) || value.ValueKind != kind)
        {
            throw new FormatException($"{path}: member '{name}' is missing or not a {kind}.");
        }

        return value;
    }

    private static string Text(JsonElement root, string name, string path)
    {
        string text = Member(root, name, JsonValueKind.String, path).GetString()!;
        return text.Length != 0 ? text : throw new FormatException($"{path}: member '{name}' is empty.");
    }

    private static int Number(JsonElement root, string name, string path) =>
        Member(root, name, JsonValueKind.Number, path).TryGetInt32(out int number)
            ? number
            : throw new FormatException($"{path}: member '{name}' is not a whole number.");

    private static string[] Texts(JsonElement root, string name, string path) =>
        [.. Member(root, name, JsonValueKind.Array, path).EnumerateArray().Select(item =>
            item.ValueKind == JsonValueKind.String
                ? item.GetString()!
                : throw new FormatException($"{path}: member '{name}' holds something that is not text."))];
}
