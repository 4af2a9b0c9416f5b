using System.Runtime.InteropServices;
using System.Text;
using Outboard.Plugins.Ml.Graph;
using Outboard.Plugins.Ml.Graph.Operations;

namespace Outboard.Plugins.Ml.OpenCL;

/// <summary>Lowers a model graph to kernels and launches.</summary>
internal sealed class OpenCLPlanner(ModelGraph graph, bool usesLocalMemory, int workGroupSizeMax)
{
    private readonly StringBuilder _source = new();
    private readonly List<OpenCLStep> _steps = [];
    private readonly Dictionary<GraphValue, Place> _places = new(ReferenceEqualityComparer.Instance);
    private readonly List<byte[]> _constants = [];
    private readonly List<int> _scratch = [];

    public OpenCLPlan Plan()
    {
        foreach (GraphValue value in graph.Inputs.Concat(graph.Outputs))
        {
            CheckType(value, value == value.Storage ? "the model's input or output" : "the model's output");
        }

        PlaceBorders();
        foreach (Operation operation in graph.Operations)
        {
            Lower(operation);
        }

        CopyOutputs();
        return new OpenCLPlan
        {
            Source = _source.ToString(),
            Steps = [.. _steps],
            Constants = [.. _constants],
            ScratchElements = [.. _scratch],
            InputElements = [.. graph.Inputs.Select(static v => v.Shape.ElementCount)],
            OutputElements = [.. graph.Outputs.Select(static v => v.Shape.ElementCount)],
            IsBatched = graph.IsBatched,
        };
    }

    private static void CheckType(GraphValue value, string where)
    {
        if (value.Type != ElementType.Float32)
        {
            throw new ModelException(
                $"{where}: '{value.Name}' is {value.Type.Name()}; the OpenCL backend takes float32 only");
        }

        if (value.Shape.ElementCount == 0)
        {
            throw new ModelException($"{where}: '{value.Name}' has no elements");
        }
    }

    private void PlaceBorders()
    {
        for (int i = 0; i < graph.Inputs.Length; i++)
        {
            _places[graph.Inputs[i]] = new Place(PlaceKind.Input, i);
        }

        for (int i = 0; i < graph.Outputs.Length; i++)
        {
            // The first output over a value that is computed is where it is computed to.
            GraphValue storage = graph.Outputs[i].Storage;
            if (storage.Producer is not null)
            {
                _places.TryAdd(storage, new Place(PlaceKind.Output, i));
            }
        }
    }

    private void CopyOutputs()
    {
        for (int i = 0; i < graph.Outputs.Length; i++)
        {
            GraphValue output = graph.Outputs[i];
            var own = new Place(PlaceKind.Output, i);
            Place place = PlaceOf(output);
            if (place == own)
            {
                continue;
            }

            // An input, a constant, or a value that an earlier output already holds.
            string name = $"s{_steps.Count}_copy";
            string index = output.IsConstant && graph.IsBatched ? $"i % {output.Shape.ElementCount}" : "i";
            KernelText.AppendElementwise(_source, name, inputCount: 1, $"x0[{index}]");
            AddStep(name, [place], own, output.Shape.ElementCount);
        }
    }

    private void Lower(Operation operation)
    {
        foreach (GraphValue value in operation.Inputs.Concat(operation.Outputs))
        {
            CheckType(value, operation.Origin);
        }

        switch (operation)
        {
            case DenseOperation dense:
                LowerDense(dense);
                break;
            case UnaryOperation unary:
                LowerUnary(unary);
                break;
            case BinaryOperation binary:
                LowerBinary(binary);
                break;
            case SoftmaxOperation softmax:
                LowerSoftmax(softmax);
                break;
            default:
                throw Refused(operation);
        }
    }

    private void LowerDense(DenseOperation dense)
    {
        string name = $"s{_steps.Count}_dense";
        if (dense.Activation is { } activation && ActivationText.Of(activation, "x", "float") is null)
        {
            throw Refused(dense, activation.Kind.ToString());
        }

        var tile = DenseTile.For(dense.N, usesLocalMemory, workGroupSizeMax);
        Place weights = AddConstant(dense.Weights, dense.K, dense.N, tile.PaddedColumns);
        Place bias = dense.Bias is null ? weights : AddConstant(dense.Bias, 1, dense.N, tile.PaddedColumns);
        DenseKernelText.Append(_source, name, dense, tile, dense.Activation);
        AddStep(name, [PlaceOf(dense.X), weights, bias], PlaceOf(dense.Y), dense.Rows, tile);
    }

    private void LowerUnary(UnaryOperation unary)
    {
        string name = $"s{_steps.Count}_{unary.Kind.ToLowerInvariant()}";
        string text = ActivationText.Of(unary.Function, "x0[i]", "float") ?? throw Refused(unary);
        KernelText.AppendElementwise(_source, name, inputCount: 1, text);
        AddStep(name, [PlaceOf(unary.X)], PlaceOf(unary.Y), unary.Y.Shape.ElementCount);
    }

