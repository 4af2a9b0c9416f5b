using System.Collections;
using System.Globalization;

namespace Outboard.Host;

/// <summary>CPU numbers for worker threads, as a person writes them: <c>1,3-5</c>.</summary>
public sealed class LcoreList : IReadOnlyList<int>
{
    private readonly int[] _cpus;

    private LcoreList(int[] cpus) => _cpus = cpus;

    /// <summary>Every CPU that this process may use, ascending.</summary>
    public static LcoreList Available => new(CpuAffinity.GetAvailable());

    /// <inheritdoc/>
    public int Count => _cpus.Length;

    /// <inheritdoc/>
    public int this[int index] => _cpus[index];

    /// <summary>Reads a list.</summary>
    /// <param name="text">Numbers and ranges separated by commas; each CPU at most once.</param>
    /// <returns>The CPUs in the order written.</returns>
    /// <exception cref="ArgumentException">Malformed, a CPU twice, or one that this process may not use.</exception>
    public static LcoreList Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        int[] available = CpuAffinity.GetAvailable();
        var cpus = new List<int>();
        foreach (string part in text.Split(','))
        {
            (int first, int last) = ParsePart(text, part.Trim());
            for (int cpu = first; cpu <= last; cpu++)
            {
                if (cpus.Contains(cpu))
                {
                    throw new ArgumentException($"'{text}' names CPU {cpu} twice.");
                }

                if (Array.BinarySearch(available, cpu) < 0)
                {
                    throw new ArgumentException(
                        $"'{text}' names CPU {cpu}, which this process may not use; it may use {CpuAffinity.Describe(available)}.");
                }

                cpus.Add(cpu);
            }
        }

        return new LcoreList([.. cpus]);
    }

    /// <inheritdoc/>
    public IEnumerator<int> GetEnumerator() => _cpus.AsEnumerable().GetEnumerator();

    /// <inheritdoc/>
    public override string ToString() => CpuAffinity.Describe([.. _cpus.Order()]);

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static (int First, int Last) ParsePart(string text, string part)
    {
        string[] ends = part.Split('-');
        if (ends.Length <= 2
            && TryNumber(ends[0], out int first)
            && TryNumber(ends[^1], out int last)
            && first <= last)
        {
            return (first, last);
        }

        throw new ArgumentException(
            $"'{text}' is not a list of CPUs: '{part}' is neither a number nor a range below {CpuAffinity.CpuMax}; '1,3-5' would be one.");
    }

    private static bool TryNumber(string text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number < CpuAffinity.CpuMax;
}
