using System.Buffers.Binary;
using System.Security.Cryptography;
using Outboard.Regex;

namespace Outboard.Plugins.Regex.Engine;

/// <summary>
/// The export of a rule set: the rules themselves, which an import compiles again.
/// </summary>
/// <remarks>
/// Little-endian: 8 bytes of magic, u32 version, u32 rule count; for each rule i32 id, u16 group, u16 zero, u32 flags, u32 pattern
/// length, the pattern; then the SHA-256 of everything before it. The hash finds damage; against malice every field is checked as well.
/// </remarks>
internal static class DatabaseImage
{
    private const uint Version = 1;
    private const int HeaderLength = 16;
    private const int RuleHeaderLength = 16;

    private static ReadOnlySpan<byte> Magic => "OBREGEX\0"u8;

    public static byte[] Write(IReadOnlyList<RegexRule> rules)
    {
        var image = new byte[HeaderLength + rules.Sum(static r => RuleHeaderLength + r.Pattern.Length) + SHA256.HashSizeInBytes];
        Span<byte> at = image;
        Magic.CopyTo(at);
        BinaryPrimitives.WriteUInt32LittleEndian(at[8..], Version);
        BinaryPrimitives.WriteUInt32LittleEndian(at[12..], (uint)rules.Count);
        at = at[HeaderLength..];
        foreach (RegexRule rule in rules)
        {
            BinaryPrimitives.WriteInt32LittleEndian(at, rule.Id);
            BinaryPrimitives.WriteUInt16LittleEndian(at[4..], rule.GroupId);
            BinaryPrimitives.WriteUInt32LittleEndian(at[8..], (uint)rule.Flags);
            BinaryPrimitives.WriteUInt32LittleEndian(at[12..], (uint)rule.Pattern.Length);
            rule.Pattern.Span.CopyTo(at[RuleHeaderLength..]);
            at = at[(RuleHeaderLength + rule.Pattern.Length)..];
        }

        SHA256.HashData(image.AsSpan(0, image.Length - at.Length), at);
        return image;
    }

    /// <exception cref="FormatException">The image is damaged, of another version or of another make.</exception>
    public static List<RegexRule> Read(ReadOnlySpan<byte> image)
    {
        if (image.Length < HeaderLength + SHA256.HashSizeInBytes || !image.StartsWith(Magic))
        {
            throw new FormatException("The rule database is not one of this device's: it must be an export of a device of this plugin.");
        }

        uint version = BinaryPrimitives.ReadUInt32LittleEndian(image[8..]);
        if (version != Version)
        {
            throw new FormatException($"The rule database has version {version}; this device reads version {Version}.");
        }

        ReadOnlySpan<byte> body = image[..^SHA256.HashSizeInBytes];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(body, hash);
        if (!hash.SequenceEqual(image[body.Length..]))
        {
            throw new FormatException("The rule database is damaged: its checksum does not agree with its content.");
        }

        uint count = BinaryPrimitives.ReadUInt32LittleEndian(image[12..]);
        return ReadRules(body[HeaderLength..], count);
    }

    private static List<RegexRule> ReadRules(ReadOnlySpan<byte> at, uint count)
    {
        List<RegexRule> rules = [];
        HashSet<(ushort, int)> seen = [];
        for (uint i = 0; i < count; i++)
        {
            if (at.Length < RuleHeaderLength)
            {
                throw new FormatException($"The rule database is cut short: it promises {count} rules and ends in rule {i}.");
            }

            int id = BinaryPrimitives.ReadInt32LittleEndian(at);
            ushort group = BinaryPrimitives.ReadUInt16LittleEndian(at[4..]);
            ushort reserved = BinaryPrimitives.ReadUInt16LittleEndian(at[6..]);
            var flags = (RegexRuleFlags)BinaryPrimitives.ReadUInt32LittleEndian(at[8..]);
            uint length = BinaryPrimitives.ReadUInt32LittleEndian(at[12..]);
            at = at[RuleHeaderLength..];
            if (id < 0 || reserved != 0 || (flags & ~RuleTranslation.Known) != 0 || length > (uint)at.Length || !seen.Add((group, id)))
            {
                throw new FormatException($"The rule database holds nonsense in rule {i}.");
            }

            rules.Add(new RegexRule(id, at[..(int)length].ToArray(), flags, group));
            at = at[(int)length..];
        }

        return at.IsEmpty ? rules : throw new FormatException($"The rule database has {at.Length} bytes behind its last rule.");
    }
}
