using System.Text.Json;

namespace Outboard.Cli.Tests.Vectors;

public sealed class RegexVectorsTests : TemporaryFolder
{
    [Theory]
    [InlineData("""{"id":"a","pattern":"a$","flags":["dollar_endonly"],"utf":false,"haystack":"a\n","semantics":"leftmost-first","global":true,"matches":[]}""")]
    [InlineData("""{"id":"a","pattern":"a|ab","flags":["anchored","endanchored"],"utf":true,"haystack":"ab","semantics":"any","global":false,"matches":[[0,2]]}""")]
    [InlineData("""{"id":"a","pattern":"a|ab","flags":[],"utf":false,"haystack":"xabab","semantics":"leftmost-longest","global":true,"matches":[[1,3],[3,5]]}""")]
    [InlineData("""{"id":"a","pattern":"b","flags":["firstline"],"utf":false,"haystack":"a\nb","semantics":"leftmost-first","global":false,"matches":[]}""")]
    [InlineData("""{"id":"a","pattern":"b","flags":["firstline"],"utf":false,"haystack":"ab\nb","semantics":"leftmost-first","global":false,"matches":[[1,2]]}""")]
    [InlineData("""{"id":"a","pattern":"ab*","flags":[],"utf":false,"haystack":"abbb","semantics":"all-ends","ends":[2,3],"ext":{"min_offset":2,"max_offset":3}}""")]
    [InlineData("""{"id":"a","pattern":"a+","flags":[],"utf":false,"haystack":"aaa","semantics":"all-ends","ends":[2,3],"ext":{"min_length":2}}""")]
    public void WhatTheClassHasNoFlagForIsAskedAnotherWay(string line) => Assert.Equal((1, 0, 0), Run("x.jsonl", line));

    [Theory]
    [InlineData("""{"id":"a","pattern":"a","flags":["firstline"],"utf":false,"haystack":"a","semantics":"leftmost-first","global":true,"matches":[[0,1]]}""", "firstline")]
    [InlineData("""{"id":"a","pattern":"a","flags":[],"utf":false,"haystack":"a","semantics":"all-ends","ends":[1],"ext":{"edit_distance":1}}""", "edit_distance")]
    public void WhatCannotBeAskedIsSkippedByName(string line, string reason)
    {
        Assert.Equal((0, 0, 1), Run("x.jsonl", line));
        Assert.Contains(reason, CliRun.Of("vectors", InFolder("x.jsonl"), "--max-simd-bitwidth", "64").AssertDone().Output, StringComparison.Ordinal);
    }

    [Fact]
    public void AWrongAnswerFails()
    {
        CliRun run = CliRun.Of(
            "vectors",
            Write("x.jsonl", """{"id":"a","pattern":"ab*","flags":[],"utf":false,"haystack":"abbb","semantics":"all-ends","ends":[1,2],"ext":{"max_offset":3}}"""),
            "--max-simd-bitwidth",
            "64",
            "--json");

        Assert.Equal(CliProgram.Failure, run.ExitCode);
        Assert.Contains("expected the ends 1 2, found 1 2 3", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("regex = 'a*'\nhaystack = 'baa'\nmatches = [[0, 0], [1, 3]]\n")]
    [InlineData("regex = 'a+'\nhaystack = 'aa'\nmatches = [[0, 1], [1, 2]]\nsearch-kind = 'earliest'\n")]
    [InlineData("regex = 'a|ab'\nhaystack = 'xab'\nmatches = [[1, 3]]\nmatch-kind = 'all'\n")]
    [InlineData("regex = 'a+'\nhaystack = 'aa'\nmatches = [[0, 1], [0, 2], [1, 2]]\nmatch-kind = 'all'\nsearch-kind = 'overlapping'\n")]
    [InlineData("regex = 'a**'\nhaystack = 'aa'\nmatches = [[0, 2]]\n")]
    [InlineData("regex = '(?U)a+'\nhaystack = 'aa'\nmatches = [[0, 1], [1, 2]]\n")]
    [InlineData("regex = 'a$'\nhaystack = \"a\\n\"\nmatches = []\n")]
    [InlineData("regex = 'b'\nhaystack = 'ab'\nmatches = []\nanchored = true\n")]
    public void RustsCasesRunInItsOwnMeaning(string test) =>
        Assert.Equal((1, 0, 0), Run("x.toml", $"[[test]]\nname = \"x\"\n{test}"));

    private (int Passed, int Failed, int Skipped) Run(string name, string text)
    {
        JsonElement last = CliRun.Of("vectors", Write(name, text), "--max-simd-bitwidth", "64", "--json").Json[^1];
        return (last.GetProperty("passed").GetInt32(), last.GetProperty("failed").GetInt32(), last.GetProperty("skipped").GetInt32());
    }
}
