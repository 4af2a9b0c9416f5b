using System.Text.Json;

namespace Outboard.Cli.Vectors;

/// <summary>Reads a file of crypto vectors of either form.</summary>
internal static class CryptoCaseReader
{
    /// <summary>The cases of a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="shown">Its path for errors.</param>
    /// <exception cref="FormatException">The file is not of either form.</exception>
    public static IReadOnlyList<CryptoCase> Read(string path, string shown)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
            JsonElement root = document.RootElement;
            return root.TryGetProperty("testGroups", out _)
                ? [.. WycheproofCases.Read(root)]
                : [.. CryptoSetCases.Read(root)];
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new FormatException($"{shown}: not a file of crypto vectors: {e.Message}", e);
        }
    }
}
