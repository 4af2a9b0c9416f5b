using System.Text;
using Outboard.Regex;
using Outboard.Regex.Ids;

namespace Outboard.Sdk.Tests.Regex.Ids;

public sealed class IdsRuleFileTests
{
    private const string Example =
        "drop tcp $HOME_NET [80, 443] -> !10.0.0.0/8 any (msg:\"a\\; b\\\"c\"; content:!\"x|0d 0A|y\"; nocase; offset:1; depth:9; content:\"z\"; "
        + "distance:-2; within:7; fast_pattern:only; rawbytes; http_header; pcre:!\"/a\\/b/iR\"; "
        + "reference:url,a.example; reference:cve,1; classtype:misc; priority:2; gid:3; sid:77; rev:4; metadata:a b, c d;)";

    [Fact]
    public void EveryPartOfARuleIsRead()
    {
        IdsRule rule = One(Example);

        Assert.Equal(("drop", "tcp", "$HOME_NET", "[80, 443]"), (rule.Action, rule.Protocol, rule.Source, rule.SourcePorts));
        Assert.Equal(("->", "!10.0.0.0/8", "any"), (rule.Direction, rule.Destination, rule.DestinationPorts));
        Assert.Equal(("a; b\"c", "misc", 2, "3:77:4"), (rule.Message, rule.ClassType, rule.Priority, rule.Name));
        Assert.Equal(["url,a.example", "cve,1"], rule.References);
        Assert.Equal(["a b", "c d"], rule.Metadata);
        IdsContent first = Assert.IsType<IdsContent>(rule.Items[0]);
        Assert.Equal("x\r\ny"u8, first.Bytes.Span);
        Assert.True(first.IsNegated && first.IsCaseless && !first.IsRelative);
        Assert.Equal((1, 9), (first.Offset, first.Depth));
        IdsContent second = Assert.IsType<IdsContent>(rule.Items[1]);
        Assert.Equal((-2, 7, "http_header"), (second.Distance, second.Within, second.BufferName));
        Assert.True(second.IsFastPattern && second.IsRaw && second.IsRelative && !second.IsCaseless);
        IdsPcre third = Assert.IsType<IdsPcre>(rule.Items[2]);
        Assert.Equal("a\\/b"u8, third.Pattern.Span);
        Assert.Equal(RegexRuleFlags.Caseless, third.Flags);
        Assert.True(third.IsNegated && third.IsRelative && !third.IsDollarEnd);
        Assert.Equal(20, rule.Options.Count);
    }

    [Theory]
    [InlineData("http_uri; content:\"a\"; http_header; content:\"b\"; content:\"c\";", "http_uri http_header http_header")]
    [InlineData("content:\"a\"; http_uri; content:\"b\"; content:\"c\"; http_header;", "http_uri  http_header")]
    [InlineData("content:\"a\"; http.uri; content:\"b\"; pcre:\"/c/\";", " http.uri http.uri")]
    [InlineData("file_data; content:\"a\"; content:\"b\"; http_uri; pkt_data; content:\"c\";", "file_data http_uri ")]
    [InlineData("uricontent:\"a\"; pcre:\"/b/P\"; content:\"c\";", "http_uri http_client_body ")]
    public void BuffersStandBeforeOrBehindTheirContents(string options, string expected) => Assert.Equal(
        expected, string.Join(' ', One($"alert tcp any any -> any any ({options} sid:1;)").Items.Select(item => item.BufferName)));

    [Fact]
    public void RulesGoOnInTheNextLineAndAfterBadOnes()
    {
        const string Text = """
            # a comment (with parentheses)
            config classification: misc, Something, of a kind, 3
            alert tcp any any -> any any \
              (content:"a"; \
               sid:1;)
            #alert tcp any any -> any any (content:"b"; sid:2;)
            ## alert tcp any any -> any any (bad)
            alert http (
                content:"c", nocase;
                sid:3;
            )
            alert tcp any any -> any any (content:"d"; sid:4
            alert tcp any any -> any any (content:"e"; sid:5;)
            nonsense
            alert tcp any any >> any any (content:"f"; sid:6;)
            alert tcp any any -> any any (nocase; sid:7;)
            include other.rules
            """;

        IdsRuleFile file = Parse(Text);

        Assert.Equal([1u, 3u, 5u], file.Rules.Select(rule => rule.Sid));
        Assert.Equal(["f:3", "f:8", "f:13"], file.Rules.Select(rule => rule.Place));
        Assert.Equal([2u], file.Disabled.Select(rule => rule.Sid));
        Assert.Equal(["f:12", "f:14", "f:15", "f:16", "f:17"], file.Errors.Select(error => error.Place));
        Assert.Equal(new IdsClassification("misc", "Something, of a kind", 3), Assert.Single(file.Classifications));
    }

