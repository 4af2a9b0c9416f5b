using System.Text;
using Outboard.Regex;
using Outboard.Regex.Ids;

namespace Outboard.Sdk.Tests.Regex.Ids;

/// <summary>What each keyword means, as the manuals of Snort and Suricata describe it.</summary>
public sealed class IdsEvaluatorTests
{
    private const string Request = "POST /a/b.php?x=1 HTTP/1.1\r\nHost: www.example.org\r\nCookie: id=7\r\nContent-Length: 9\r\n\r\nuser=root";
    private const string Response = "HTTP/1.1 404 Not Found\r\nServer: small\r\nSet-Cookie: id=8\r\n\r\nno page";

    [Theory]

    // content, with hexadecimal bytes and escapes; case matters until nocase says otherwise
    [InlineData("content:\"abcd\";", "xxabcdxx", true)]
    [InlineData("content:\"abcd\";", "xxABCDxx", false)]
    [InlineData("content:\"abcd\"; nocase;", "xxABCDxx", true)]
    [InlineData("content:\"ab|63 64|\\;\\\"\\\\\";", "xxabcd;\"\\", true)]
    [InlineData("content:\"|E9|tat\"; nocase;", "\u00e9TAT", true)]
    [InlineData("content:\"|C9|tat\"; nocase;", "\u00e9tat", false)]

    // offset: the first byte is not before it; depth: counted from the offset, the last byte is not behind it
    [InlineData("content:\"abcd\"; offset:2;", "xxabcd", true)]
    [InlineData("content:\"abcd\"; offset:3;", "xxabcd", false)]
    [InlineData("content:\"abcd\"; depth:6;", "xxabcd", true)]
    [InlineData("content:\"abcd\"; depth:5;", "xxabcd", false)]
    [InlineData("content:\"abcd\"; offset:2; depth:4;", "xxabcd", true)]
    [InlineData("content:\"abcd\"; depth:4; offset:1;", "xxabcd", false)]
    [InlineData("content:\"abcd\"; startswith;", "abcdx", true)]
    [InlineData("content:\"abcd\"; startswith;", "xabcd", false)]
    [InlineData("content:\"abcd\"; endswith;", "xabcd", true)]
    [InlineData("content:\"abcd\"; endswith;", "xabcdx", false)]
    [InlineData("content:\"abab\"; endswith;", "ababab", true)]
    [InlineData("content:\"abcd\"; startswith; endswith;", "abcd", true)]
    [InlineData("content:\"abcd\"; startswith; endswith;", "abcdabcd", false)]

    // distance: from the end of the last match to the first byte; within: from there to the last byte
    [InlineData("content:\"abcd\"; content:\"efgh\"; distance:0;", "abcdefgh", true)]
    [InlineData("content:\"abcd\"; content:\"efgh\"; distance:0;", "efghabcd", false)]
    [InlineData("content:\"abcd\"; content:\"efgh\";", "efghabcd", true)]
    [InlineData("content:\"abcd\"; content:\"efgh\"; distance:1;", "abcdefgh", false)]
    [InlineData("content:\"abcd\"; content:\"efgh\"; distance:1;", "abcd.efgh", true)]
    [InlineData("content:\"abcd\"; content:\"efgh\"; within:4;", "abcdefgh", true)]
    [InlineData("content:\"abcd\"; content:\"efgh\"; within:4;", "abcd.efgh", false)]
    [InlineData("content:\"abcd\"; content:\"efgh\"; within:5;", "abcd.efgh", true)]
    [InlineData("content:\"abcd\"; content:\"efgh\"; distance:2; within:4;", "abcd..efgh", true)]
    [InlineData("content:\"abcd\"; content:\"efgh\"; distance:2; within:4;", "abcd...efgh", false)]
    [InlineData("content:\"abcd\"; content:\"efgh\"; distance:-8; within:4;", "efghabcd", true)]
    [InlineData("content:\"abcd\"; content:\"cdef\"; distance:-2; within:4;", "abcdef", true)]
    [InlineData("content:\"abcd\"; content:\"cdef\"; distance:0;", "abcdef", false)]

    // the first occurrence need not be the one: all are tried, overlapping ones too
    [InlineData("content:\"abcd\"; content:\"ef\"; within:2;", "abcd..abcdef", true)]
    [InlineData("content:\"aaaa\"; content:\"b\"; within:1;", "aaaaaab", true)]
    [InlineData("content:\"abab\"; content:\"|2e|\"; within:1;", "ababab.", true)]
    [InlineData("content:\"abcd\"; content:\"x\"; distance:1; within:1; content:\"y\"; distance:1; within:1;", "abcd.x..abcd.x.y", true)]
    [InlineData("content:\"abcd\"; content:\"x\"; within:3; content:\"yz\"; within:2;", "abcdx.xyz", true)]

