using System.Collections.Frozen;
using Outboard.Plugins.Ml.Onnx.Operators;

namespace Outboard.Plugins.Ml.Onnx;

/// <summary>Every operator that a model may hold; the capability list is made from this table.</summary>
internal static class OnnxOperators
{
    /// <summary>The default domain, as messages name it; files write it as the empty string.</summary>
    public const string Core = "ai.onnx";

    /// <summary>Classic machine learning: trees, linear models, scalers.</summary>
    public const string Classic = "ai.onnx.ml";

    /// <summary>Newest operator set versions whose operators have been gone through.</summary>
    public const int CoreOpsetMax = 28;

    public const int ClassicOpsetMax = 5;

    private static readonly FrozenDictionary<(string Domain, string Name), OnnxOperator> s_table =
        ElementwiseOperators.All
            .Concat(LinearOperators.All)
            .Concat(ShapeOperators.All)
            .Concat(MovementOperators.All)
            .Concat(ReductionOperators.All)
            .Concat(NormalizationOperators.All)
            .Concat(ClassicOperators.All)
            .Concat(TreeOperators.All)
            .ToFrozenDictionary(o => (o.Domain, o.Name));

    public static IEnumerable<OnnxOperator> All => s_table.Values;

    public static OnnxOperator? Find(string domain, string name) => s_table.GetValueOrDefault((domain, name));
}
