using System.Globalization;
using System.Text;
using CsCheck;

namespace Outboard.Sdk.Tests.Regex.Ids;

/// <summary>Random rules on random payloads against a search that tries every choice of occurrences.</summary>
public sealed class IdsPropertyTests
{
    private static readonly Gen<Piece> s_piece =
        from text in Gen.Char["abA"].Array[1, 4]
        from negated in Gen.Int[0, 3]
        from caseless in Gen.Bool
        from mode in Gen.Int[0, 3]
        from first in Gen.Int[-3, 5]
        from second in Gen.Int[0, 6]
        from atEnd in Gen.Int[0, 7]
        select new Piece(new string(text), negated == 0, caseless, mode, first, second + text.Length, atEnd == 0);

    [Fact]
    public void TheEvaluatorAgreesWithTryingEverything() =>
        Gen.Select(s_piece.Array[1, 4], Gen.Char["aabbAB."].Array[0, 24]).Sample(
            (pieces, text) =>
            {
                if (pieces.All(piece => piece.IsNegated))
                {
                    return;
                }

                string payload = new(text);
                string rule = $"alert tcp any any -> any any ({string.Concat(pieces.Select(piece => piece.ToString()))} sid:1;)";
                bool expected = Try(pieces, 0, payload, 0);
                Assert.True(expected == IdsTrial.Fires(rule, payload), $"{expected} is right for {rule} on {payload}");
            },
            iter: 4000,
            seed: "0000000000000000",
            threads: 1);

    private static bool Try(Piece[] pieces, int index, string payload, int position)
    {
        if (index == pieces.Length)
        {
            return true;
        }

        Piece piece = pieces[index];
        int[] ends = [.. Ends(piece, payload, position)];
        return piece.IsNegated
            ? ends.Length == 0 && Try(pieces, index + 1, payload, position)
            : ends.Any(end => Try(pieces, index + 1, payload, end));
    }

    private static IEnumerable<int> Ends(Piece piece, string payload, int position)
    {
        (int low, int high) = piece.Mode switch
        {
            0 => (0, payload.Length),
            1 => (Math.Max(piece.First, 0), Math.Max(piece.First, 0) + piece.Second),
            2 => (position + piece.First, payload.Length),
            _ => (position + piece.First, position + piece.First + piece.Second),
        };
        StringComparison comparison = piece.IsCaseless ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        for (int start = 0; start + piece.Text.Length <= payload.Length; start++)
        {
            int end = start + piece.Text.Length;
            if (start >= low && end <= high && string.Compare(payload, start, piece.Text, 0, piece.Text.Length, comparison) == 0
                && (!piece.IsAtEnd || end == payload.Length))
            {
                yield return end;
            }
        }
    }

    private sealed record Piece(string Text, bool IsNegated, bool IsCaseless, int Mode, int First, int Second, bool IsAtEnd)
    {
        public override string ToString()
        {
            var text = new StringBuilder($"content:{(IsNegated ? "!" : string.Empty)}\"{Text}\";");
            text.Append(IsCaseless ? "nocase;" : string.Empty).Append(IsAtEnd ? "endswith;" : string.Empty);
            return text.Append(Mode switch
            {
                0 => string.Empty,
                1 => string.Create(CultureInfo.InvariantCulture, $"offset:{Math.Max(First, 0)};depth:{Second};"),
                2 => string.Create(CultureInfo.InvariantCulture, $"distance:{First};"),
                _ => string.Create(CultureInfo.InvariantCulture, $"distance:{First};within:{Second};"),
            }).ToString();
        }
    }
}
