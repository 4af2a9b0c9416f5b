using Outboard.Plugins.Ml.Graph;
using Outboard.Plugins.Ml.Onnx.Proto;

namespace Outboard.Plugins.Ml.Onnx;

/// <summary>
/// ONNX to <see cref="ModelGraph"/>: checks versions and names, resolves shapes, lowers node by node, folds and fuses.
/// A model is first read with dimension 0 as the batch; when an operator mixes inferences it is read again with batch 1.
/// </summary>
internal sealed class OnnxImporter
{
    private const int IrVersionMin = 3;
    private const int IrVersionMax = 14;
    private const int NodesMax = 50_000;
    private const int IoMax = 1024;

    private readonly ModelProto _model;
    private readonly GraphBuilder _builder;
    private readonly Dictionary<string, GraphValue> _values = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string[]> _labels = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _opsets = new(StringComparer.Ordinal);

    private OnnxImporter(ModelProto model, IConstantEvaluator evaluator, bool batched, long fileBytes)
    {
        _model = model;
        _builder = new GraphBuilder(evaluator, batched, fileBytes);
    }

    /// <summary>Imports a model or throws <see cref="ModelException"/> with one line that says what it cannot run.</summary>
    public static ModelGraph Import(ReadOnlySpan<byte> bytes, IConstantEvaluator evaluator)
    {
        ModelProto model = OnnxReader.Read(bytes);
        try
        {
            return new OnnxImporter(model, evaluator, batched: true, bytes.Length).Run();
        }
        catch (BatchException)
        {
            return new OnnxImporter(model, evaluator, batched: false, bytes.Length).Run();
        }
    }

    /// <summary>A name out of a file, fit for one line of a message.</summary>
    public static string Printable(string name)
    {
        ReadOnlySpan<char> head = name.AsSpan(0, Math.Min(name.Length, 64));
        char[] clean = new char[head.Length];
        for (int i = 0; i < clean.Length; i++)
        {
            clean[i] = char.IsControl(head[i]) || char.IsSurrogate(head[i]) ? '?' : head[i];
        }

        return new string(clean) + (name.Length > head.Length ? "..." : "");
    }

    private ModelGraph Run()
    {
        GraphProto graph = _model.Graph;
        CheckVersions();
        if (graph.Node.Count > NodesMax)
        {
            throw new ModelException($"the model has {graph.Node.Count} nodes; at most {NodesMax} are allowed");
        }

        if (graph.SparseInitializer.Count > 0)
        {
            throw new ModelException("the model has sparse initializers, which are not supported");
        }

        if (graph.Output.Count > IoMax)
        {
            throw new ModelException($"the model has {graph.Output.Count} outputs; at most {IoMax} are allowed");
        }

        bool[] needed = FindNeeded(graph);
        ReadInitializers(graph);
        GraphValue[] inputs = ReadInputs(graph);
        for (int i = 0; i < graph.Node.Count; i++)
        {
            if (needed[i])
            {
                Lower(graph.Node[i]);
            }
        }

        GraphValue[] outputs = ReadOutputs(graph);
        bool batched = _builder.IsBatched;
        Operation[] operations = Fusion.Apply(_builder, outputs);
        return new ModelGraph
        {
            Name = Printable(graph.Name),
            Producer = Printable((_model.ProducerName + " " + _model.ProducerVersion).Trim()),
            Version = _model.ModelVersion,
            Inputs = inputs,
            Outputs = outputs,
            Operations = operations,
            IsBatched = batched,
            Labels = _labels,
            Metadata = ReadMetadata(),
        };
    }

    /// <summary>The properties of the file, its producer, and the string labels that outputs hold positions of.</summary>
    private Dictionary<string, string> ReadMetadata()
    {
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (StringStringEntryProto entry in _model.MetadataProps)
        {
            metadata[entry.Key] = entry.Value;
        }

        metadata["producer"] = Printable((_model.ProducerName + " " + _model.ProducerVersion).Trim());
        foreach ((string output, string[] labels) in _labels)
        {
            metadata["labels." + Printable(output)] = string.Join(",", labels.Select(Printable));
        }

        return metadata;
    }

