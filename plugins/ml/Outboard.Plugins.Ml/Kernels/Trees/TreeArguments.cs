namespace Outboard.Plugins.Ml.Kernels.Trees;

internal unsafe struct TreeArguments
{
    public int X;
    public int Scores;

    /// <summary>Slot of the labels, or -1.</summary>
    public int LabelSlot;

    /// <summary>Slot of one byte for each score: whether any leaf gave it a weight.</summary>
    public int Marks;

    /// <summary>Slot of the lines that rows are turned into.</summary>
    public int Lines;
    public int Rows;
    public bool Batched;
    public int FeatureCount;
    public Forest* Forest;
}
