using System.Runtime.CompilerServices;
using Outboard.Plugins.Ml.Graph.Operations;
using Outboard.Plugins.Ml.Kernels.Classify;
using Outboard.Plugins.Ml.Kernels.Lanes;

namespace Outboard.Plugins.Ml.Kernels.Trees;

/// <summary>
/// A forest over rows. Each row's weights are added in tree order with one rounding each, whatever walks the trees, so that
/// the scores are equal bit by bit at every width.
/// </summary>
internal static unsafe class TreeKernel<T> where T : struct, ILanes<T>
{
    /// <summary>Fewer rows than this are walked one by one: a block costs the same for one row as for all.</summary>
    private static int RowsWorthABlock => Math.Max(2, T.Count / 4);

    // Caller guarantees: arguments point to TreeArguments that describe the slots' buffers.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(void* arguments, byte** slots, int batch)
    {
        var p = (TreeArguments*)arguments;
        Forest* forest = p->Forest;
        var x = (float*)slots[p->X];
        var scores = (float*)slots[p->Scores];
        long* labels = p->LabelSlot < 0 ? null : (long*)slots[p->LabelSlot];
        byte* marks = slots[p->Marks];
        var lines = (float*)slots[p->Lines];
        nint rows = p->Batched ? (nint)p->Rows * batch : p->Rows;
        int stride = p->FeatureCount;
        nint r = 0;
        if (forest->IsHeap && forest->IsPlainSum)
        {
            float* sums = stackalloc float[16];
            for (; forest->Blocks != null && rows - r >= RowsWorthABlock; r += T.Count)
            {
                int count = (int)Math.Min(T.Count, rows - r);
                BlockTrees<T>.Turn(forest, x + (r * stride), stride, count, lines);
                BlockTrees<T>.Sum(forest, lines, sums);
                for (int i = 0; i < count; i++)
                {
                    scores[r + i] = sums[i];
                }
            }

            for (; r < rows; r++)
            {
                scores[r] = ScalarTrees.Sum(forest, x + (r * stride));
            }

            for (r = 0; r < rows; r++)
            {
                scores[r] = FinishOne(forest, scores[r], true);
            }

            return;
        }

        int targets = forest->TargetCount;
        new Span<float>(scores, (int)(rows * targets)).Clear();
        new Span<byte>(marks, (int)(rows * targets)).Clear();
        int* leaves = stackalloc int[16];
        for (; forest->Blocks != null && rows - r >= RowsWorthABlock; r += T.Count)
        {
            int count = (int)Math.Min(T.Count, rows - r);
            BlockTrees<T>.Turn(forest, x + (r * stride), stride, count, lines);
            for (int t = 0; t < forest->TreeCount; t++)
            {
                BlockTrees<T>.Leaves(forest, t, lines, leaves);
                for (int i = 0; i < count; i++)
                {
                    nint at = (r + i) * targets;
                    AddLeaf(forest, leaves[i], scores + at, marks + at);
                }
            }
        }

        for (; r < rows; r++)
        {
            for (int t = 0; t < forest->TreeCount; t++)
            {
                AddLeaf(forest, FindLeaf(forest, t, x + (r * stride)), scores + (r * targets), marks + (r * targets));
            }
        }

        for (r = 0; r < rows; r++)
        {
            long label = Finish(forest, scores + (r * targets), marks + (r * targets));
            if (labels != null)
            {
                labels[r] = label;
            }
        }
    }

    private static int FindLeaf(Forest* forest, int tree, float* x)
    {
        if (forest->IsHeap)
        {
            return forest->Leaves[ScalarTrees.Place(forest, tree, x)];
        }

        int node = forest->Roots[tree];
        while (node >= 0)
        {
            TreeNode* n = forest->Nodes + node;
            float v = x[n->Feature];
            node = Holds(forest, n, v) || (n->MissingTracksTrue && float.IsNaN(v)) ? n->True : n->False;
        }

        return ~node;
    }

