namespace Outboard.Plugins.Regex.Automata;

/// <summary>Compares automaton states by content.</summary>
internal sealed class StateComparer : IEqualityComparer<int[]>
{
    public static readonly StateComparer Instance = new();

    public bool Equals(int[]? x, int[]? y) => x.AsSpan().SequenceEqual(y);

    public int GetHashCode(int[] obj)
    {
        uint hash = 2166136261;
        foreach (int value in obj)
        {
            hash = (hash ^ (uint)value) * 16777619;
        }

        return (int)hash;
    }
}
