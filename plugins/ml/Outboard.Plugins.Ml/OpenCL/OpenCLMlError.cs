using Outboard.Devices;
using Outboard.Ml;
using Outboard.OpenCL;

namespace Outboard.Plugins.Ml.OpenCL;

/// <summary>The codes that ops fail with, and their words.</summary>
internal static class OpenCLMlError
{
    public const uint NotStarted = 1;
    public const uint BatchCount = 2;
    public const uint BufferCount = 3;
    public const uint InputLength = 4;
    public const uint OutputLength = 5;

    /// <summary>From here on: minus the OpenCL code.</summary>
    private const uint Device = 0x10000;

    public static uint OfDevice(OpenCLStatus status) => Device + (uint)-status.Code;

    public static string Describe(MlOp op, OpenCLMlModel? model)
    {
        if (op.ErrorCode >= Device)
        {
            return $"the OpenCL device failed with {new OpenCLStatus(-(int)(op.ErrorCode - Device))}";
        }

        if (op.ErrorCode == NotStarted || model is null)
        {
            return $"model {op.ModelId} is not started";
        }

        string name = model.Info.Name;
        bool isSplit = model.Info.Layout == MlIoLayout.Split;
        int inputs = isSplit ? model.Info.Inputs.Count : 1, outputs = isSplit ? model.Info.Outputs.Count : 1;
        return op.ErrorCode switch
        {
            BatchCount =>
                $"a batch of {op.BatchCount}; model {name} takes {model.Info.BatchMin} to {model.Info.BatchMax}",
            BufferCount => $"{op.InputCount} input and {op.OutputCount} output buffers; "
                + $"model {name} takes {inputs} and {outputs}",
            InputLength => $"the input buffers are shorter than {op.BatchCount} x {model.InputByteCount} bytes, "
                + $"which model {name} reads, or not there",
            OutputLength => $"the output buffers are shorter than {op.BatchCount} x {model.OutputByteCount} bytes, "
                + $"which model {name} writes, or not there",
            _ => $"code {op.ErrorCode} is not one of this driver's",
        };
    }

    public static OpStatus StatusOf(uint code) => code switch
    {
        NotStarted => OpStatus.InvalidSession,
        < Device => OpStatus.InvalidArguments,
        _ => OpStatus.Error,
    };
}