    // a content that is not relative begins anew
    [InlineData("content:\"abcd\"; content:\"efgh\"; content:\"ij\"; within:2;", "efghij.abcd", true)]
    [InlineData("content:\"efgh\"; content:\"abcd\"; content:\"ij\"; within:2;", "efghij.abcd", false)]

    // negated contents: absent in their window, and no place that others are relative to
    [InlineData("content:\"abcd\"; content:!\"efgh\";", "abcd", true)]
    [InlineData("content:\"abcd\"; content:!\"efgh\";", "efghabcd", false)]
    [InlineData("content:\"abcd\"; content:!\"EFGH\"; nocase;", "efghabcd", false)]
    [InlineData("content:\"abcd\"; content:!\"efgh\"; depth:4;", "xefghabcd", true)]
    [InlineData("content:\"abcd\"; content:!\"efgh\"; offset:5;", "efghabcd", true)]
    [InlineData("content:\"abcd\"; content:!\"ef\"; within:2;", "abcdef", false)]
    [InlineData("content:\"abcd\"; content:!\"ef\"; within:2;", "abcd.ef", true)]
    [InlineData("content:\"abcd\"; content:!\"ef\"; within:2;", "abcdef.abcd", true)]
    [InlineData("content:\"abcd\"; content:!\"ef\"; distance:0;", "efabcd", true)]
    [InlineData("content:\"abcd\"; content:!\"ef\"; distance:0;", "abcd...ef", false)]
    [InlineData("content:\"abcd\"; content:!\"|0a|\"; within:10; content:\"z\"; within:4;", "abcd\n....abcd..z", true)]
    [InlineData("content:\"abcd\"; content:!\"|0a|\"; within:2; content:\"z\"; distance:2; within:1;", "abcd..z", true)]
    [InlineData("content:\"abcd\"; content:!\"cd\"; endswith;", "abcd", false)]
    [InlineData("content:\"abcd\"; content:!\"cd\"; endswith;", "abcd.", true)]

    // isdataat: N bytes behind the last match, or byte N of the payload; dsize; both negated
    [InlineData("content:\"abcd\"; isdataat:3,relative;", "abcdefg", true)]
    [InlineData("content:\"abcd\"; isdataat:4,relative;", "abcdefg", false)]
    [InlineData("content:\"abcd\"; isdataat:!1,relative;", "efghabcd", true)]
    [InlineData("content:\"abcd\"; isdataat:!1,relative;", "abcd.", false)]
    [InlineData("content:\"abcd\"; isdataat:!1,relative;", "abcd.abcd", true)]
    [InlineData("content:\"abcd\"; isdataat:3;", "abcd", true)]
    [InlineData("content:\"abcd\"; isdataat:4;", "abcd", false)]
    [InlineData("content:\"abcd\"; dsize:4;", "abcd", true)]
    [InlineData("content:\"abcd\"; dsize:>4;", "abcd", false)]
    [InlineData("content:\"abcd\"; dsize:<5;", "abcd", true)]
    [InlineData("content:\"abcd\"; dsize:!4;", "abcd", false)]
    [InlineData("content:\"abcd\"; dsize:!5<>9;", "abcd.", true)]
    [InlineData("content:\"abcd\"; dsize:3<>5;", "abcd", true)]
    [InlineData("content:\"abcd\"; dsize:4<>6;", "abcd", false)]
    [InlineData("content:\"abcd\"; bsize:4;", "abcd", true)]

    // pcre, its flags and its negation
    [InlineData("pcre:\"/a.c\\d/\";", "xxabc1", true)]
    [InlineData("pcre:\"/A.C/i\";", "xxabc", true)]
    [InlineData("pcre:\"/a.c/\";", "a\nc", false)]
    [InlineData("pcre:\"/a.c/s\";", "a\nc", true)]
    [InlineData("pcre:\"/^abc/\";", "\nabc", false)]
    [InlineData("pcre:\"/^abc/m\";", "\nabc", true)]
    [InlineData("pcre:\"/abc$/\";", "abc\n", true)]
    [InlineData("pcre:\"/abc$/E\";", "abc\n", false)]
    [InlineData("pcre:\"/a b c/x\";", "abc", true)]
    [InlineData("content:\"abcd\"; pcre:!\"/x\\d/\";", "abcdx", true)]
    [InlineData("content:\"abcd\"; pcre:!\"/x\\d/\";", "x1abcd", false)]