    private static bool Holds(Forest* forest, TreeNode* n, float v)
    {
        switch (n->Mode)
        {
            case TreeMode.LessOrEqual:
                return v <= n->Value;
            case TreeMode.Less:
                return v < n->Value;
            case TreeMode.GreaterOrEqual:
                return v >= n->Value;
            case TreeMode.Greater:
                return v > n->Value;
            case TreeMode.Equal:
                return v == n->Value;
            case TreeMode.NotEqual:
                return v != n->Value;
            default:
                for (int i = 0; i < n->SetCount; i++)
                {
                    if (forest->SetMembers[n->SetStart + i] == v)
                    {
                        return true;
                    }
                }

                return false;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddLeaf(Forest* forest, int leaf, float* scores, byte* marks)
    {
        int end = forest->LeafStarts[(2 * leaf) + 1];
        for (int i = forest->LeafStarts[2 * leaf]; i < end; i++)
        {
            TreeWeight w = forest->Weights[i];
            float old = scores[w.Target];
            bool first = marks[w.Target] == 0;
            scores[w.Target] = forest->Aggregate switch
            {
                TreeAggregate.Min => first || w.Value < old ? w.Value : old,
                TreeAggregate.Max => first || w.Value > old ? w.Value : old,
                _ => old + w.Value,
            };
            marks[w.Target] = 1;
        }
    }

    /// <summary>One target: its base value is added whatever the transform, of which only the probit applies to a single score.</summary>
    private static float FinishOne(Forest* forest, float score, bool marked)
    {
        if (forest->Aggregate == TreeAggregate.Average)
        {
            score /= forest->TreeCount;
        }

        float start = forest->BaseCount == 1 ? forest->BaseValues[0] : 0f;
        score = marked ? score + start : start;
        return forest->PostTransform == PostTransform.Probit ? PostTransforms.Probit(score) : score;
    }

    private static long Finish(Forest* forest, float* scores, byte* marks)
    {
        if (forest->Labels != null)
        {
            return FinishClasses(forest, scores, marks);
        }

        int targets = forest->TargetCount;
        if (targets == 1)
        {
            scores[0] = FinishOne(forest, scores[0], marks[0] != 0);
            return 0;
        }

        for (int i = 0; i < targets; i++)
        {
            float v = forest->Aggregate == TreeAggregate.Average ? scores[i] / forest->TreeCount : scores[i];
            scores[i] = forest->BaseCount == targets ? v + forest->BaseValues[i] : v;
        }

        PostTransforms.Apply(forest->PostTransform, scores, targets);
        return 0;
    }

    /// <summary>
    /// The label and the class scores. Two classes are a case of their own, for which ONNX says little; this follows what
    /// ONNX Runtime computes, since that is what models are checked with.
    /// </summary>
    private static long FinishClasses(Forest* forest, float* scores, byte* marks)
    {
        int classes = forest->TargetCount;
        if (classes > 2)
        {
            for (int i = 0; i < forest->BaseCount && i < classes; i++)
            {
                scores[i] += forest->BaseValues[i];
                marks[i] = 1;
            }

            int best = -1;
            for (int i = 0; i < classes; i++)
            {
                best = marks[i] != 0 && (best < 0 || scores[i] > scores[best]) ? i : best;
            }

            PostTransforms.Apply(forest->PostTransform, scores, classes);
            return forest->Labels[Math.Max(0, best)];
        }

        if (classes == 1)
        {
            scores[0] += forest->BaseCount == 1 ? forest->BaseValues[0] : 0f;
            float only = scores[0];
            scores[0] = forest->PostTransform == PostTransform.Probit ? PostTransforms.Probit(only) : only;
            return only > 0 ? 1 : 0;
        }

        return FinishTwo(forest, scores, marks);
    }

    private static long FinishTwo(Forest* forest, float* scores, byte* marks)
    {
        bool second = marks[1] != 0;
        if (forest->BaseCount == 2)
        {
            if (second)
            {
                scores[1] = forest->BaseValues[1] + scores[0];
                scores[0] = -scores[1];
            }
            else
            {
                scores[1] += forest->BaseValues[1];
                scores[0] += forest->BaseValues[0];
            }
        }
        else if (forest->BaseCount == 1)
        {
            scores[0] += forest->BaseValues[0];
        }

        bool pair = second || forest->BaseCount == 2;
        float decisive = second ? scores[1] : scores[0];
        bool yes = decisive > (forest->IsBinary && forest->WeightsArePositive ? 0.5f : 0f);
        long label = forest->IsBinary ? forest->Labels[yes ? 1 : 0] : yes ? 1 : 0;
        if (pair)
        {
            scores[0] = marks[0] != 0 ? scores[0] : 0f;
            scores[1] = second ? scores[1] : 0f;
            PostTransforms.Apply(forest->PostTransform, scores, 2);
        }
        else
        {
            float s = scores[0];
            bool logistic = forest->PostTransform == PostTransform.Logistic;
            scores[1] = logistic ? PostTransforms.Logistic(s) : s;
            scores[0] = logistic ? PostTransforms.Logistic(-s) : forest->IsBinary && forest->WeightsArePositive ? 1f - s : -s;
        }

        return label;
    }
}
