using System.Text;
using System.Text.RegularExpressions;
using Outboard.Captures;
using Outboard.Regex;
using Outboard.Testing;

namespace Outboard.Sdk.Tests.Captures;

/// <summary>The files in samples/data hold what their README says.</summary>
public sealed class SampleDataTests
{
    private static readonly string s_folder = Path.Combine(
        SharedVectors.RepositoryRoot ?? throw new DirectoryNotFoundException("The tests run inside a checkout."), "samples", "data");

    [Theory]
    [InlineData("campus.pcap", 7_494)]
    [InlineData("campus-train.pcap", 13_213)]
    [InlineData("campus-unseen.pcap", 7_242)]
    public void EveryCaptureIsWholeAndEthernet(string name, int frames)
    {
        using CaptureReader reader = CaptureReader.Open(Path.Combine(s_folder, name));
        long last = 0;
        while (reader.TryRead(out CaptureRecord record))
        {
            Assert.Equal(LinkType.Ethernet, record.LinkType);
            Assert.Equal(record.OriginalLength, (uint)record.CapturedLength);
            Assert.InRange(record.CapturedLength, 42, 1514);
            last = record.Timestamp;
        }
        Assert.Equal(frames, reader.RecordCount);
        Assert.Equal(reader.Length, reader.Position);
        Assert.True(last > 0);
    }

    [Theory]
    [InlineData("campus.labels")]
    [InlineData("campus-train.labels")]
    [InlineData("campus-unseen.labels")]
    public void EveryLabelNamesAKindAndAFlow(string name)
    {
        int count = 0;
        foreach (string line in File.ReadLines(Path.Combine(s_folder, name)).Where(line => !line.StartsWith('#')))
        {
            string[] words = line.Split(' ');
            Assert.Equal(6, words.Length);
            Assert.Contains(words[0], new[] { "scan", "attack", "bruteforce" });
            Assert.Contains(words[1], new[] { "tcp", "udp", "icmp" });
            count++;
        }
        Assert.True(count > 100);
    }

    [Fact]
    public void TheRulesFindTheAttackersAndNobodyElse()
    {
        // .NET's engine on Latin-1 text: one character a byte.
        IReadOnlyList<RegexRule> rules = RegexRuleFile.Read(Path.Combine(s_folder, "rules.txt"));
        Assert.InRange(rules.Count, 150, 300);
        System.Text.RegularExpressions.Regex[] hostile = [.. rules.Where(rule => rule.Id < 3_000).Select(Compile)];
        using CaptureReader reader = CaptureReader.Open(Path.Combine(s_folder, "campus.pcap"));
        int found = 0, ordinary = 0;
        for (int i = 0; reader.TryRead(out CaptureRecord record); i++)
        {
            (bool fromAttacker, bool toAttacker, bool hasPayload) = Look(record.Data);
            string text = Encoding.Latin1.GetString(record.Data);
            if (fromAttacker && hasPayload)
            {
                found += hostile.Any(rule => rule.IsMatch(text)) ? 1 : 0;
            }
            else if (!fromAttacker && !toAttacker && i % 20 == 0)
            {
                ordinary++;
                Assert.DoesNotContain(hostile, rule => rule.IsMatch(text));
            }
        }
        Assert.True(found >= 280, $"{found} frames of attackers found");
        Assert.True(ordinary > 250);
    }

    private static System.Text.RegularExpressions.Regex Compile(RegexRule rule)
    {
        RegexOptions options = RegexOptions.CultureInvariant;
        options |= rule.Flags.HasFlag(RegexRuleFlags.Caseless) ? RegexOptions.IgnoreCase : 0;
        options |= rule.Flags.HasFlag(RegexRuleFlags.DotAll) ? RegexOptions.Singleline : 0;
        options |= rule.Flags.HasFlag(RegexRuleFlags.MultiLine) ? RegexOptions.Multiline : 0;
        return new System.Text.RegularExpressions.Regex(Encoding.Latin1.GetString(rule.Pattern.Span), options);
    }

    // The attackers' addresses are 203.0.113.0/24 and 2001:db8:bad::/48.
    private static (bool From, bool To, bool HasPayload) Look(ReadOnlySpan<byte> frame)
    {
        if (frame[12] == 0x08 && frame[13] == 0x00)
        {
            return (IsBad4(frame[26..]), IsBad4(frame[30..]), frame.Length > 66);
        }
        bool six = frame[12] == 0x86 && frame[13] == 0xDD;
        return (six && IsBad6(frame[22..]), six && IsBad6(frame[38..]), frame.Length > 86);
    }

    private static bool IsBad4(ReadOnlySpan<byte> address) => address.StartsWith((ReadOnlySpan<byte>)[203, 0, 113]);

    private static bool IsBad6(ReadOnlySpan<byte> address)
        => address.StartsWith((ReadOnlySpan<byte>)[0x20, 0x01, 0x0D, 0xB8, 0x0B, 0xAD]);
}