    private void CheckVersions()
    {
        if (_model.IrVersion is < IrVersionMin or > IrVersionMax)
        {
            throw new ModelException($"ONNX IR version {_model.IrVersion}; supported are {IrVersionMin} to {IrVersionMax}");
        }

        foreach (OperatorSetIdProto set in _model.OpsetImport)
        {
            string domain = set.Domain.Length == 0 ? OnnxOperators.Core : set.Domain;
            long max = domain switch
            {
                OnnxOperators.Core => OnnxOperators.CoreOpsetMax,
                OnnxOperators.Classic => OnnxOperators.ClassicOpsetMax,
                _ => long.MaxValue,
            };
            if (set.Version < 1 || set.Version > max)
            {
                throw new ModelException($"opset {set.Version} of {Printable(domain)}; supported are 1 to {max}");
            }

            _opsets[domain] = set.Version;
        }

        if (_opsets.Count == 0)
        {
            throw new ModelException("the model names no opset");
        }
    }

    /// <summary>Marks the nodes that some output depends on; the others (training leftovers, unused labels) are not lowered.</summary>
    private static bool[] FindNeeded(GraphProto graph)
    {
        var producer = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int i = 0; i < graph.Node.Count; i++)
        {
            foreach (string name in graph.Node[i].Output)
            {
                if (name.Length > 0 && !producer.TryAdd(name, i))
                {
                    throw new ModelException($"'{Printable(name)}' is the output of two nodes");
                }
            }
        }

        bool[] needed = new bool[graph.Node.Count];
        var pending = new Stack<int>();
        foreach (ValueInfoProto output in graph.Output)
        {
            Visit(output.Name);
        }

        while (pending.TryPop(out int node))
        {
            foreach (string name in graph.Node[node].Input)
            {
                Visit(name);
            }
        }

        return needed;

