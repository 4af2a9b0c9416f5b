namespace Outboard.Plugins.Ml.OpenCL;

/// <summary>
/// How a dense layer's output is cut: a group of <see cref="GroupX"/> by <see cref="GroupY"/> work items computes
/// <see cref="Columns"/> by <see cref="Rows"/> values, each item <see cref="ItemColumns"/> by
/// <see cref="ItemRows"/> of them.
/// </summary>
/// <remarks>
/// Two shapes. Where local memory is a store of its own, a group shares tiles of both operands in it. On a
/// processor local memory is just memory: copying into it costs more than it saves, and an item works on a vector
/// of columns held in registers. PoCL 3.1 on two cores, batches of 256: the first form takes 7 times as long for
/// layers of 41, 64, 32, 2 and 40 times for one of 256 by 256 (OpenCLTileBenchmarks).
/// </remarks>
internal sealed class DenseTile
{
    /// <summary>Steps of the inner dimension held in local memory at a time.</summary>
    public const int Depth = 16;

    private DenseTile(int n, bool usesLocalMemory, int groupX, int groupY, int itemColumns, int itemRows)
    {
        UsesLocalMemory = usesLocalMemory;
        GroupX = groupX;
        GroupY = groupY;
        ItemColumns = itemColumns;
        ItemRows = itemRows;
        ColumnGroups = (n + Columns - 1) / Columns;
    }

    public bool UsesLocalMemory { get; }

    public int GroupX { get; }

    public int GroupY { get; }

    public int ItemColumns { get; }

    public int ItemRows { get; }

    public int Columns => GroupX * ItemColumns;

    public int Rows => GroupY * ItemRows;

    /// <summary>Groups side by side over the columns.</summary>
    public int ColumnGroups { get; }

    /// <summary>
    /// Columns of the weights as they are stored: padded with zeros to whole groups, so that no load is partial.
    /// </summary>
    public int PaddedColumns => ColumnGroups * Columns;

    /// <summary>Local memory that a group holds of both operands.</summary>
    public int LocalByteCount => UsesLocalMemory ? Depth * (Columns + Rows) * sizeof(float) : 0;

    /// <summary>
    /// Chooses the tile for a layer of n columns; narrow layers get narrow tiles, or most of the work is padding.
    /// </summary>
    public static DenseTile For(int n, bool usesLocalMemory, int workGroupSizeMax)
    {
        if (!usesLocalMemory)
        {
            int vector = n <= 4 ? 4 : n <= 8 ? 8 : 16;
            return new DenseTile(n, false, 1, Math.Min(4, workGroupSizeMax), vector, 8);
        }

        int groupX = workGroupSizeMax >= 128 ? 16 : 4;
        int groupY = workGroupSizeMax >= 128 ? 8 : Math.Clamp(workGroupSizeMax / groupX, 1, 4);
        int itemColumns = n <= groupX ? 1 : n <= 2 * groupX ? 2 : 4;
        return new DenseTile(n, true, groupX, groupY, itemColumns, 4);
    }
}
