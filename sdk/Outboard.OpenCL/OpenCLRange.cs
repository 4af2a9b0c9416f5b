namespace Outboard.OpenCL;

/// <summary>How many work items a launch runs, and how they are grouped.</summary>
/// <param name="GlobalX">
/// Work items in the first dimension; a multiple of <paramref name="LocalX"/> where that is not 0.
/// </param>
/// <param name="GlobalY">Work items in the second dimension; 0 for a launch of one dimension.</param>
/// <param name="LocalX">Work items of a group in the first dimension; 0 leaves both to the device.</param>
/// <param name="LocalY">Work items of a group in the second dimension.</param>
public readonly record struct OpenCLRange(nuint GlobalX, nuint GlobalY, nuint LocalX, nuint LocalY)
{
    /// <summary>One dimension.</summary>
    /// <param name="global">Work items.</param>
    /// <param name="local">Work items in a group; 0 leaves it to the device.</param>
    public static OpenCLRange Line(nuint global, nuint local = 0) => new(global, 0, local, 0);

    /// <summary>Two dimensions.</summary>
    /// <param name="globalX">Work items in the first.</param>
    /// <param name="globalY">Work items in the second.</param>
    /// <param name="localX">Work items of a group in the first.</param>
    /// <param name="localY">Work items of a group in the second.</param>
    public static OpenCLRange Grid(nuint globalX, nuint globalY, nuint localX, nuint localY) =>
        new(globalX, globalY, localX, localY);
}
