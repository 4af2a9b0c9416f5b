using System.Text.Json;

namespace Outboard.Cli.Vectors;

/// <summary>Members of vector files.</summary>
internal static class JsonHex
{
    /// <summary>Bytes written in hexadecimal; none where the member is absent.</summary>
    public static byte[] Bytes(this JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value) ? Convert.FromHexString(value.GetString() ?? string.Empty) : [];

    /// <summary>Text; null where the member is absent.</summary>
    public static string? Text(this JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value) ? value.ToString() : null;

    /// <summary>A number; the fallback where the member is absent.</summary>
    public static long Number(this JsonElement element, string name, long fallback = 0) =>
        element.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number ? value.GetInt64() : fallback;
}