    // R: behind the last match, where a caret is the end of it
    [InlineData("content:\"abcd\"; pcre:\"/x\\d/R\";", "x1abcd", false)]
    [InlineData("content:\"abcd\"; pcre:\"/x\\d/R\";", "abcd..x1", true)]
    [InlineData("content:\"abcd\"; offset:1; pcre:\"/x\\d/R\";", "abcd..x1", false)]
    [InlineData("content:\"abcd\"; pcre:\"/^x\\d/R\";", "abcd..x1", false)]
    [InlineData("content:\"abcd\"; pcre:\"/^x\\d/R\";", "abcd..abcdx1", true)]
    [InlineData("content:\"ABCD\"; nocase; pcre:\"/^(?:x|y)\\d/R\";", "abcdy1", true)]
    [InlineData("content:\"abcd\"; pcre:\"/^x|^y/R\";", "abcd.y", false)]
    [InlineData("content:\"abcd\"; pcre:\"/(^|;)y/R\";", "abcdy", true)]
    [InlineData("content:\"abcd\"; pcre:\"/(?:^|;)y/R\";", "abcd..;y", true)]
    [InlineData("content:\"abcd\"; pcre:\"/(?:^|;)y/R\";", "abcd..y", false)]
    [InlineData("content:\"abcd\"; pcre:\"/^x$/Rm\";", "abcdz\nx\nz", true)]
    [InlineData("content:\"abcd\"; pcre:\"/^x$/Rm\";", "abcdzx\nz", false)]
    [InlineData("content:\"abcd\"; pcre:\"/^(?:x|yz)\\b/R\";", "abcdyz.", true)]
    [InlineData("content:\"abcd\"; pcre:\"/^\\x78{1,2}\\b/R\";", "abcdxxx", false)]
    [InlineData("content:\"abcd\"; pcre:!\"/^x\\d/R\";", "abcdx1", false)]
    [InlineData("content:\"abcd\"; pcre:!\"/^x\\d/R\";", "abcdx1abcd", true)]
    [InlineData("content:\"abcd\"; pcre:!\"/x\\d/R\";", "x1abcd", true)]
    [InlineData("content:\"abcd\"; pcre:!\"/x\\d/R\";", "abcd...x1", false)]
    [InlineData("pcre:\"/a\\d+/\"; content:\"z\"; distance:1; within:1;", "a12.z", true)]
    [InlineData("pcre:\"/a\\d+/\"; content:\"z\"; distance:1; within:1;", "a12z", false)]
    [InlineData("pcre:\"/a\\d+/\"; pcre:\"/^\\.z/R\"; content:\"|21|\"; within:1;", "a12.z!", true)]
    [InlineData("pcre:\"/a\\d+/R\"; content:\"abcd\";", "a1abcd", true)]
    public void PayloadsFireOrNot(string options, string payload, bool expected) =>
        Assert.Equal(expected, IdsTrial.Fires($"alert tcp any any -> any any (msg:\"m\"; {options} sid:1;)", payload));

