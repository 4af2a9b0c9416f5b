using System.Text;
using System.Text.Json;
using Outboard.Plugins.Regex.Rules;
using Outboard.Testing;

namespace Outboard.Plugins.Regex.Tests.Vectors;

/// <summary>Reads the one-pattern-a-line vectors.</summary>
internal static class JsonVectors
{
    public static IEnumerable<JsonElement> Read(string name)
    {
        Assert.SkipUnless(SharedVectors.TryFind($"regex/{name}", out string path), SharedVectors.Reason($"regex/{name}"));
        foreach (string line in File.ReadLines(path))
        {
            using var document = JsonDocument.Parse(line);
            yield return document.RootElement.Clone();
        }
    }

    public static byte[] Bytes(JsonElement test, string name) =>
        test.TryGetProperty(name + "_hex", out JsonElement hex)
            ? Convert.FromHexString(hex.GetString()!)
            : Encoding.UTF8.GetBytes(test.GetProperty(name).GetString()!);

    /// <summary>The options of a test, or the name of a flag that this device does not have.</summary>
    public static RuleOptions Options(JsonElement test, out string? unknown)
    {
        RuleOptions options = test.TryGetProperty("utf", out JsonElement utf) && utf.GetBoolean() ? RuleOptions.Utf : RuleOptions.None;
        unknown = null;
        foreach (JsonElement flag in test.GetProperty("flags").EnumerateArray())
        {
            RuleOptions? known = flag.GetString() switch
            {
                "caseless" => RuleOptions.Caseless,
                "multiline" => RuleOptions.Multiline,
                "dotall" => RuleOptions.DotAll,
                "extended" => RuleOptions.Extended,
                "extended_more" => RuleOptions.Extended | RuleOptions.ExtendedMore,
                "anchored" => RuleOptions.Anchored,
                "dollar_endonly" => RuleOptions.DollarEndOnly,
                "dupnames" => RuleOptions.DuplicateNames,
                "no_auto_capture" => RuleOptions.NoAutoCapture,
                "ungreedy" => RuleOptions.Ungreedy,
                "allow_empty" => RuleOptions.AllowEmpty,
                "ucp" => RuleOptions.UnicodeProperties,
                "single_match" or "som_leftmost" => RuleOptions.None,
                _ => null,
            };
            unknown = known is null ? flag.GetString() : unknown;
            options |= known ?? RuleOptions.None;
        }

        return options;
    }
}
