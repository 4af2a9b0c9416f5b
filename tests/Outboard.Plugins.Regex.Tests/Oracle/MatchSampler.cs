using Outboard.Plugins.Regex.Rules;

namespace Outboard.Plugins.Regex.Tests.Oracle;

/// <summary>Makes up strings that a tree is likely to match, by walking it; conditions are hoped for, not seen to.</summary>
internal sealed class MatchSampler(Random random)
{
    private const int LengthMax = 48;

    private readonly List<byte> _bytes = [];
    private readonly Dictionary<int, byte[]> _taken = [];

    public byte[] Sample(PatternNode root)
    {
        _bytes.Clear();
        _taken.Clear();
        Walk(root);
        return [.. _bytes];
    }

    private void Walk(PatternNode node)
    {
        if (_bytes.Count > LengthMax)
        {
            return;
        }

        switch (node)
        {
            case SetNode set:
                byte[] members = set.Set.ToArray();
                if (members.Length > 0)
                {
                    _bytes.Add(members[random.Next(members.Length)]);
                }

                break;
            case ConcatNode concat:
                foreach (PatternNode child in concat.Children)
                {
                    Walk(child);
                }

                break;
            case AlternateNode alternate:
                Walk(alternate.Children[random.Next(alternate.Children.Count)]);
                break;
            case RepeatNode repeat:
                int most = Math.Min(repeat.Max ?? int.MaxValue, repeat.Min + 3);
                for (int n = random.Next(repeat.Min, most + 1); n > 0 && _bytes.Count <= LengthMax; n--)
                {
                    Walk(repeat.Child);
                }

                break;
            case CaptureNode capture:
                int start = _bytes.Count;
                Walk(capture.Child);
                _taken[capture.Index] = [.. _bytes.Skip(start)];
                break;
            case BackReferenceNode reference:
                foreach (int group in reference.Groups)
                {
                    if (_taken.TryGetValue(group, out byte[]? bytes))
                    {
                        _bytes.AddRange(bytes);
                        break;
                    }
                }

                break;
            case AtomicNode atomic:
                Walk(atomic.Child);
                break;
            case LookNode { Negative: false } look when look.Behind || random.Next(3) == 0:
                Walk(look.Child);
                break;
            case GraphemeNode:
                _bytes.AddRange(random.Next(2) == 0 ? "e\u0301"u8 : "\r\n"u8);
                break;
        }
    }
}