    [Theory]
    [InlineData("content:\"b.php\"; http_uri;", Request, true)]
    [InlineData("content:\"user\"; http_uri;", Request, false)]
    [InlineData("content:\"POST\"; http_method;", Request, true)]
    [InlineData("content:\"/a/b\"; http_uri; depth:4;", Request, true)]
    [InlineData("content:\"x=1\"; http_uri; isdataat:!1,relative;", Request, true)]
    [InlineData("pcre:\"/x=\\d$/U\";", Request, true)]
    [InlineData("pcre:\"/^user=\\w+$/P\";", Request, true)]
    [InlineData("pcre:\"/^Host:/Hm\";", Request, true)]
    [InlineData("pcre:\"/^Cookie:/H\";", Request, false)]
    [InlineData("content:\"id=7\"; http_cookie;", Request, true)]
    [InlineData("content:\"root\"; http_client_body; content:!\"Referer\"; http_header;", Request, true)]
    [InlineData("content:\"root\"; http_client_body; content:!\"Host|3a|\"; http_header;", Request, false)]
    [InlineData("http.host; content:\"www.example.org\"; startswith; endswith;", Request, true)]
    [InlineData("http.host; bsize:15; content:\"www.\"; http.uri; content:\"php\"; distance:3;", Request, true)]
    [InlineData("http.host; bsize:16; content:\"www.\";", Request, false)]
    [InlineData("content:\"php\"; http_uri; urilen:12;", Request, true)]
    [InlineData("content:\"php\"; http_uri; urilen:<12;", Request, false)]
    [InlineData("http_uri; content:\"php\", nocase, offset 4, depth 10; http_client_body; content:\"root\";", Request, true)]
    [InlineData("content:\"404\"; http_stat_code;", Response, true)]
    [InlineData("content:\"Found\"; http_stat_msg;", Response, true)]
    [InlineData("file_data; content:\"no page\"; depth:7;", Response, true)]
    [InlineData("file_data; content:\"no page\"; pkt_data; content:\"small\";", Response, true)]
    [InlineData("content:\"no page\"; http_client_body;", Response, false)]
    [InlineData("flow:to_server; content:\"small\"; http_header;", Response, false)]
    [InlineData("flow:to_client; content:\"small\"; http_header;", Response, true)]
    [InlineData("content:\"GET\"; http_method;", "not GET http", false)]
    public void BuffersOfHttpAreWhereTheyStandInThePacket(string options, string payload, bool expected) =>
        Assert.Equal(expected, IdsTrial.Fires($"alert tcp any any -> any any (msg:\"m\"; {options} sid:1;)", payload));

    [Theory]
    [InlineData("tcp any any -> any 80", 6, 5, 80, true)]
    [InlineData("tcp any any -> any 80", 17, 5, 80, false)]
    [InlineData("ip any any -> any any", 17, 5, 80, true)]
    [InlineData("icmp any any -> any any", 58, 0, 0, true)]
    [InlineData("tcp any any -> any 80", 6, 80, 5, false)]
    [InlineData("tcp any any <> any 80", 6, 80, 5, true)]
    [InlineData("tcp any ![1:1023,8080] -> any [80,443]", 6, 1024, 443, true)]
    [InlineData("tcp any ![1:1023,8080] -> any [80,443]", 6, 8080, 443, false)]
    [InlineData("tcp any $PORTS -> any [80,443]", 6, 8080, 443, true)]
    [InlineData("tcp any any -> any [1024:,!6667]", 6, 1, 6667, false)]
    [InlineData("tcp any any -> any [1024:,!6667]", 6, 1, 6668, true)]
    [InlineData("http any any -> any any", 6, 1, 6668, true)]
    public void HeadersAreFilters(string header, int transport, int source, int destination, bool expected) =>
        Assert.Equal(
            expected,
            IdsTrial.Fires($"alert {header} (msg:\"m\"; content:\"abcd\"; sid:1;)", "abcd", new IdsPacket(transport, source, destination)));

    [Theory]
    [InlineData("content:!\"abcd\";", "nothing that must be there")]
    [InlineData("dsize:5;", "nothing that must be there")]
    [InlineData("content:\"abcd\"; byte_test:1,>,5,0;", "byte_test: ")]
    [InlineData("content:\"abcd\"; byte_extract:1,0,n; content:\"x\"; distance:n;", "byte_extract: ")]
    [InlineData("content:\"abcd\"; flowbits:isset,a;", "flowbits:isset: ")]
    [InlineData("content:\"abcd\"; flowbits:set,a; flowbits:noalert;", "flowbits:noalert: ")]
    [InlineData("content:\"abcd\"; lua:x.lua;", "lua: ")]
    [InlineData("dns.query; content:\"abcd\";", "dns.query: ")]
    [InlineData("http_header:field host; content:\"abcd\";", "http_header:field host: ")]
    [InlineData("content:\"abcd\"; depth:3;", "depth, within: ")]
    [InlineData("content:\"abcd\"; content:\"b\"; distance:1; offset:2;", "distance, within: ")]
    [InlineData("content:\"abcd\"; pcre:\"/\\bx/R\";", "pcre: a relative pattern looks back")]
    [InlineData("content:\"abcd\"; pcre:\"/^x?\\bx/R\";", "pcre: a relative pattern looks back")]
    [InlineData("content:\"abcd\"; pcre:\"/^\\x78?\\bx/R\";", "pcre: a relative pattern looks back")]
    [InlineData("content:\"abcd\"; pcre:\"/^(?:x|)\\bx/R\";", "pcre: a relative pattern looks back")]
    [InlineData("content:\"abcd\"; pcre:\"/^(?:x){0,2}\\bx/R\";", "pcre: a relative pattern looks back")]
    [InlineData("content:\"abcd\"; pcre:\"/(?<=d)x/R\";", "pcre: a relative pattern looks back")]
    [InlineData("content:\"abcd\"; pcre:\"/x^y/R\";", "pcre: a relative pattern looks back")]
    public void WhatCannotBeJudgedIsLeftOutWithItsReason(string options, string reason) =>
        Assert.Contains(reason, IdsTrial.Omission($"alert tcp any any -> any any (msg:\"m\"; {options} sid:1;)"), StringComparison.Ordinal);

