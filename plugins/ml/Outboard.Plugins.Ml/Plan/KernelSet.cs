using Outboard.Plugins.Ml.Graph.Operations;
using Outboard.Plugins.Ml.Kernels.Binary;
using Outboard.Plugins.Ml.Kernels.Dense;
using Outboard.Plugins.Ml.Kernels.Lanes;
using Outboard.Plugins.Ml.Kernels.MatrixProduct;
using Outboard.Plugins.Ml.Kernels.Softmax;
using Outboard.Plugins.Ml.Kernels.Trees;
using Outboard.Plugins.Ml.Kernels.Unary;
using Outboard.Simd;

namespace Outboard.Plugins.Ml.Plan;

/// <summary>
/// The kernels of one device, chosen once: each operation has one table, widest first, and the plan builder asks here and
/// nowhere else. Data movement, conversions, reductions and number types other than float have one scalar form.
/// </summary>
internal sealed unsafe class KernelSet
{
    private static readonly KernelDescriptor[] s_dense =
    [
        Row<Vector512Lanes>("gemm-8x32"), Row<Vector256Lanes>("gemm-4x16"), Row<Vector128Lanes>("gemm-4x8"), Row<ScalarLanes>("gemm-4x2"),
    ];

    private static readonly KernelDescriptor[] s_elementwise =
    [
        Row<Vector512Lanes>("lanes-16"), Row<Vector256Lanes>("lanes-8"), Row<Vector128Lanes>("lanes-4"), Row<ScalarLanes>("lanes-1"),
    ];

    private static readonly KernelDescriptor[] s_trees =
    [
        Row<Vector512Lanes>("rows-16"),
        Row<Vector256Lanes>("rows-8"),

        // Evaluating every node for four rows costs what walking them one by one does (100 trees of depth 6: 1.0x).
        Row<Vector128Lanes>("rows-4") with { IsAccelerated = false },
        Row<ScalarLanes>("walk-4-trees"),
    ];

    private readonly int _dense;
    private readonly int _elementwise;
    private readonly int _trees;

    public KernelSet(SimdSelector selector)
    {
        Choices =
        [
            selector.Choose("gemm", s_dense, out _dense),
            selector.Choose("elementwise", s_elementwise, out _elementwise),
            selector.Choose("softmax", s_elementwise, out _),
            selector.Choose("trees", s_trees, out _trees),
        ];
    }

    private KernelSet()
    {
        Choices = [];
        (_dense, _elementwise, _trees) = (3, 3, 3);
    }

    /// <summary>Scalar kernels, for constant folding.</summary>
    public static KernelSet Scalar { get; } = new();

    /// <summary>What runs on what, and why; for the device's report.</summary>
    public IReadOnlyList<KernelChoice> Choices { get; }

    public int PanelColumns => _dense switch
    {
        0 => DenseKernel<Vector512Lanes>.PanelColumns,
        1 => DenseKernel<Vector256Lanes>.PanelColumns,
        2 => DenseKernel<Vector128Lanes>.PanelColumns,
        _ => DenseKernel<ScalarLanes>.PanelColumns,
    };

    public delegate*<void*, byte**, int, void> Dense => _dense switch
    {
        0 => &DenseKernel<Vector512Lanes>.Run,
        1 => &DenseKernel<Vector256Lanes>.Run,
        2 => &DenseKernel<Vector128Lanes>.Run,
        _ => &DenseKernel<ScalarLanes>.Run,
    };

    public delegate*<void*, byte**, int, void> MatrixProduct => _dense switch
    {
        0 => &MatrixProductKernel<Vector512Lanes>.Run,
        1 => &MatrixProductKernel<Vector256Lanes>.Run,
        2 => &MatrixProductKernel<Vector128Lanes>.Run,
        _ => &MatrixProductKernel<ScalarLanes>.Run,
    };

    public delegate*<void*, byte**, int, void> Trees => _trees switch
    {
        0 => &TreeKernel<Vector512Lanes>.Run,
        1 => &TreeKernel<Vector256Lanes>.Run,
        2 => &TreeKernel<Vector128Lanes>.Run,
        _ => &TreeKernel<ScalarLanes>.Run,
    };

    /// <summary>Rows that a tree kernel takes at once, and the deepest tree that it takes so.</summary>
    public (int Lanes, int DepthMax) TreeBlocks => _trees switch
    {
        0 => (Vector512Lanes.Count, BlockTrees<Vector512Lanes>.DepthMax),
        1 => (Vector256Lanes.Count, BlockTrees<Vector256Lanes>.DepthMax),
        2 => (Vector128Lanes.Count, BlockTrees<Vector128Lanes>.DepthMax),
        _ => (1, -1),
    };

    public delegate*<void*, byte**, int, void> Unary(UnaryKind kind) => _elementwise switch
    {
        0 => UnaryKernel<Vector512Lanes>.Entry(kind),
        1 => UnaryKernel<Vector256Lanes>.Entry(kind),
        2 => UnaryKernel<Vector128Lanes>.Entry(kind),
        _ => UnaryKernel<ScalarLanes>.Entry(kind),
    };

    public delegate*<void*, byte**, int, void> Binary(BinaryKind kind) => _elementwise switch
    {
        0 => BinaryKernel<Vector512Lanes>.Entry(kind),
        1 => BinaryKernel<Vector256Lanes>.Entry(kind),
        2 => BinaryKernel<Vector128Lanes>.Entry(kind),
        _ => BinaryKernel<ScalarLanes>.Entry(kind),
    };

    public delegate*<void*, byte**, int, void> Softmax(SoftmaxKind kind) => (kind, _elementwise) switch
    {
        (SoftmaxKind.Hardmax, _) => &SoftmaxKernel<ScalarLanes>.RunHard,
        (SoftmaxKind.LogSoftmax, 0) => &SoftmaxKernel<Vector512Lanes>.RunLog,
        (SoftmaxKind.LogSoftmax, 1) => &SoftmaxKernel<Vector256Lanes>.RunLog,
        (SoftmaxKind.LogSoftmax, 2) => &SoftmaxKernel<Vector128Lanes>.RunLog,
        (SoftmaxKind.LogSoftmax, _) => &SoftmaxKernel<ScalarLanes>.RunLog,
        (_, 0) => &SoftmaxKernel<Vector512Lanes>.Run,
        (_, 1) => &SoftmaxKernel<Vector256Lanes>.Run,
        (_, 2) => &SoftmaxKernel<Vector128Lanes>.Run,
        _ => &SoftmaxKernel<ScalarLanes>.Run,
    };

    private static KernelDescriptor Row<T>(string name) where T : struct, ILanes<T> => new(T.Width, name, T.IsSupported, true);
}