        void Visit(string name)
        {
            if (producer.TryGetValue(name, out int i) && !needed[i])
            {
                needed[i] = true;
                pending.Push(i);
            }
        }
    }

    private void ReadInitializers(GraphProto graph)
    {
        foreach (TensorProto tensor in graph.Initializer)
        {
            if (tensor.Name.Length == 0)
            {
                throw new ModelException("an initializer has no name");
            }

            if (!_values.TryAdd(tensor.Name, OnnxTensor.Read(tensor, Printable(tensor.Name))))
            {
                throw new ModelException($"two initializers are named '{Printable(tensor.Name)}'");
            }
        }
    }

    private GraphValue[] ReadInputs(GraphProto graph)
    {
        var inputs = new List<GraphValue>();
        foreach (ValueInfoProto info in graph.Input)
        {
            if (_values.TryGetValue(info.Name, out GraphValue? known))
            {
                if (known.IsConstant)
                {
                    continue;   // up to IR 3 every initializer is listed as an input too
                }

                throw new ModelException($"two inputs are named '{Printable(info.Name)}'");
            }

            if (info.Name.Length == 0)
            {
                throw new ModelException("an input has no name");
            }

            if (inputs.Count == IoMax)
            {
                throw new ModelException($"the model has more than {IoMax} inputs");
            }

            GraphValue value = ReadInput(info);
            inputs.Add(value);
            _values.Add(info.Name, value);
        }

        return [.. inputs];
    }

    private GraphValue ReadInput(ValueInfoProto info)
    {
        string name = Printable(info.Name);
        TypeProto.Types.Tensor tensor = info.Type?.TensorType
            ?? throw new ModelException($"input '{name}' is not a tensor");
        var type = (ElementType)tensor.ElemType;
        if (type.Size() == 0)
        {
            throw new ModelException($"input '{name}' is {type.Name()}, which is not supported");
        }

        if (tensor.Shape is null)
        {
            throw new ModelException($"input '{name}' has no shape");
        }

        if (tensor.Shape.Dim.Count > TensorShape.RankMax)
        {
            throw new ModelException($"input '{name}' has rank {tensor.Shape.Dim.Count}; at most {TensorShape.RankMax} are supported");
        }

        long[] dims = new long[tensor.Shape.Dim.Count];
        for (int i = 0; i < dims.Length; i++)
        {
            TensorShapeProto.Types.Dimension dim = tensor.Shape.Dim[i];
            bool known = dim.ValueCase == TensorShapeProto.Types.Dimension.ValueOneofCase.DimValue && dim.DimValue >= 0;
            dims[i] = known ? dim.DimValue : i == 0 ? 1 : FindColumns(info.Name, i, dims.Length);
        }

        bool batched = _builder.IsBatched;
        if (batched && (dims.Length == 0 || dims[0] != 1))
        {
            throw new BatchException("an input without a batch dimension");
        }

        try
        {
            return new GraphValue(info.Name, type, TensorShape.Of(dims, batched));
        }
        catch (ModelException e)
        {
            throw new ModelException($"input '{name}': {e.Message}");
        }
    }

    /// <summary>
    /// The number of columns of an input that does not say it: what the first operator that reads it was trained with.
    /// </summary>
    private long FindColumns(string name, int axis, int rank)
    {
        if (axis == 1 && rank == 2)
        {
            foreach (NodeProto node in _model.Graph.Node)
            {
                if (node.Input.Count > 0 && node.Input[0] == name && ColumnHint.Find(node, _values) is { } columns)
                {
                    return columns;
                }
            }
        }

        throw new ModelException(
            $"dimension {axis} of input '{Printable(name)}' is not fixed; only dimension 0 (the batch) may be left open");
    }

    private GraphValue[] ReadOutputs(GraphProto graph)
    {
        if (graph.Output.Count == 0)
        {
            throw new ModelException("the model has no outputs");
        }

        var outputs = new GraphValue[graph.Output.Count];
        for (int i = 0; i < outputs.Length; i++)
        {
            string name = graph.Output[i].Name;
            if (!_values.TryGetValue(name, out GraphValue? value))
            {
                throw new ModelException($"output '{Printable(name)}' is not defined by anything");
            }

            if (_builder.IsBatched && !value.Shape.IsBatched)
            {
                throw new BatchException("an output that does not grow with the batch");
            }

            // Outputs keep the name that the file gives them, whatever operation made the value.
            outputs[i] = value.IsConstant
                ? new GraphValue(name, value.Type, value.Shape) { Constant = value.Constant }
                : new GraphValue(name, value.Type, value.Shape) { ViewOf = value.Storage };
        }

        return outputs;
    }

    private void Lower(NodeProto proto)
    {
        string domain = proto.Domain.Length == 0 ? OnnxOperators.Core : proto.Domain;
        if (!_opsets.TryGetValue(domain, out long opset))
        {
            throw new ModelException($"{OnnxNode.Describe(proto, Printable(domain), 0)}: the model names no opset of this domain");
        }

        var node = new OnnxNode(proto, Printable(domain), opset, _builder, _values);
        OnnxOperator? op = OnnxOperators.Find(domain, proto.OpType);
        if (op is null)
        {
            bool function = _model.Functions.Any(f => f.Name == proto.OpType && f.Domain == proto.Domain);
            throw node.Refuse(function ? "calls of model-local functions are not supported" : "the operator is not supported");
        }

        if (opset < op.OpsetMin)
        {
            throw node.Refuse($"supported from opset {op.OpsetMin} on");
        }

        foreach (string name in proto.Input)
        {
            if (name.Length > 0 && !_values.ContainsKey(name))
            {
                bool later = _model.Graph.Node.Any(n => n.Output.Contains(name));
                throw node.Refuse(later
                    ? $"input '{Printable(name)}' comes from a later node: the graph has a cycle or is not sorted"
                    : $"input '{Printable(name)}' is not defined by anything");
            }
        }

        _builder.Origin = node.Description;
        try
        {
            op.Lower(node);
            node.CheckAttributes();
        }
        catch (BatchException e)
        {
            throw new BatchException($"{node.Description}: {e.Message}");
        }
        catch (ModelException e) when (!e.Message.StartsWith(node.Description, StringComparison.Ordinal))
        {
            throw node.Refuse(e.Message);
        }

        if (node.Labels is { } labels)
        {
            _labels[node.OutputName(0)] = labels;
        }
    }
}
