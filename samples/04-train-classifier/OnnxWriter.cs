using Outboard.Ml.Features;

namespace Outboard.Samples.TrainClassifier;

/// <summary>Writes the perceptron as an ONNX model: Gemm and Relu for each layer, Softmax at the end.</summary>
/// <remarks>Field numbers are those of onnx.proto (ModelProto, GraphProto, NodeProto, TensorProto, ValueInfoProto).</remarks>
internal static class OnnxWriter
{
    private const int FloatType = 1;

    public static byte[] Write(Mlp model, string description)
    {
        ProtobufWriter graph = new();
        string from = "features";
        for (int l = 0; l < model.LayerCount; l++)
        {
            bool last = l == model.LayerCount - 1;
            string gemm = last ? "scores" : $"sum{l}";
            graph.Message(1, Node("Gemm", [from, $"weight{l}", $"bias{l}"], gemm).Message(5, Integer("transB", 1)));
            from = last ? "probabilities" : $"layer{l}";
            graph.Message(1, last
                ? Node("Softmax", [gemm], from).Message(5, Integer("axis", 1))
                : Node("Relu", [gemm], from));
        }
        graph.Text(2, "traffic");
        for (int l = 0; l < model.LayerCount; l++)
        {
            graph.Message(5, Tensor($"weight{l}", model.Weights(l), model.Outputs(l), model.Inputs(l)));
            graph.Message(5, Tensor($"bias{l}", model.Biases(l), model.Outputs(l)));
        }
        graph.Message(11, Value("features", PacketFeatures.Count));
        graph.Message(12, Value("probabilities", TrafficClasses.Count));

        return new ProtobufWriter()
            .Number(1, 8)
            .Text(2, "outboard samples/04-train-classifier")
            .Text(6, description)
            .Message(7, graph)
            .Message(8, new ProtobufWriter().Text(1, "").Number(2, 13))
            .Message(14, new ProtobufWriter().Text(1, "classes").Text(2, string.Join(',', TrafficClasses.Names)))
            .Message(14, new ProtobufWriter().Text(1, "features").Text(2, "Outboard.Ml.Features.PacketFeatures"))
            .ToArray();
    }

    private static ProtobufWriter Node(string type, string[] inputs, string output)
    {
        ProtobufWriter node = new();
        foreach (string input in inputs)
        {
            node.Text(1, input);
        }
        return node.Text(2, output).Text(3, output).Text(4, type);
    }

    private static ProtobufWriter Integer(string name, long value)
        => new ProtobufWriter().Text(1, name).Number(3, value).Number(20, 2);

    private static ProtobufWriter Tensor(string name, float[] values, params int[] dimensions)
    {
        ProtobufWriter tensor = new();
        foreach (int dimension in dimensions)
        {
            tensor.Number(1, dimension);
        }
        return tensor.Number(2, FloatType).Text(8, name).Bytes(9, ProtobufWriter.Floats(values));
    }

    private static ProtobufWriter Value(string name, int width)
    {
        ProtobufWriter shape = new ProtobufWriter()
            .Message(1, new ProtobufWriter().Text(2, "N"))
            .Message(1, new ProtobufWriter().Number(1, width));
        ProtobufWriter tensor = new ProtobufWriter().Number(1, FloatType).Message(2, shape);
        return new ProtobufWriter().Text(1, name).Message(2, new ProtobufWriter().Message(1, tensor));
    }
}
