using Outboard.Plugins.Regex.Rules;

namespace Outboard.Plugins.Regex.Automata;

/// <summary>The coarsest partition of the 256 byte values that keeps every set of an automaton apart from its complement.</summary>
internal sealed class ByteClasses
{
    private ByteClasses(byte[] map, byte[] representatives)
    {
        Map = map;
        Representatives = representatives;
    }

    /// <summary>Class of each byte value.</summary>
    public byte[] Map { get; }

    /// <summary>One byte value of each class.</summary>
    public byte[] Representatives { get; }

    public int Count => Representatives.Length;

    public static ByteClasses Of(IEnumerable<ByteSet> sets)
    {
        var map = new int[256];
        int count = 1;
        foreach (ByteSet set in sets)
        {
            var moved = new int[count];
            Array.Fill(moved, -1);
            var outside = new bool[count];
            for (int value = 0; value < 256; value++)
            {
                outside[map[value]] |= !set.Contains((byte)value);
            }

            for (int value = 0; value < 256; value++)
            {
                int old = map[value];
                if (set.Contains((byte)value) && outside[old])
                {
                    if (moved[old] < 0)
                    {
                        moved[old] = count++;
                    }

                    map[value] = moved[old];
                }
            }
        }

        var representatives = new byte[count];
        var bytes = new byte[256];
        for (int value = 255; value >= 0; value--)
        {
            bytes[value] = (byte)map[value];
            representatives[map[value]] = (byte)value;
        }

        return new ByteClasses(bytes, representatives);
    }
}
