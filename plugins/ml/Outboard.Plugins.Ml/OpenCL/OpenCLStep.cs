namespace Outboard.Plugins.Ml.OpenCL;

/// <summary>One launch of the chain that computes a batch.</summary>
internal sealed class OpenCLStep
{
    /// <summary>Name of the kernel in the plan's source.</summary>
    public required string Kernel { get; init; }

    /// <summary>What it reads, in the order of its arguments. Each is followed by an offset in elements.</summary>
    public required Place[] Reads { get; init; }

    /// <summary>What it writes; last but one argument, before the number of items.</summary>
    public required Place Writes { get; init; }

    /// <summary>
    /// Rows (of a dense layer) or elements that one inference adds; their number is the last argument.
    /// </summary>
    public required int ItemCount { get; init; }

    /// <summary>Set for a dense layer: how its output is cut into tiles.</summary>
    public DenseTile? Tile { get; init; }

    /// <summary>One line for reports.</summary>
    public string Describe() =>
        $"{Kernel}: {string.Join(", ", Reads)} -> {Writes}, {ItemCount} an inference";
}
