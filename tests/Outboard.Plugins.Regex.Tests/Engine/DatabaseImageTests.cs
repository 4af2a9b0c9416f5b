using System.Security.Cryptography;
using Outboard.Plugins.Regex.Engine;
using Outboard.Regex;

namespace Outboard.Plugins.Regex.Tests.Engine;

public sealed class DatabaseImageTests
{
    [Fact]
    public void RulesSurviveTheImage()
    {
        RegexRule[] rules =
        [
            RegexRule.FromText(0, "a"),
            RegexRule.FromText(int.MaxValue, "\u00FF\0", RegexRuleFlags.Caseless | RegexRuleFlags.AllowEmpty, 65535),
            RegexRule.FromText(0, string.Empty, groupId: 7),
        ];
        List<RegexRule> back = DatabaseImage.Read(DatabaseImage.Write(rules));
        Assert.Equal(
            rules.Select(static r => (r.Id, r.GroupId, r.Flags, Convert.ToHexString(r.Pattern.Span))),
            back.Select(static r => (r.Id, r.GroupId, r.Flags, Convert.ToHexString(r.Pattern.Span))));
    }

    /// <summary>Whoever can write a file can also write its checksum, so the fields are checked as well.</summary>
    [Fact]
    public void AForgedImageIsReadOrRefusedButNeverBreaks()
    {
        byte[] image = DatabaseImage.Write([.. Enumerable.Range(0, 20).Select(static i => RegexRule.FromText(i, $"rule {i}"))]);
        var random = new Random(31);
        int refused = 0;
        for (int i = 0; i < 20_000; i++)
        {
            byte[] forged = [.. image];
            for (int n = random.Next(1, 4); n > 0; n--)
            {
                int at = random.Next(8, forged.Length - SHA256.HashSizeInBytes);
                forged[at] = i % 2 == 0 ? (byte)random.Next(256) : (byte)(random.Next(2) * 255);
            }

            int length = i % 5 == 0 ? random.Next(48, forged.Length) : forged.Length;
            forged = forged[..length];
            SHA256.HashData(forged.AsSpan(0, length - SHA256.HashSizeInBytes), forged.AsSpan(length - SHA256.HashSizeInBytes));
            try
            {
                Assert.True(DatabaseImage.Read(forged).Count <= 20 * 20);
            }
            catch (FormatException)
            {
                refused++;
            }
        }

        Assert.True(refused > 5000, $"only {refused} were refused");
    }
}
