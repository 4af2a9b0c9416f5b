using System.Runtime.CompilerServices;
using Outboard.Plugins.Ml.Kernels.Lanes;

namespace Outboard.Plugins.Ml.Kernels.Trees;

/// <summary>
/// A register of rows through every node of every tree: no walk, no gather, no branch. The rows are first turned so that each
/// feature is a line of lanes; a node is then one comparison of its line with its threshold, and a subtree's value is a
/// choice between its children's values by that mask, from the leaves up. At 512 bits that is about 18 instructions for a
/// row and a tree of depth 6, against six dependent steps with two loads each.
/// </summary>
internal static unsafe class BlockTrees<T> where T : struct, ILanes<T>
{
    /// <summary>
    /// The deepest tree worth evaluating whole: its work doubles with each level and is shared by a register of rows.
    /// </summary>
    public static int DepthMax => T.Count switch { 16 => 8, 8 => 7, 4 => 6, _ => 0 };

    /// <summary>Turns up to Count rows into lines; missing rows repeat the last one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Turn(Forest* forest, float* x, int stride, int rows, float* lines)
    {
        for (int l = 0; l < forest->LineCount; l++, lines += T.Count)
        {
            float* column = x + forest->Lines[l].Feature;
            bool low = forest->Lines[l].NanIsLow;
            for (int r = 0; r < T.Count; r++)
            {
                float v = column[(nint)Math.Min(r, rows - 1) * stride];
                lines[r] = low && float.IsNaN(v) ? float.NegativeInfinity : v;
            }
        }
    }

    /// <summary>Adds the weights of all trees in tree order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Sum(Forest* forest, float* lines, float* sums)
    {
        float* values = stackalloc float[16 * 32];
        T sum = T.Broadcast(0f);
        for (int t = 0; t < forest->TreeCount; t++)
        {
            sum += Tree(forest, t, lines, values);
        }

        T.Store(sums, sum);
    }

    /// <summary>The leaf numbers that the rows reach in one tree.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Leaves(Forest* forest, int tree, float* lines, int* leaves)
    {
        float* values = stackalloc float[16 * 32];
        T.Store((float*)leaves, Tree(forest, tree, lines, values));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Tree(Forest* forest, int tree, float* lines, float* values)
    {
        TreeBlock* block = forest->Blocks + tree;
        BlockNode* upper = forest->BlockNodes + block->Nodes;
        float* leaves = forest->BlockLeaves + block->Leaves;
        int bottoms = 1 << (block->Depth - 3);
        BlockNode* node = upper + bottoms;
        for (int b = 0; b < bottoms; b++, node += 7, leaves += 8)
        {
            T.Store(values + (b * T.Count), Bottom(node, leaves, lines));
        }

        for (int width = bottoms >> 1; width > 0; width >>= 1)
        {
            for (int i = 0; i < width; i++)
            {
                float* pair = values + (2 * i * T.Count);
                T.Store(values + (i * T.Count), Choose(upper + width + i, lines, T.Load(pair), T.Load(pair + T.Count)));
            }
        }

        return T.Load(values);
    }

    /// <summary>Seven nodes in the order root, left, right, and their children; eight leaves.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Bottom(BlockNode* node, float* leaves, float* lines)
    {
        T a = Choose(node + 3, lines, T.Broadcast(leaves[0]), T.Broadcast(leaves[1]));
        T b = Choose(node + 4, lines, T.Broadcast(leaves[2]), T.Broadcast(leaves[3]));
        T left = Choose(node + 1, lines, a, b);
        T c = Choose(node + 5, lines, T.Broadcast(leaves[4]), T.Broadcast(leaves[5]));
        T d = Choose(node + 6, lines, T.Broadcast(leaves[6]), T.Broadcast(leaves[7]));
        T right = Choose(node + 2, lines, c, d);
        return Choose(node, lines, left, right);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Choose(BlockNode* node, float* lines, T low, T high) =>
        T.SelectAtMost(T.Load(lines + node->Line), T.Broadcast(node->Threshold), low, high);
}
