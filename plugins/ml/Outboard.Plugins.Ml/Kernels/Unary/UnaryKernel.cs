using System.Runtime.CompilerServices;
using Outboard.Plugins.Ml.Graph.Operations;
using Outboard.Plugins.Ml.Kernels.Lanes;

namespace Outboard.Plugins.Ml.Kernels.Unary;

/// <summary>y = f(x) over a dense run of floats, in place or not. X and Y are slots; Count is for one inference.</summary>
internal struct UnaryArguments
{
    public int X;
    public int Y;
    public int Count;
    public bool Batched;
    public float Alpha;
    public float Beta;
}

/// <summary>
/// Elementwise functions: the scalar loop is y[i] = f(x[i]); wider registers take Count elements at a time, the last ones
/// through a padded register.
/// </summary>
internal static unsafe class UnaryKernel<T> where T : struct, ILanes<T>
{
    public static delegate*<void*, byte**, int, void> Entry(UnaryKind kind) => kind switch
    {
        UnaryKind.Relu => &Run<ReluFunction>,
        UnaryKind.LeakyRelu => &Run<LeakyReluFunction>,
        UnaryKind.Elu => &Run<EluFunction>,
        UnaryKind.Selu => &Run<SeluFunction>,
        UnaryKind.Celu => &Run<CeluFunction>,
        UnaryKind.Sigmoid => &Run<SigmoidFunction>,
        UnaryKind.Tanh => &Run<TanhFunction>,
        UnaryKind.Softplus => &Run<SoftplusFunction>,
        UnaryKind.Softsign => &Run<SoftsignFunction>,
        UnaryKind.HardSigmoid => &Run<HardSigmoidFunction>,
        UnaryKind.HardSwish => &Run<HardSwishFunction>,
        UnaryKind.ThresholdedRelu => &Run<ThresholdedReluFunction>,
        UnaryKind.Gelu => &Run<GeluFunction>,
        UnaryKind.GeluTanh => &Run<GeluTanhFunction>,
        UnaryKind.Mish => &Run<MishFunction>,
        UnaryKind.Clip => &Run<ClipFunction>,
        UnaryKind.Shrink => &Run<ShrinkFunction>,
        UnaryKind.Exp => &Run<ExpFunction>,
        UnaryKind.Log => &Run<LogFunction>,
        UnaryKind.Sqrt => &Run<SqrtFunction>,
        UnaryKind.Reciprocal => &Run<ReciprocalFunction>,
        UnaryKind.Abs => &Run<AbsFunction>,
        UnaryKind.Neg => &Run<NegFunction>,
        UnaryKind.Floor => &Run<FloorFunction>,
        UnaryKind.Ceil => &Run<CeilFunction>,
        UnaryKind.Round => &Run<RoundFunction>,
        UnaryKind.Sign => &Run<SignFunction>,
        UnaryKind.Erf => &Run<ErfFunction>,
        UnaryKind.Binarize => &Run<BinarizeFunction>,
        _ => null,
    };

    // Caller guarantees: arguments point to UnaryArguments, the slots hold Count floats for each inference.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run<TFunction>(void* arguments, byte** slots, int batch) where TFunction : struct, IUnaryFunction
    {
        var a = (UnaryArguments*)arguments;
        var x = (float*)slots[a->X];
        var y = (float*)slots[a->Y];
        nint count = a->Batched ? (nint)a->Count * batch : a->Count;
        T alpha = T.Broadcast(a->Alpha), beta = T.Broadcast(a->Beta);
        nint i = 0;
        for (; i <= count - T.Count; i += T.Count)
        {
            T.Store(y + i, TFunction.Apply(T.Load(x + i), alpha, beta));
        }

        int rest = (int)(count - i);
        if (rest > 0)
        {
            T.StorePartial(y + i, TFunction.Apply(T.LoadPartial(x + i, rest, 0f), alpha, beta), rest);
        }
    }
}
