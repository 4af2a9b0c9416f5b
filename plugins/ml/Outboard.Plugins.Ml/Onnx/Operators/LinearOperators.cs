using System.Runtime.InteropServices;
using Outboard.Plugins.Ml.Graph;
using Outboard.Plugins.Ml.Graph.Operations;

namespace Outboard.Plugins.Ml.Onnx.Operators;

/// <summary>Matrix products.</summary>
internal static class LinearOperators
{
    public static IEnumerable<OnnxOperator> All =>
    [
        new(OnnxOperators.Core, "Gemm", 1, Gemm),
        new(OnnxOperators.Core, "MatMul", 1, MatMul),
    ];

    /// <summary>Y = alpha * A' * B' + beta * C.</summary>
    private static void Gemm(OnnxNode n)
    {
        GraphValue a = n.FloatInput(0), b = n.FloatInput(1);
        float alpha = n.Float("alpha", 1f), beta = n.Float("beta", 1f);
        bool transA = n.Flag("transA", false), transB = n.Flag("transB", false);
        n.Ignore("broadcast");
        if (a.Shape.Rank != 2 || b.Shape.Rank != 2)
        {
            throw n.Refuse($"operands of shape {a.Shape} and {b.Shape}; both must be matrices");
        }

        int k = a.Shape[transA ? 0 : 1], n1 = b.Shape[transB ? 0 : 1];
        if (b.Shape[transB ? 1 : 0] != k)
        {
            throw n.Refuse($"operands of shape {a.Shape} and {b.Shape} do not fit (transA={transA}, transB={transB})");
        }

        bool dense = b.IsConstant && !transA && !a.IsConstant;
        if (dense)
        {
            n.Builder.Charge(b.ByteCount);
        }

        GraphValue y = dense
            ? Dense(n, a, Arrange(b.Elements<float>(), k, n1, transB, alpha), k, n1)
            : General(n, a, b, transA, transB, alpha);
        if (n.HasInput(2) && beta != 0)
        {
            GraphValue c = n.FloatInput(2);
            if (c.Shape.Rank > 2 || !GraphBuilder.Broadcast(y.Shape, c.Shape).SameDims(y.Shape))
            {
                throw n.Refuse($"input 2 of shape {c.Shape} cannot be broadcast to {y.Shape}");
            }

            if (beta != 1f)
            {
                c = n.Builder.Binary(BinaryKind.Mul, c, n.Builder.Scalar(beta));
            }

            y = n.Builder.Binary(BinaryKind.Add, y, c);
        }

        n.SetOutput(0, y);
    }

    private static void MatMul(OnnxNode n)
    {
        GraphValue a = n.FloatInput(0), b = n.FloatInput(1);
        if (a.Shape.Rank == 0 || b.Shape.Rank == 0)
        {
            throw n.Refuse("an operand is a scalar");
        }

        if (a.Shape.Rank == 1 && a.Shape.IsBatched)
        {
            throw new BatchException("multiplies along the batch dimension");
        }

        int k = a.Shape[^1];
        if (k != b.Shape[Math.Max(0, b.Shape.Rank - 2)])
        {
            throw n.Refuse($"operands of shape {a.Shape} and {b.Shape} do not fit");
        }

        if (b.IsConstant && !a.IsConstant && b.Shape.Rank == 2)
        {
            n.Builder.Charge(b.ByteCount);
            n.SetOutput(0, Dense(n, a, b.Elements<float>().ToArray(), k, b.Shape[1]));
            return;
        }

        GraphValue left = a.Shape.Rank == 1 ? n.Builder.View(a, TensorShape.Of([1, k])) : a;
        GraphValue right = b.Shape.Rank == 1
            ? n.Builder.View(b, b.Shape.IsBatched ? throw new BatchException("multiplies along the batch dimension") : TensorShape.Of([k, 1]))
            : b;
        GraphValue y = General(n, left, right, false, false, 1f);
        if (a.Shape.Rank == 1 || b.Shape.Rank == 1)
        {
            var dims = new List<int>(y.Shape.Dims.ToArray());
            if (b.Shape.Rank == 1)
            {
                dims.RemoveAt(dims.Count - 1);
            }

            if (a.Shape.Rank == 1)
            {
                dims.RemoveAt(dims.Count - (b.Shape.Rank == 1 ? 1 : 2));
            }

            y = n.Builder.View(y, TensorShape.Of(CollectionsMarshal.AsSpan(dims), y.Shape.IsBatched));
        }

        n.SetOutput(0, y);
    }

