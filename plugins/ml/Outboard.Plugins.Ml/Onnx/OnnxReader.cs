using Google.Protobuf;
using Outboard.Plugins.Ml.Graph;
using Outboard.Plugins.Ml.Onnx.Proto;

namespace Outboard.Plugins.Ml.Onnx;

/// <summary>Bytes of a .onnx file to protobuf messages. Nothing is trusted beyond that; the importer checks the contents.</summary>
internal static class OnnxReader
{
    /// <summary>
    /// Largest file taken. Protobuf itself ends at 2 GiB; weights beyond that live in external files, which are refused anyway.
    /// </summary>
    public const int BytesMax = 1 << 30;

    public static ModelProto Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            throw new ModelException("the model is empty");
        }

        if (bytes.Length > BytesMax)
        {
            throw new ModelException($"the model has {bytes.Length} bytes; at most {BytesMax} are allowed");
        }

        ModelProto model;
        try
        {
            model = ModelProto.Parser.ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new ModelException("not an ONNX model: " + e.Message.ReplaceLineEndings(" "));
        }

        if (model.Graph is null)
        {
            throw new ModelException("not an ONNX model: it has no graph");
        }

        return model;
    }
}