    private void LowerBinary(BinaryOperation binary)
    {
        string a = $"x0[{IndexText(binary.A.Shape, binary.Y.Shape)}]";
        string b = $"x1[{IndexText(binary.B.Shape, binary.Y.Shape)}]";
        string text = binary.Function switch
        {
            BinaryKind.Add => $"{a} + {b}",
            BinaryKind.Sub => $"{a} - {b}",
            BinaryKind.Mul => $"{a} * {b}",
            BinaryKind.Div => $"{a} / {b}",
            BinaryKind.Min => $"isnan({a}) || {a} < {b} ? {a} : {b}",
            BinaryKind.Max => $"isnan({a}) || {a} > {b} ? {a} : {b}",
            BinaryKind.PRelu => $"{a} < 0.0f ? {a} * {b} : {a}",
            _ => throw Refused(binary),
        };
        string name = $"s{_steps.Count}_{binary.Kind.ToLowerInvariant()}";
        KernelText.AppendElementwise(_source, name, inputCount: 2, text);
        AddStep(name, [PlaceOf(binary.A), PlaceOf(binary.B)], PlaceOf(binary.Y), binary.Y.Shape.ElementCount);
    }

    private void LowerSoftmax(SoftmaxOperation softmax)
    {
        if (softmax.Function is not (SoftmaxKind.Softmax or SoftmaxKind.LogSoftmax))
        {
            throw Refused(softmax);
        }

        string name = $"s{_steps.Count}_{softmax.Kind.ToLowerInvariant()}";
        KernelText.AppendSoftmax(
            _source, name, softmax.Count, softmax.Inner, isLogarithm: softmax.Function == SoftmaxKind.LogSoftmax);
        AddStep(name, [PlaceOf(softmax.X)], PlaceOf(softmax.Y), softmax.Outer * softmax.Inner);
    }

    /// <summary>
    /// Index into an operand for element i of the result: numpy broadcasting, with all sizes written out.
    /// </summary>
    private static string IndexText(TensorShape operand, TensorShape result)
    {
        if (operand.IsBatched == result.IsBatched && operand.SameDims(result))
        {
            return "i";
        }

        int[] operandStrides = operand.Strides(), resultStrides = result.Strides();
        var text = new StringBuilder();
        for (int axis = result.Rank - 1; axis >= 0; axis--)
        {
            int own = axis - (result.Rank - operand.Rank);
            bool isBatchAxis = axis == 0 && result.IsBatched;

            // A batched operand moves along the batch even where one inference is one row of it.
            bool isRepeated = own < 0 || (operand[own] == 1 && !(isBatchAxis && operand.IsBatched));
            if (isRepeated || (result[axis] == 1 && !isBatchAxis))
            {
                continue;
            }

            string position = resultStrides[axis] == 1 ? "i" : $"i / {resultStrides[axis]}";
            if (axis > 0)
            {
                position = $"({position}) % {result[axis]}";
            }

            text.Append(text.Length == 0 ? "" : " + ").Append($"({position}) * {operandStrides[own]}");
        }

        return text.Length == 0 ? "0" : text.ToString();
    }

    private static ModelException Refused(Operation operation, string? kind = null) => new(
        $"{operation.Origin}: the OpenCL backend has no kernel for {kind ?? operation.Kind}; it runs dense layers, "
        + "activations, Add, Sub, Mul, Div, Min, Max, PRelu, Softmax and LogSoftmax on float32");

    private Place PlaceOf(GraphValue value)
    {
        GraphValue storage = value.Storage;
        if (!_places.TryGetValue(storage, out Place place))
        {
            if (storage.Constant is { } constant)
            {
                _constants.Add(constant);
                place = new Place(PlaceKind.Constant, _constants.Count - 1);
            }
            else
            {
                _scratch.Add(storage.Shape.ElementCount);
                place = new Place(PlaceKind.Scratch, _scratch.Count - 1);
            }

            _places[storage] = place;
        }

        return place;
    }

    private Place AddConstant(float[] values, int rows, int columns, int paddedColumns)
    {
        float[] padded = new float[rows * paddedColumns];
        for (int row = 0; row < rows; row++)
        {
            values.AsSpan(row * columns, columns).CopyTo(padded.AsSpan(row * paddedColumns));
        }

        _constants.Add(MemoryMarshal.AsBytes(padded.AsSpan()).ToArray());
        return new Place(PlaceKind.Constant, _constants.Count - 1);
    }

    private void AddStep(string kernel, Place[] reads, Place writes, int itemCount, DenseTile? tile = null) =>
        _steps.Add(
            new OpenCLStep { Kernel = kernel, Reads = reads, Writes = writes, ItemCount = itemCount, Tile = tile });
}
