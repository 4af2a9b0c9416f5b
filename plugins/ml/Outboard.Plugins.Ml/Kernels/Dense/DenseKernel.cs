using System.Runtime.CompilerServices;
using Outboard.Plugins.Ml.Kernels.Lanes;

namespace Outboard.Plugins.Ml.Kernels.Dense;

/// <summary>
/// A fully connected layer. The scalar recurrence is c = bias[n]; c += x[m, k] * W[k, n] for k in order; y = clamp(c).
/// Departures: columns are taken two registers at a time from packed panels; rows in tiles of 8, 4 and 1 (a rest of rows
/// is covered by a tile that overlaps the one before, since rows are independent and each sum runs over k in order, so a row's
/// result does not depend on its tile); multiply and add are fused where the registers do so; the last, narrower panel
/// is computed whole into a block on the stack. 16 sums of 512 bits or 8 of fewer keep both multipliers of the CPU busy.
/// </summary>
internal static unsafe class DenseKernel<T> where T : struct, ILanes<T>
{
    /// <summary>Columns of one panel.</summary>
    public static int PanelColumns => 2 * T.Count;

    /// <summary>Rows of the largest tile; narrower register files hold the sums of four.</summary>
    private static int TileRows => T.Count == 16 ? 8 : 4;

    // Caller guarantees: arguments point to DenseArguments whose slots hold Rows x K and Rows x N floats for each inference.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(void* arguments, byte** slots, int batch)
    {
        var a = (DenseArguments*)arguments;
        nint rows = a->Batched ? (nint)a->Rows * batch : a->Rows;
        var x = (float*)slots[a->X];
        var y = (float*)slots[a->Y];
        if (rows <= 0)
        {
            return;
        }

        float* panel = a->Panels;
        nint panelSize = (nint)a->K * PanelColumns;
        int n = 0;
        if (rows < 4)
        {
            n = Rows(a, x, y, rows);
            panel += n / PanelColumns * panelSize;
        }

        for (; n <= a->N - PanelColumns; n += PanelColumns, panel += panelSize)
        {
            Panel(a, x, panel, a->Bias + n, y + n, rows);
        }

        if (n < a->N)
        {
            LastPanel(a, x, panel, a->Bias + n, y + n, a->N - n, rows);
        }
    }

