using System.Text;

namespace Outboard.Memory;

/// <summary>Which objects were still out when a <see cref="Mempool"/> was closed.</summary>
public sealed class LeakReport
{
    internal LeakReport(string poolName, int objectCount, IReadOnlyList<LeakedObject> leaks)
    {
        PoolName = poolName;
        ObjectCount = objectCount;
        Leaks = leaks;
    }

    /// <summary>The pool's name.</summary>
    public string PoolName { get; }

    /// <summary>Objects of the pool, leaked or not.</summary>
    public int ObjectCount { get; }

    /// <summary>Objects that were not given back.</summary>
    public int LeakedCount => Leaks.Count;

    /// <summary>Whether every object came back.</summary>
    public bool IsClean => Leaks.Count == 0;

    /// <summary>Each object that was not given back, by index.</summary>
    public IReadOnlyList<LeakedObject> Leaks { get; }

    /// <summary>How many objects each owner had last, most first. Without <see cref="MempoolDebugChecks.Ownership"/> nobody is known.</summary>
    public IReadOnlyList<(string Owner, int Count)> Owners =>
        [.. Leaks.GroupBy(leak => leak.Owner).Select(g => (g.Key, g.Count())).OrderByDescending(pair => pair.Item2)];

    /// <summary>One line: the counts, then the owners.</summary>
    public override string ToString()
    {
        if (IsClean)
        {
            return $"pool '{PoolName}': all {ObjectCount} objects came back";
        }

        var text = new StringBuilder($"pool '{PoolName}': {LeakedCount} of {ObjectCount} objects leaked, last held by ");
        return text.AppendJoin(", ", Owners.Select(owner => $"{owner.Owner} ({owner.Count})")).ToString();
    }
}