    [Fact]
    public void AnAbsenceThatWasNotSearchedToItsEndFiresNothing()
    {
        const string Rules = """
            alert tcp any any -> any any (content:"abcd"; pcre:!"/x\d/"; sid:1;)
            alert tcp any any -> any any (content:"abcd"; sid:2;)
            """;
        var trial = new IdsTrial(Rules);
        byte[] payload = "abcd"u8.ToArray();

        Assert.Equal([1u, 2u], trial.Run(payload, IdsTrial.Tcp));
        Assert.False(trial.Evaluator.IsIncomplete);
        Assert.Equal([2u], trial.Run(payload, IdsTrial.Tcp, isComplete: false));
        Assert.True(trial.Evaluator.IsIncomplete);
        Assert.Equal([1u, 2u], trial.Run(payload, IdsTrial.Tcp));
    }

    [Fact]
    public void PatternsAreSharedAndRulesWaitForAllOfTheirs()
    {
        var trial = new IdsTrial("""
            alert tcp any any -> any any (content:"abcd"; content:"efgh"; content:"|00|"; sid:1;)
            alert tcp any any -> any any (content:"abcd"; pcre:"/e\d/"; sid:2;)
            alert tcp any any -> any any (content:"efgh"; content:"abcd"; nocase; sid:3;)
            """);

        Assert.Equal(4, trial.Rules.Patterns.Count);
        Assert.Equal([3u], trial.Run("abcdefgh"u8.ToArray(), IdsTrial.Tcp));
        Assert.Equal([2u], trial.Run("e1abcd"u8.ToArray(), IdsTrial.Tcp));
        Assert.Equal([1u, 2u, 3u], trial.Run("e1abcdefgh\0"u8.ToArray(), IdsTrial.Tcp));
    }

    [Fact]
    public void ARefusedPatternTakesItsRulesOut()
    {
        var trial = new IdsTrial("""
            alert tcp any any -> any any (content:"abcd"; pcre:"/e\d/"; sid:1;)
            alert tcp any any -> any any (content:"abcd"; sid:2;)
            """);
        int id = trial.Rules.Patterns.Single(pattern => Encoding.Latin1.GetString(pattern.Pattern.Span) == "e\\d").Id;

        IdsRuleSet smaller = trial.Rules.Without(new RegexRuleException("d", [new RegexRuleError(id, 0, 0, "too hard")]));

        Assert.Equal([2u], smaller.Rules.Select(rule => rule.Sid));
        Assert.Equal("abcd", Encoding.Latin1.GetString(Assert.Single(smaller.Patterns).Pattern.Span));
        Assert.Equal("a.rules:1: sid 1: pcre: the device refuses it: too hard", Assert.Single(smaller.Report.Omissions).ToString());
        Assert.Equal(2, smaller.Report.ReadCount);
    }

    [Fact]
    public void NothingIsAllocated()
    {
        var trial = new IdsTrial("""
            alert tcp any any -> any any (content:"abcd"; content:!"|0a|"; within:3; pcre:"/^e/R"; sid:1;)
            alert tcp any any -> any any (content:"user"; http_client_body; content:"POST"; http_method; sid:2;)
            """);
        byte[] payload = Encoding.Latin1.GetBytes(Request + "abcdef");
        RegexMatch[] matches = [.. trial.Rules.Patterns.Select(pattern => new RegexMatch(pattern.Id, 0, 5, pattern.GroupId))];
        var ranges = new IdsBufferRange[IdsEvaluator.RangesMax];
        int fired = 0;
        long before = 0;
        for (int i = 0; i < 40; i++)
        {
            if (i == 20)
            {
                before = GC.GetAllocatedBytesForCurrentThread();
            }

            trial.Evaluator.Begin();
            trial.Evaluator.Locate(payload, ranges);
            trial.Evaluator.Add(matches, isComplete: true);
            fired += trial.Evaluator.Complete(IdsTrial.Tcp, payload).Length;
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(40, fired);
    }
}