    [Theory]
    [InlineData("content:\"a|4|\";", "content: between two |")]
    [InlineData("content:\"a|41\";", "content: a | is not closed")]
    [InlineData("content:\"\";", "content: 0 bytes")]
    [InlineData("content:abc;", "content: its text stands in quotes")]
    [InlineData("content:\"a\\b\";", "content: a backslash")]
    [InlineData("content:\"a\" x;", "content: behind its quotes")]
    [InlineData("content:\"a\"; depth:x-;", null)]
    [InlineData("content:\"a\"; depth:-1;", "depth: -1")]
    [InlineData("content:\"a\"; depth:99999999;", "depth: 99999999")]
    [InlineData("content:\"a\", colour 3;", "colour: not a modifier")]
    [InlineData("nocase;", "nocase: there is no content before it")]
    [InlineData("pcre:\"abc\";", "pcre: a pattern is written")]
    [InlineData("pcre:\"//\";", "pcre: a pattern is written")]
    [InlineData("pcre:\"/a/j\";", "pcre: the flag 'j'")]
    [InlineData("sid:x;", "sid: 'x' is not a number")]
    [InlineData("msg:\"a;", "a quote is not closed")]
    [InlineData("msg:\"a\"; sid:1", "does not end with a semicolon")]
    [InlineData("m|g:\"a\";", "no name of an option")]
    public void MistakesAreNamedWithTheirPlace(string options, string? reason)
    {
        IdsRuleFile file = Parse($"alert tcp any any -> any any (content:\"good\"; sid:9;)\nalert tcp any any -> any any ({options})\n");

        Assert.Equal(reason is null ? 2 : 1, file.Rules.Count);
        if (reason is not null)
        {
            IdsReportEntry error = Assert.Single(file.Errors);
            Assert.Equal("f:2", error.Place);
            Assert.Contains(reason, error.Reason, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("7:/abc/i\n")]
    [InlineData("# nothing\n")]
    [InlineData("\0\u0001\u0002")]
    public void AFileWithoutARuleIsRefusedInOneLine(string text)
    {
        FormatException e = Assert.Throws<FormatException>(() => Parse(text));

        Assert.StartsWith("f: there is no rule in it", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', e.Message);
    }

    [Theory]
    [InlineData("7:/alert tcp (a)/i\n", false)]
    [InlineData("# alert me\n7:/a/\n", false)]
    [InlineData("# a\n\n  alert tcp any any -> any any (sid:1;)\n", true)]
    [InlineData("#alert tcp any any -> any any (sid:1;)\n", true)]
    [InlineData("var HOME_NET any\n", true)]
    [InlineData("", false)]
    public void TheKindOfAFileIsSeenFromItsLines(string text, bool expected) =>
        Assert.Equal(expected, IdsRuleFile.IsRuleFile(Encoding.Latin1.GetBytes(text)));

    [Fact]
    public void RandomTextNeverBreaksTheReader()
    {
        var random = new Random(7);
        string[] seeds =
        [
            Example,
            "alert http any any -> any any (http.uri; content:\"a|00 01|\"; startswith; pcre:\"/^(?:a|[^]x])$/Ui\"; isdataat:!1,relative; dsize:1<>9; sid:5;)",
            "alert tcp any any -> any any \\\n(content:\"abcd\", offset 3; pcre:\"/(?:^|;)y\\Q^\\E[[:alpha:]^](?i)(?=a)/R\"; sid:6;)",
        ];
        const string Letters = "|\"\\;:!(),^$[]{}?*+ \n#aR0<>.-/";
        int read = 0;
        for (int i = 0; i < 6000; i++)
        {
            var text = new StringBuilder(seeds[random.Next(seeds.Length)]);
            for (int edits = random.Next(1, 8); edits > 0; edits--)
            {
                int at = random.Next(text.Length);
                switch (random.Next(3))
                {
                    case 0:
                        text[at] = Letters[random.Next(Letters.Length)];
                        break;
                    case 1:
                        text.Insert(at, Letters[random.Next(Letters.Length)]);
                        break;
                    default:
                        text.Remove(at, 1);
                        break;
                }
            }

            byte[] bytes = Encoding.Latin1.GetBytes($"{text}\nalert tcp any any -> any any (content:\"good\"; sid:9;)\n");
            IdsRuleFile.IsRuleFile(bytes);
            IdsRuleSet set = IdsRuleSet.Build([IdsRuleFile.Parse(bytes, "f")]);
            read += set.Rules.Count;
            Assert.Equal(set.Report.ReadCount, set.Rules.Count + set.Report.LeftOutCount);
        }

        Assert.True(read > 6000);
    }

    private static IdsRuleFile Parse(string text) => IdsRuleFile.Parse(Encoding.Latin1.GetBytes(text), "f");

    private static IdsRule One(string text)
    {
        IdsRuleFile file = Parse(text);
        Assert.Empty(file.Errors);
        return Assert.Single(file.Rules);
    }
}
