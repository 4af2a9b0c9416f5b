using System.Runtime.CompilerServices;
using Outboard.Plugins.Ml.Kernels.Lanes;

namespace Outboard.Plugins.Ml.Kernels.Softmax;

/// <summary>Softmax over the middle of [Outer, Count, Inner]; Outer is for one inference.</summary>
internal struct SoftmaxArguments
{
    public int X;
    public int Y;
    public int Outer;
    public int Count;
    public int Inner;
    public bool Batched;
}

/// <summary>
/// Scalar: m = max x; e_i = exp(x_i - m); y_i = e_i / sum e (the logarithm: x_i - m - log sum e). Registers take the row
/// Count elements at a time, a rest through a padded register; with Inner above 1 they take neighbouring columns instead.
/// Rows shorter than a register are gathered into columns, a register of rows at a time.
/// </summary>
internal static unsafe class SoftmaxKernel<T> where T : struct, ILanes<T>
{
    // Caller guarantees for both: arguments point to SoftmaxArguments whose slots hold the elements it describes.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(void* arguments, byte** slots, int batch) => Run(arguments, slots, batch, false);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void RunLog(void* arguments, byte** slots, int batch) => Run(arguments, slots, batch, true);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run(void* arguments, byte** slots, int batch, bool log)
    {
        var a = (SoftmaxArguments*)arguments;
        var x = (float*)slots[a->X];
        var y = (float*)slots[a->Y];
        nint outer = a->Batched ? (nint)a->Outer * batch : a->Outer;
        nint size = (nint)a->Count * a->Inner;
        if (size == 0)
        {
            return;
        }

        if (a->Inner == 1 && a->Count <= T.Count && T.Count > 1)
        {
            ShortRows(x, y, outer, a->Count, log);
            return;
        }

        for (nint o = 0; o < outer; o++, x += size, y += size)
        {
            if (a->Inner == 1)
            {
                Row(x, y, a->Count, log);
            }
            else
            {
                Columns(x, y, a->Count, a->Inner, log);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Row(float* x, float* y, nint count, bool log)
    {
        nint whole = count - (count % T.Count);
        int rest = (int)(count - whole);
        T top = T.Broadcast(float.NegativeInfinity);
        for (nint i = 0; i < whole; i += T.Count)
        {
            top = T.Max(T.Load(x + i), top);
        }

        if (rest > 0)
        {
            top = T.Max(T.LoadPartial(x + whole, rest, float.NegativeInfinity), top);
        }

        T max = T.Broadcast(T.MaxOf(top));
        T sum = T.Broadcast(0f);
        for (nint i = 0; i < whole; i += T.Count)
        {
            T e = LaneMath<T>.Exp(T.Load(x + i) - max);
            sum += e;
            if (!log)
            {
                T.Store(y + i, e);
            }
        }

        if (rest > 0)
        {
            T e = LaneMath<T>.Exp(T.LoadPartial(x + whole, rest, float.NegativeInfinity) - max);
            sum += e;
            if (!log)
            {
                T.StorePartial(y + whole, e, rest);
            }
        }

        T total = T.Broadcast(T.Sum(sum));
        T shift = log ? max + LaneMath<T>.Log(total) : total;
        for (nint i = 0; i < whole; i += T.Count)
        {
            T.Store(y + i, log ? T.Load(x + i) - shift : T.Load(y + i) / shift);
        }

        if (rest > 0)
        {
            T last = log ? T.LoadPartial(x + whole, rest, 0f) - shift : T.LoadPartial(y + whole, rest, 0f) / shift;
            T.StorePartial(y + whole, last, rest);
        }
    }

    /// <summary>Neighbouring columns of a [Count, Inner] block, a register of columns at a time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Columns(float* x, float* y, nint count, nint inner, bool log)
    {
        for (nint c = 0; c < inner; c += T.Count)
        {
            int width = (int)Math.Min(T.Count, inner - c);
            bool partial = width < T.Count;
            T max = T.Broadcast(float.NegativeInfinity);
            for (nint i = 0; i < count; i++)
            {
                max = T.Max(Read(x + (i * inner) + c), max);
            }

            T sum = T.Broadcast(0f);
            for (nint i = 0; i < count; i++)
            {
                sum += LaneMath<T>.Exp(Read(x + (i * inner) + c) - max);
            }

            T shift = log ? max + LaneMath<T>.Log(sum) : sum;
            for (nint i = 0; i < count; i++)
            {
                T v = Read(x + (i * inner) + c);
                v = log ? v - shift : LaneMath<T>.Exp(v - max) / shift;
                if (partial)
                {
                    T.StorePartial(y + (i * inner) + c, v, width);
                }
                else
                {
                    T.Store(y + (i * inner) + c, v);
                }
            }

            T Read(float* from) => partial ? T.LoadPartial(from, width, 0f) : T.Load(from);
        }
    }

    /// <summary>A register of rows at a time: turned into columns on the stack, done there, and turned back.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ShortRows(float* x, float* y, nint rows, int count, bool log)
    {
        float* block = stackalloc float[16 * 16];
        for (nint r = 0; r < rows; r += T.Count)
        {
            int height = (int)Math.Min(T.Count, rows - r);
            float* from = x + (r * count);
            for (int lane = 0; lane < height; lane++)
            {
                for (int i = 0; i < count; i++)
                {
                    block[(i * T.Count) + lane] = from[(lane * count) + i];
                }
            }

            for (int lane = height; lane < T.Count; lane++)
            {
                for (int i = 0; i < count; i++)
                {
                    block[(i * T.Count) + lane] = 0f;
                }
            }

            Columns(block, block, count, T.Count, log);
            float* to = y + (r * count);
            for (int lane = 0; lane < height; lane++)
            {
                for (int i = 0; i < count; i++)
                {
                    to[(lane * count) + i] = block[(i * T.Count) + lane];
                }
            }
        }
    }

    /// <summary>1 at the first maximum of each row, 0 elsewhere.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void RunHard(void* arguments, byte** slots, int batch)
    {
        var a = (SoftmaxArguments*)arguments;
        var x = (float*)slots[a->X];
        var y = (float*)slots[a->Y];
        nint outer = a->Batched ? (nint)a->Outer * batch : a->Outer;
        nint count = a->Count, inner = a->Inner, size = count * inner;
        for (nint o = 0; o < outer && size > 0; o++, x += size, y += size)
        {
            for (nint c = 0; c < inner; c++)
            {
                nint best = 0;
                for (nint i = 1; i < count; i++)
                {
                    best = x[(i * inner) + c] > x[(best * inner) + c] ? i : best;
                }

                for (nint i = 0; i < count; i++)
                {
                    y[(i * inner) + c] = i == best ? 1f : 0f;
                }
            }
        }
    }
}
