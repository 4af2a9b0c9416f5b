using Outboard.Plugins.Regex.Rules;
using Outboard.Plugins.Regex.Tests.Oracle;
using Outboard.Regex;

namespace Outboard.Plugins.Regex.Tests.Engine;

/// <summary>
/// The whole language that the device says it has, through the device, against PCRE2: starts and ends of every match. What the
/// capabilities do not name is not generated.
/// </summary>
public sealed class LanguageDifferentialTests(ITestOutputHelper output)
{
    private const int Patterns = 4000;
    private const int PayloadsPerPattern = 5;
    private const int DifferencesShown = 12;
    private const int DifferingMax = 60;

    private readonly List<string> _differences = [];
    private readonly HashSet<WrittenPattern> _shown = [];
    private int _differing;
    private int _compared;
    private int _matched;
    private int _refusedByBoth;
    private int _unsupported;
    private int _longer;
    private int _limited;

    [Theory]
    [InlineData("every construct", ~RegexCapabilities.None, ~RegexRuleFlags.None)]
    [InlineData(
        "bytes only", ~RegexCapabilities.Utf8, ~(RegexRuleFlags.Utf | RegexRuleFlags.UnicodeProperties))]
    [InlineData(
        "UTF-8 without backtracking",
        ~(RegexCapabilities.LookAround | RegexCapabilities.BackReferences | RegexCapabilities.AtomicGroups | RegexCapabilities.Possessive),
        ~RegexRuleFlags.None)]
    public void EveryMatchOfMadeUpPatternsIsPcre2s(string name, RegexCapabilities capabilities, RegexRuleFlags flags)
    {
        Pcre2.SkipIfAbsent();
        RegexDeviceInfo info = DeviceBench.DeviceInfo;
        var random = new Random(FuzzSettings.Seed + name.Length);
        var patterns = new PatternWriter(random, info.Capabilities & capabilities, info.RuleFlags & flags);
        var payloads = new PayloadWriter(random);
        DeviceBench[] benches = [.. DeviceBench.Widths.Select(static width => new DeviceBench(width))];
        int rounds = Patterns * FuzzSettings.Times;
        for (int i = 0; i < rounds && _differences.Count < DifferencesShown && _differing < DifferingMax; i++)
        {
            Compare(patterns.Write(), payloads, benches[i % benches.Length], benches[^1]);
        }

        Array.ForEach(benches, static bench => bench.Dispose());
        output.WriteLine(
            $"{name}: {_compared} pairs compared, {_matched} matched, {_refusedByBoth} patterns refused by both, {_unsupported} not supported, "
            + $"{_longer} taken beyond PCRE2, {_limited} pairs met a limit");
        Assert.True(_differences.Count == 0, string.Join("\n", _differences));
        Assert.True(_compared > rounds * PayloadsPerPattern / 2, $"only {_compared} pairs were compared");
        Assert.True(_matched > _compared / 4, $"only {_matched} of {_compared} pairs matched");
        Assert.True(_limited <= rounds / 5, $"{_limited} pairs met a limit");
    }

    private void Compare(WrittenPattern pattern, PayloadWriter payloads, DeviceBench bench, DeviceBench reference)
    {
        using Pcre2? oracle = Pcre2.TryCompile(pattern.Bytes, pattern.Pcre2Options, out string error, out _, out int number);
        IReadOnlyList<RegexRuleError> errors = bench.TrySetRules(pattern.Rule());
        PatternNode? root = Parse(pattern, out PatternRefusal? refusal);
        if (oracle is null)
        {
            _longer += errors.Count == 0 && number == Pcre2.ErrorLookbehindLength ? 1 : 0;
            _refusedByBoth += errors.Count != 0 ? 1 : 0;
            if (errors.Count == 0 && number != Pcre2.ErrorLookbehindLength)
            {
                _differences.Add($"taken, but PCRE2 refuses it ({error}): {pattern}");
            }

            return;
        }

        if (errors.Count != 0)
        {
            // A refusal for what the device does not have, or for its size, is its right; one for the syntax is a defect.
            if (refusal != PatternRefusal.Syntax)
            {
                _unsupported++;
            }
            else
            {
                _differences.Add($"refused ({errors[0]}), but PCRE2 takes it: {pattern}");
            }

            return;
        }

        for (int i = 0; i < PayloadsPerPattern; i++)
        {
            byte[] payload = payloads.Write(root, pattern.IsUtf);
            if (oracle.FindAll(payload, pattern.AllowsEmpty) is not { } expected)
            {
                _limited++;
                continue;
            }

            List<(int, int)> found = Search(bench, payload);
            if (bench.ResponseFlags.HasFlag(RegexResponseFlags.ResourceExceeded))
            {
                _limited++;
                continue;
            }

            _compared++;
            _matched += expected.Count > 0 ? 1 : 0;
            if (!expected.SequenceEqual(found))
            {
                Note(pattern, payload, reference);
                return;
            }
        }
    }

    private static List<(int, int)> Search(DeviceBench bench, byte[] payload) =>
        [.. bench.Search(payload).Select(static m => (m.Start, m.End))];

    private static PatternNode? Parse(WrittenPattern pattern, out PatternRefusal? refusal)
    {
        refusal = null;
        try
        {
            return PatternParser.Parse(pattern.Bytes, pattern.EngineOptions);
        }
        catch (PatternException e)
        {
            refusal = e.Refusal;
            return null;
        }
    }

    /// <summary>Notes the smallest case like this one, if it is not known, with what was expected and what was found.</summary>
    private void Note(WrittenPattern pattern, byte[] payload, DeviceBench bench)
    {
        _differing++;
        (WrittenPattern small, byte[] bytes) = Shrinker.Shrink(pattern, payload, (p, data) => Differs(p, data, bench, out _, out _));
        bool still = Differs(small, bytes, bench, out string expected, out string found);
        if (_shown.Add(small) || !still)
        {
            _differences.Add(
                $"{small} on {Shrinker.Show(bytes)}: expected {expected}, found {found}{(still ? string.Empty : " (at another width)")}"
                + $" <- {pattern} on {Shrinker.Show(payload)}");
        }
    }

    private static bool Differs(WrittenPattern pattern, byte[] payload, DeviceBench bench, out string expected, out string found)
    {
        (expected, found) = (string.Empty, string.Empty);
        using Pcre2? oracle = Pcre2.TryCompile(pattern.Bytes, pattern.Pcre2Options, out _, out _);
        if (oracle?.FindAll(payload, pattern.AllowsEmpty) is not { } right || bench.TrySetRules(pattern.Rule()).Count != 0)
        {
            return false;
        }

        List<(int, int)> ours = Search(bench, payload);
        expected = string.Join(' ', right);
        found = string.Join(' ', ours);
        return !bench.ResponseFlags.HasFlag(RegexResponseFlags.ResourceExceeded) && !right.SequenceEqual(ours);
    }
}
