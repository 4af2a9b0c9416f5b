using Outboard.Cli.Vectors;
using Outboard.Regex;
using Outboard.Testing;

namespace Outboard.Cli.Tests.Vectors;

/// <summary>A case is asked in PCRE's meaning, so PCRE2 must give its known answer: a spelling that is not exact shows here.</summary>
public sealed class RegexSpellingOracleTests
{
    /// <summary>Pairs take the square of the payload's length.</summary>
    private const int PairsLengthMax = 60;

    [Theory]
    [InlineData("rust-regex", 900)]
    [InlineData("pcre2.jsonl", 600)]
    [InlineData("re2.jsonl", 480)]
    [InlineData("recog.jsonl", 900)]
    [InlineData("hyperscan.jsonl", 800)]
    [InlineData("bad-patterns.jsonl", 30)]
    public void Pcre2GivesEveryKnownAnswer(string name, int atLeast)
    {
        Pcre2Answers.SkipIfAbsent();
        Assert.SkipUnless(SharedVectors.TryFind("regex", out string folder), SharedVectors.Reason("regex"));
        string path = Path.Combine(folder, name);
        string[] files = Directory.Exists(path) ? [.. Directory.GetFiles(path, "*.toml").Order()] : [path];
        List<string> wrong = [];
        int right = 0;
        foreach (string one in files)
        {
            var file = new VectorFile(one, Path.GetFileName(one));
            foreach (RegexCase asked in one.EndsWith(".toml", StringComparison.Ordinal) ? RegexTomlCases.Read(file) : RegexLineCases.Read(file))
            {
                if (asked.Excluded is not null || (asked.Mode != RegexConfigurationFlags.None && asked.Haystack.Length > PairsLengthMax))
                {
                    continue;
                }

                if (Ask(asked) is { } detail)
                {
                    wrong.Add($"{file.Shown} {asked.Id}: {detail}");
                }
                else
                {
                    right++;
                }
            }
        }

        Assert.Empty(wrong);
        Assert.True(right >= atLeast, $"{right} cases were asked");
    }

    private static string? Ask(RegexCase asked)
    {
        if (asked.Rules.Any(static rule => !Pcre2Answers.Takes(rule)))
        {
            return asked.MustRefuse == false ? "refused" : null;
        }

        if (asked.MustRefuse == true)
        {
            return "taken";
        }

        RegexMatch[] found =
        [
            .. asked.Rules.SelectMany(rule => asked.Mode == RegexConfigurationFlags.None
                ? Pcre2Answers.FindAll(rule, asked.Haystack)
                : Pcre2Answers.FindPairs(rule, asked.Haystack)),
        ];
        if (asked.Mode == RegexConfigurationFlags.MatchAsEnd)
        {
            found = [.. found.Select(static match => match.End).Distinct().Order().Select(static end => new RegexMatch(1, 0, end, 0))];
        }

        return asked.Check(new RegexAnswer(found, found.Length));
    }
}
