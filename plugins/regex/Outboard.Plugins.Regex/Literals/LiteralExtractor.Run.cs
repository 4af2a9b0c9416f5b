using Outboard.Plugins.Regex.Rules;

namespace Outboard.Plugins.Regex.Literals;

/// <summary>Reading parts one after the other.</summary>
internal sealed partial class LiteralExtractor
{
    /// <summary>
    /// Two tracks grow over the parts: one takes every part with a short list of strings, until the cross product gets long; the other only
    /// parts that are one string. The parts are given when what is before and behind a track is wanted.
    /// </summary>
    private sealed class Run(LiteralExtractor extractor, IReadOnlyList<PatternNode>? parts)
    {
        private readonly Track _wide = new();
        private readonly Track _narrow = new();
        private LiteralSet? _best;
        private bool _whole = true;
        private int _part;
        private int _endMin;
        private int? _endMax = 0;

        public void Append(PatternNode node, Facts facts)
        {
            PatternMeasure measure = PatternMeasure.Of(node);
            if (facts.Exact is not { } exact)
            {
                CloseBoth();
                _best = extractor.Better(_best, facts.Best?.Behind(_endMin, _endMax));
                Advance(measure);
                Restart(_wide);
                Restart(_narrow);
                return;
            }

            if (_wide.Strings.Count * exact.Count > ListMax || _wide.Strings[0].Length + measure.Min > RoomFor(exact))
            {
                Close(_wide);
                _whole = false;
            }

            _wide.Add(exact);
            bool single = exact.Count == 1 && _narrow.Strings[0].Length + measure.Min <= SingleLengthMax;
            if (single)
            {
                _narrow.Add(exact);
            }
            else
            {
                Close(_narrow);
            }

            Advance(measure);
            if (!single)
            {
                Restart(_narrow);
            }
        }

        /// <summary>More copies of a part follow, between two counts.</summary>
        public void Break(PatternNode node, int min, int? max)
        {
            CloseBoth();
            Advance(PatternMeasure.Of(new RepeatNode(node, min, max, Greedy: true)));
            Restart(_wide);
            Restart(_narrow);
        }

        public Facts Finish()
        {
            Close(_narrow);
            if (_whole)
            {
                return new Facts(_wide.Strings, _best);
            }

            Close(_wide);
            return new Facts(null, _best);
        }

        private int RoomFor(List<MaskedByte[]> exact) => _wide.Strings.Count * exact.Count == 1 ? SingleLengthMax : LengthMax;

        private void CloseBoth()
        {
            Close(_wide);
            Close(_narrow);
            _whole = false;
        }

        private void Close(Track track)
        {
            LiteralSet? set = extractor.Candidate(track.Strings, track.Min, track.Max, whole: false);
            if (set is not null)
            {
                _best = extractor.Better(_best, parts is null ? set : SplitAt(set, parts, track.Part, _part));
            }

            Restart(track);
        }

        private void Advance(PatternMeasure measure)
        {
            _part++;
            _endMin += measure.Min;
            _endMax = _endMax is { } a && measure.Max is { } b ? a + b : null;
        }

        private void Restart(Track track)
        {
            track.Strings = [[]];
            track.Min = _endMin;
            track.Max = _endMax;
            track.Part = _part;
        }
    }

    /// <summary>Strings that parts in a row can be, where the first of them begins, and which it is.</summary>
    private sealed class Track
    {
        public List<MaskedByte[]> Strings { get; set; } = [[]];

        public int Min { get; set; }

        public int? Max { get; set; } = 0;

        public int Part { get; set; }

        public void Add(List<MaskedByte[]> next)
        {
            List<MaskedByte[]> product = new(Strings.Count * next.Count);
            foreach (MaskedByte[] a in Strings)
            {
                foreach (MaskedByte[] b in next)
                {
                    product.Add([.. a, .. b]);
                }
            }

            Strings = product;
        }
    }
}
