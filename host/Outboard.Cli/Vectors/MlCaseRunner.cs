using System.Runtime.InteropServices;
using Outboard.Devices;
using Outboard.Ml;

namespace Outboard.Cli.Vectors;

/// <summary>Runs one data set through a started model.</summary>
internal static class MlCaseRunner
{
    /// <summary>The tolerance at which the published outputs hold.</summary>
    private const double Relative = 1e-3, Absolute = 1e-7;

    /// <summary>Runs a folder of input_I.pb and output_I.pb, as many samples in one op as the inputs hold.</summary>
    /// <exception cref="FormatException">A file is missing or not a tensor.</exception>
    public static MlOutcome Run(MlDevice device, MlModel model, string folder)
    {
        MlTensor[] inputs = Read(folder, "input", model.Info.Inputs.Count);
        MlTensor[] expected = Read(folder, "output", model.Info.Outputs.Count);
        if (inputs.Concat(expected).Any(t => t.Type is null))
        {
            return MlOutcome.Skip("a tensor of an element type that ml devices do not have");
        }

        long batch = 1;
        for (int i = 0; i < inputs.Length; i++)
        {
            MlTensorInfo want = model.Info.Inputs[i];
            if (inputs[i].Type != want.ElementType || inputs[i].Data.Length % Math.Max(1, want.ByteCount) != 0)
            {
                return MlOutcome.Fail($"input {i} does not fit the model: {inputs[i].Type} [{string.Join(",", inputs[i].Dims)}]");
            }

            batch = want.ByteCount == 0 ? batch : inputs[i].Data.Length / want.ByteCount;
        }

        if (batch > model.Info.BatchMax)
        {
            return MlOutcome.Skip("several samples for a model whose operators do not keep them apart");
        }

        byte[][] outputs = [.. model.Info.Outputs.Select(o => GC.AllocateArray<byte>(Math.Max(1, checked((int)(o.ByteCount * batch))), pinned: true))];
        string? error = RunOp(device, model, inputs, outputs, (ushort)batch);
        return error is not null ? MlOutcome.Fail(error) : Compare(model, expected, outputs, batch);
    }

    private static string? RunOp(MlDevice device, MlModel model, MlTensor[] inputs, byte[][] outputs, ushort batch)
    {
        using var pool = new MlOpPool(new MlOpPoolOptions
        {
            Name = "vectors",
            Count = 1,
            CacheSize = 0,
            BuffersMax = Math.Clamp(Math.Max(inputs.Length, outputs.Length), 1, byte.MaxValue),
        });
        if (!pool.TryAlloc(out MlOp op))
        {
            return "the op pool is empty";
        }

        op.ModelId = model.Id;
        op.BatchCount = batch;
        byte[][] pinned = new byte[inputs.Length][];
        for (int i = 0; i < inputs.Length; i++)
        {
            pinned[i] = GC.AllocateArray<byte>(Math.Max(1, inputs[i].Data.Length), pinned: true);
            inputs[i].Data.CopyTo(pinned[i], 0);
            op.SetInput(i, new MlBuffer(Marshal.UnsafeAddrOfPinnedArrayElement(pinned[i], 0), inputs[i].Data.Length));
        }

        for (int i = 0; i < model.Info.Outputs.Count; i++)
        {
            int length = checked(model.Info.Outputs[i].ByteCount * batch);
            op.SetOutput(i, new MlBuffer(Marshal.UnsafeAddrOfPinnedArrayElement(outputs[i], 0), length));
        }

        MlOp[] back = [op];
        string? error = null;
        if (device.EnqueueBurst(0, back) != 1)
        {
            error = $"refused at enqueue: {device.GetError(op).Message}";
        }
        else
        {
            long deadline = Environment.TickCount64 + 10_000;
            int count;
            do
            {
                count = device.DequeueBurst(0, back);
            }
            while (count == 0 && Environment.TickCount64 < deadline);
            error = count == 0 ? "no answer within 10 s" : op.Status == OpStatus.Success ? null : $"{op.Status}: {device.GetError(op).Message}";
        }

        op.Free();
        GC.KeepAlive(pinned);
        GC.KeepAlive(outputs);
        return error;
    }

    private static MlOutcome Compare(MlModel model, MlTensor[] expected, byte[][] outputs, long batch)
    {
        for (int i = 0; i < expected.Length; i++)
        {
            MlTensorInfo info = model.Info.Outputs[i];
            long length = info.ByteCount * batch;
            if (expected[i].Type != info.ElementType || expected[i].Data.Length != length)
            {
                return MlOutcome.Fail(
                    $"output {i} is {info.ElementType} with {length} bytes, not {expected[i].Type} with {expected[i].Data.Length}");
            }

            double[] want = expected[i].ToNumbers();
            double[] got = (expected[i] with { Data = outputs[i][..(int)length] }).ToNumbers();
            for (int j = 0; j < want.Length; j++)
            {
                if (!Agree(want[j], got[j]))
                {
                    return MlOutcome.Fail($"output {i} element {j} is {got[j]:G9}, not {want[j]:G9}");
                }
            }
        }

        return default;
    }

    private static bool Agree(double want, double got) =>
        want.Equals(got) || want == got || Math.Abs(want - got) <= Absolute + (Relative * Math.Abs(want));

    private static MlTensor[] Read(string folder, string what, int count)
    {
        var tensors = new MlTensor[count];
        for (int i = 0; i < count; i++)
        {
            string path = Path.Combine(folder, $"{what}_{i}.pb");
            tensors[i] = File.Exists(path) ? MlTensor.Read(path) : throw new FormatException($"{path}: there is no such file");
        }

        return tensors;
    }
}