    /// <summary>Few rows: one at a time over several panels. Returns the columns done, of which single panels are left over.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Rows(DenseArguments* a, float* x, float* y, nint rows)
    {
        int done = 0;
        nint panelSize = (nint)a->K * PanelColumns;
        for (nint m = 0; m < rows; m++, x += a->K, y += a->N)
        {
            float* panel = a->Panels;
            int n = 0;
            for (; n <= a->N - (4 * PanelColumns); n += 4 * PanelColumns, panel += 4 * panelSize)
            {
                Row4(a, x, panel, a->Bias + n, y + n);
            }

            for (; n <= a->N - (2 * PanelColumns); n += 2 * PanelColumns, panel += 2 * panelSize)
            {
                Row2(a, x, panel, a->Bias + n, y + n);
            }

            done = n;
        }

        return done;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Panel(DenseArguments* a, float* x, float* panel, float* bias, float* y, nint rows)
    {
        nint k = a->K, stride = a->N, m = 0;
        if (TileRows == 8 && rows >= 8)
        {
            for (; m < rows; m += 8)
            {
                m = Math.Min(m, rows - 8);
                Tile8(a, x + (m * k), panel, bias, y + (m * stride), stride);
            }
        }
        else if (rows >= 4)
        {
            for (; m < rows; m += 4)
            {
                m = Math.Min(m, rows - 4);
                Tile4(a, x + (m * k), panel, bias, y + (m * stride), stride);
            }
        }
        else
        {
            for (; m < rows; m++)
            {
                Tile1(a, x + (m * k), panel, bias, y + (m * stride), stride);
            }
        }
    }

    /// <summary>A panel with fewer columns than registers hold: tile by tile through the stack.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void LastPanel(DenseArguments* a, float* x, float* panel, float* bias, float* y, int columns, nint rows)
    {
        float* block = stackalloc float[8 * 32];
        nint k = a->K, stride = a->N, width = PanelColumns;
        int step = rows >= TileRows ? TileRows : rows >= 4 ? 4 : 1;
        bool narrow = columns <= T.Count;
        for (nint m = 0; m < rows; m += step)
        {
            m = Math.Min(m, rows - step);
            float* from = x + (m * k);
            switch (step + (narrow ? 16 : 0))
            {
                case 8:
                    Tile8(a, from, panel, bias, block, width);
                    break;
                case 4:
                    Tile4(a, from, panel, bias, block, width);
                    break;
                case 1:
                    Tile1(a, from, panel, bias, block, width);
                    break;
                case 24:
                    Narrow8(a, from, panel, bias, block, width);
                    break;
                case 20:
                    Narrow4(a, from, panel, bias, block, width);
                    break;
                default:
                    Narrow1(a, from, panel, bias, block, width);
                    break;
            }

            for (int r = 0; r < step; r++)
            {
                float* row = block + (r * width), to = y + ((m + r) * stride);
                for (int c = 0; c < columns; c++)
                {
                    to[c] = row[c];
                }
            }
        }
    }

    /// <summary>8 rows by two registers of columns. No call inside: a call would push every sum to memory and back.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Tile8(DenseArguments* a, float* x, float* panel, float* bias, float* y, nint stride)
    {
        nint k = a->K;
        float* x1 = x + k, x2 = x1 + k, x3 = x2 + k, x4 = x3 + k, x5 = x4 + k, x6 = x5 + k, x7 = x6 + k;
        T b0 = T.Load(bias), b1 = T.Load(bias + T.Count);
        T c00 = b0, c01 = b1;
        T c10 = b0, c11 = b1;
        T c20 = b0, c21 = b1;
        T c30 = b0, c31 = b1;
        T c40 = b0, c41 = b1;
        T c50 = b0, c51 = b1;
        T c60 = b0, c61 = b1;
        T c70 = b0, c71 = b1;
        for (nint i = 0; i < k; i++)
        {
            T w0 = T.Load(panel), w1 = T.Load(panel + T.Count);
            panel += 2 * T.Count;
            T v = T.Broadcast(x[i]);
            c00 = T.MultiplyAdd(v, w0, c00);
            c01 = T.MultiplyAdd(v, w1, c01);
            v = T.Broadcast(x1[i]);
            c10 = T.MultiplyAdd(v, w0, c10);
            c11 = T.MultiplyAdd(v, w1, c11);
            v = T.Broadcast(x2[i]);
            c20 = T.MultiplyAdd(v, w0, c20);
            c21 = T.MultiplyAdd(v, w1, c21);
            v = T.Broadcast(x3[i]);
            c30 = T.MultiplyAdd(v, w0, c30);
            c31 = T.MultiplyAdd(v, w1, c31);
            v = T.Broadcast(x4[i]);
            c40 = T.MultiplyAdd(v, w0, c40);
            c41 = T.MultiplyAdd(v, w1, c41);
            v = T.Broadcast(x5[i]);
            c50 = T.MultiplyAdd(v, w0, c50);
            c51 = T.MultiplyAdd(v, w1, c51);
            v = T.Broadcast(x6[i]);
            c60 = T.MultiplyAdd(v, w0, c60);
            c61 = T.MultiplyAdd(v, w1, c61);
            v = T.Broadcast(x7[i]);
            c70 = T.MultiplyAdd(v, w0, c70);
            c71 = T.MultiplyAdd(v, w1, c71);
        }

        T low = T.Broadcast(a->Low), high = T.Broadcast(a->High);
        T.Store(y, T.Min(high, T.Max(low, c00)));
        T.Store(y + T.Count, T.Min(high, T.Max(low, c01)));
        y += stride;
        T.Store(y, T.Min(high, T.Max(low, c10)));
        T.Store(y + T.Count, T.Min(high, T.Max(low, c11)));
        y += stride;
        T.Store(y, T.Min(high, T.Max(low, c20)));
        T.Store(y + T.Count, T.Min(high, T.Max(low, c21)));
        y += stride;
        T.Store(y, T.Min(high, T.Max(low, c30)));
        T.Store(y + T.Count, T.Min(high, T.Max(low, c31)));
        y += stride;
        T.Store(y, T.Min(high, T.Max(low, c40)));
        T.Store(y + T.Count, T.Min(high, T.Max(low, c41)));
        y += stride;
        T.Store(y, T.Min(high, T.Max(low, c50)));
        T.Store(y + T.Count, T.Min(high, T.Max(low, c51)));
        y += stride;
        T.Store(y, T.Min(high, T.Max(low, c60)));
        T.Store(y + T.Count, T.Min(high, T.Max(low, c61)));
        y += stride;
        T.Store(y, T.Min(high, T.Max(low, c70)));
        T.Store(y + T.Count, T.Min(high, T.Max(low, c71)));
    }

    /// <summary>4 rows by two registers of columns. No call inside: a call would push every sum to memory and back.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Tile4(DenseArguments* a, float* x, float* panel, float* bias, float* y, nint stride)
    {
        nint k = a->K;
        float* x1 = x + k, x2 = x1 + k, x3 = x2 + k;
        T b0 = T.Load(bias), b1 = T.Load(bias + T.Count);
        T c00 = b0, c01 = b1;
        T c10 = b0, c11 = b1;
        T c20 = b0, c21 = b1;
        T c30 = b0, c31 = b1;
        for (nint i = 0; i < k; i++)
        {
            T w0 = T.Load(panel), w1 = T.Load(panel + T.Count);
            panel += 2 * T.Count;
            T v = T.Broadcast(x[i]);
            c00 = T.MultiplyAdd(v, w0, c00);
            c01 = T.MultiplyAdd(v, w1, c01);
            v = T.Broadcast(x1[i]);
            c10 = T.MultiplyAdd(v, w0, c10);
            c11 = T.MultiplyAdd(v, w1, c11);
            v = T.Broadcast(x2[i]);
            c20 = T.MultiplyAdd(v, w0, c20);
            c21 = T.MultiplyAdd(v, w1, c21);
            v = T.Broadcast(x3[i]);
            c30 = T.MultiplyAdd(v, w0, c30);
            c31 = T.MultiplyAdd(v, w1, c31);
        }

        T low = T.Broadcast(a->Low), high = T.Broadcast(a->High);
        T.Store(y, T.Min(high, T.Max(low, c00)));
        T.Store(y + T.Count, T.Min(high, T.Max(low, c01)));
        y += stride;
        T.Store(y, T.Min(high, T.Max(low, c10)));
        T.Store(y + T.Count, T.Min(high, T.Max(low, c11)));
        y += stride;
        T.Store(y, T.Min(high, T.Max(low, c20)));
        T.Store(y + T.Count, T.Min(high, T.Max(low, c21)));
        y += stride;
        T.Store(y, T.Min(high, T.Max(low, c30)));
        T.Store(y + T.Count, T.Min(high, T.Max(low, c31)));
    }

    /// <summary>1 row by two registers of columns. No call inside: a call would push every sum to memory and back.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Tile1(DenseArguments* a, float* x, float* panel, float* bias, float* y, nint stride)
    {
        nint k = a->K;
        T b0 = T.Load(bias), b1 = T.Load(bias + T.Count);
        T c00 = b0, c01 = b1;
        for (nint i = 0; i < k; i++)
        {
            T w0 = T.Load(panel), w1 = T.Load(panel + T.Count);
            panel += 2 * T.Count;
            T v = T.Broadcast(x[i]);
            c00 = T.MultiplyAdd(v, w0, c00);
            c01 = T.MultiplyAdd(v, w1, c01);
        }

        T low = T.Broadcast(a->Low), high = T.Broadcast(a->High);
        T.Store(y, T.Min(high, T.Max(low, c00)));
        T.Store(y + T.Count, T.Min(high, T.Max(low, c01)));
    }

    /// <summary>One row by four panels: eight sums, since two alone would wait for each other's additions.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Row4(DenseArguments* a, float* x, float* panel, float* bias, float* y)
    {
        nint k = a->K, size = k * 2 * T.Count;
        float* p1 = panel + size, p2 = p1 + size, p3 = p2 + size;
        T c00 = T.Load(bias), c01 = T.Load(bias + T.Count), c10 = T.Load(bias + (2 * T.Count)), c11 = T.Load(bias + (3 * T.Count));
        T c20 = T.Load(bias + (4 * T.Count)), c21 = T.Load(bias + (5 * T.Count));
        T c30 = T.Load(bias + (6 * T.Count)), c31 = T.Load(bias + (7 * T.Count));
        for (nint i = 0, at = 0; i < k; i++, at += 2 * T.Count)
        {
            T v = T.Broadcast(x[i]);
            c00 = T.MultiplyAdd(v, T.Load(panel + at), c00);
            c01 = T.MultiplyAdd(v, T.Load(panel + at + T.Count), c01);
            c10 = T.MultiplyAdd(v, T.Load(p1 + at), c10);
            c11 = T.MultiplyAdd(v, T.Load(p1 + at + T.Count), c11);
            c20 = T.MultiplyAdd(v, T.Load(p2 + at), c20);
            c21 = T.MultiplyAdd(v, T.Load(p2 + at + T.Count), c21);
            c30 = T.MultiplyAdd(v, T.Load(p3 + at), c30);
            c31 = T.MultiplyAdd(v, T.Load(p3 + at + T.Count), c31);
        }

        T low = T.Broadcast(a->Low), high = T.Broadcast(a->High);
        T.Store(y, T.Min(high, T.Max(low, c00)));
        T.Store(y + T.Count, T.Min(high, T.Max(low, c01)));
        T.Store(y + (2 * T.Count), T.Min(high, T.Max(low, c10)));
        T.Store(y + (3 * T.Count), T.Min(high, T.Max(low, c11)));
        T.Store(y + (4 * T.Count), T.Min(high, T.Max(low, c20)));
        T.Store(y + (5 * T.Count), T.Min(high, T.Max(low, c21)));
        T.Store(y + (6 * T.Count), T.Min(high, T.Max(low, c30)));
        T.Store(y + (7 * T.Count), T.Min(high, T.Max(low, c31)));
    }

    /// <summary>One row by two panels.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Row2(DenseArguments* a, float* x, float* panel, float* bias, float* y)
    {
        nint k = a->K;
        float* p1 = panel + (k * 2 * T.Count);
        T c00 = T.Load(bias), c01 = T.Load(bias + T.Count), c10 = T.Load(bias + (2 * T.Count)), c11 = T.Load(bias + (3 * T.Count));
        for (nint i = 0, at = 0; i < k; i++, at += 2 * T.Count)
        {
            T v = T.Broadcast(x[i]);
            c00 = T.MultiplyAdd(v, T.Load(panel + at), c00);
            c01 = T.MultiplyAdd(v, T.Load(panel + at + T.Count), c01);
            c10 = T.MultiplyAdd(v, T.Load(p1 + at), c10);
            c11 = T.MultiplyAdd(v, T.Load(p1 + at + T.Count), c11);
        }

        T low = T.Broadcast(a->Low), high = T.Broadcast(a->High);
        T.Store(y, T.Min(high, T.Max(low, c00)));
        T.Store(y + T.Count, T.Min(high, T.Max(low, c01)));
        T.Store(y + (2 * T.Count), T.Min(high, T.Max(low, c10)));
        T.Store(y + (3 * T.Count), T.Min(high, T.Max(low, c11)));
    }

    /// <summary>8 rows by the first register of a panel, for a last panel that has no more columns.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Narrow8(DenseArguments* a, float* x, float* panel, float* bias, float* y, nint stride)
    {
        nint k = a->K;
        float* x1 = x + k, x2 = x1 + k, x3 = x2 + k, x4 = x3 + k, x5 = x4 + k, x6 = x5 + k, x7 = x6 + k;
        T c0 = T.Load(bias), c1 = c0, c2 = c0, c3 = c0, c4 = c0, c5 = c0, c6 = c0, c7 = c0;
        for (nint i = 0; i < k; i++)
        {
            T w = T.Load(panel);
            panel += 2 * T.Count;
            c0 = T.MultiplyAdd(T.Broadcast(x[i]), w, c0);
            c1 = T.MultiplyAdd(T.Broadcast(x1[i]), w, c1);
            c2 = T.MultiplyAdd(T.Broadcast(x2[i]), w, c2);
            c3 = T.MultiplyAdd(T.Broadcast(x3[i]), w, c3);
            c4 = T.MultiplyAdd(T.Broadcast(x4[i]), w, c4);
            c5 = T.MultiplyAdd(T.Broadcast(x5[i]), w, c5);
            c6 = T.MultiplyAdd(T.Broadcast(x6[i]), w, c6);
            c7 = T.MultiplyAdd(T.Broadcast(x7[i]), w, c7);
        }

        T low = T.Broadcast(a->Low), high = T.Broadcast(a->High);
        T.Store(y, T.Min(high, T.Max(low, c0)));
        y += stride;
        T.Store(y, T.Min(high, T.Max(low, c1)));
        y += stride;
        T.Store(y, T.Min(high, T.Max(low, c2)));
        y += stride;
        T.Store(y, T.Min(high, T.Max(low, c3)));
        y += stride;
        T.Store(y, T.Min(high, T.Max(low, c4)));
        y += stride;
        T.Store(y, T.Min(high, T.Max(low, c5)));
        y += stride;
        T.Store(y, T.Min(high, T.Max(low, c6)));
        y += stride;
        T.Store(y, T.Min(high, T.Max(low, c7)));
    }

    /// <summary>4 rows by the first register of a panel, for a last panel that has no more columns.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Narrow4(DenseArguments* a, float* x, float* panel, float* bias, float* y, nint stride)
    {
        nint k = a->K;
        float* x1 = x + k, x2 = x1 + k, x3 = x2 + k;
        T c0 = T.Load(bias), c1 = c0, c2 = c0, c3 = c0;
        for (nint i = 0; i < k; i++)
        {
            T w = T.Load(panel);
            panel += 2 * T.Count;
            c0 = T.MultiplyAdd(T.Broadcast(x[i]), w, c0);
            c1 = T.MultiplyAdd(T.Broadcast(x1[i]), w, c1);
            c2 = T.MultiplyAdd(T.Broadcast(x2[i]), w, c2);
            c3 = T.MultiplyAdd(T.Broadcast(x3[i]), w, c3);
        }

        T low = T.Broadcast(a->Low), high = T.Broadcast(a->High);
        T.Store(y, T.Min(high, T.Max(low, c0)));
        y += stride;
        T.Store(y, T.Min(high, T.Max(low, c1)));
        y += stride;
        T.Store(y, T.Min(high, T.Max(low, c2)));
        y += stride;
        T.Store(y, T.Min(high, T.Max(low, c3)));
    }

    /// <summary>1 row by the first register of a panel, for a last panel that has no more columns.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Narrow1(DenseArguments* a, float* x, float* panel, float* bias, float* y, nint stride)
    {
        nint k = a->K;
        T c0 = T.Load(bias);
        for (nint i = 0; i < k; i++)
        {
            T w = T.Load(panel);
            panel += 2 * T.Count;
            c0 = T.MultiplyAdd(T.Broadcast(x[i]), w, c0);
        }

        T low = T.Broadcast(a->Low), high = T.Broadcast(a->High);
        T.Store(y, T.Min(high, T.Max(low, c0)));
    }
}
