using System.Globalization;
using Outboard.Simd;

namespace Outboard.Cli.Bench;

/// <summary>The lists that benchmarks run over.</summary>
internal static class BenchLists
{
    /// <summary>Reads a list of numbers such as <c>64,1024</c>.</summary>
    /// <exception cref="UserException">A part is not a number in range.</exception>
    public static int[] Parse(string option, string text, int minimum, int maximum)
    {
        var list = new List<int>();
        foreach (string part in text.Split(','))
        {
            if (!int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int value) || value < minimum || value > maximum)
            {
                throw new UserException($"{option} {text}: '{part}' is not a number from {minimum} to {maximum}.");
            }

            list.Add(value);
        }

        return [.. list];
    }

    /// <summary>The SIMD limits to run at: all at or under the policy's when all are asked for, else the policy's own.</summary>
    public static int[] Widths(bool all, SimdPolicy policy) =>
        all ? [.. ((int[])[64, 128, 256, 512]).Where(width => width <= (int)policy.Maximum)] : [(int)policy.Maximum];
}