    /// <summary>Adds a fully connected layer over the last axis of x.</summary>
    public static GraphValue Dense(OnnxNode n, GraphValue x, float[] weights, int k, int columns)
    {
        int[] dims = x.Shape.Dims.ToArray();
        dims[^1] = columns;
        return n.Builder.Add(new DenseOperation
        {
            Origin = n.Description,
            Inputs = [x],
            Outputs = [n.Builder.Temporary(ElementType.Float32, TensorShape.Of(dims, x.Shape.IsBatched))],
            Weights = weights,
            Bias = null,
            K = k,
            N = columns,
        });
    }

    /// <summary>Weights as a row-major K x N matrix, scaled.</summary>
    private static float[] Arrange(ReadOnlySpan<float> b, int k, int columns, bool transposed, float alpha)
    {
        float[] w = new float[b.Length];
        for (int i = 0; i < k; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                w[(i * columns) + j] = alpha * (transposed ? b[(j * k) + i] : b[(i * columns) + j]);
            }
        }

        return w;
    }

    /// <summary>A product of two matrices of rank 2 or more, leading axes broadcast.</summary>
    private static GraphValue General(OnnxNode n, GraphValue a, GraphValue b, bool transA, bool transB, float alpha)
    {
        TensorShape sa = a.Shape, sb = b.Shape;
        int ra = sa.Rank, rb = sb.Rank, leading = Math.Max(ra, rb) - 2;
        bool batched = sa.IsBatched || sb.IsBatched;
        if (batched && ((leading == 0 && (sb.IsBatched || transA)) || (sa.IsBatched && ra < leading + 2) || (sb.IsBatched && rb < leading + 2)))
        {
            throw new BatchException("multiplies along the batch dimension");
        }

        int m = sa[ra - (transA ? 1 : 2)], k = sa[ra - (transA ? 2 : 1)], columns = sb[rb - (transB ? 2 : 1)];
        int[] dims = new int[leading + 2], strideA = new int[leading], strideB = new int[leading];
        int[] denseA = sa.Strides(), denseB = sb.Strides();
        for (int i = 0; i < leading; i++)
        {
            int ia = i - (leading + 2 - ra), ib = i - (leading + 2 - rb);
            int da = ia >= 0 ? sa[ia] : 1, db = ib >= 0 ? sb[ib] : 1;
            if (da != db && da != 1 && db != 1)
            {
                throw n.Refuse($"operands of shape {sa} and {sb} do not fit");
            }

            dims[i] = da == 1 ? db : da;
            bool batchAxis = batched && i == 0;
            if (batchAxis && ((!sa.IsBatched && da != 1) || (!sb.IsBatched && db != 1) || (sa.IsBatched && sb.IsBatched && da != db)))
            {
                throw new BatchException("broadcasts along the batch dimension");
            }

            strideA[i] = ia >= 0 && (da > 1 || (batchAxis && sa.IsBatched)) ? denseA[ia] : 0;
            strideB[i] = ib >= 0 && (db > 1 || (batchAxis && sb.IsBatched)) ? denseB[ib] : 0;
        }

        dims[leading] = m;
        dims[leading + 1] = columns;
        return n.Builder.Add(new MatrixProductOperation
        {
            Origin = n.Description,
            Inputs = [a, b],
            Outputs = [n.Builder.Temporary(ElementType.Float32, TensorShape.Of(dims, batched))],
            M = m,
            N = columns,
            K = k,
            AStrideM = denseA[ra - (transA ? 1 : 2)],
            AStrideK = denseA[ra - (transA ? 2 : 1)],
            BStrideK = denseB[rb - (transB ? 1 : 2)],
            BStrideN = denseB[rb - (transB ? 2 : 1)],
            Alpha = alpha,
            Leading = dims[..leading],
            AStrides = strideA,
            BStrides = strideB,
            IsBatched = batched,
        });
    }
}
