using System.CommandLine;
using System.Runtime.InteropServices;
using Outboard.Cli.Inspect;
using Outboard.Devices;
using Outboard.Ml;

namespace Outboard.Cli.Bench;

/// <summary><c>outboard bench ml</c>: inferences of a model through the device, by samples an op and ops a burst.</summary>
internal sealed class MlBench() : BenchVerb("ml", "Inferences of an ONNX model through an ml device, by samples an op.")
{
    private readonly Option<string> _device = new("--device")
    {
        Description = "The device, without a number.",
        DefaultValueFactory = _ => "ml_simd",
        HelpName = "DEVICE",
    };

    private readonly Option<string?> _model = new("--model") { Description = "An ONNX model; the sample classifier otherwise.", HelpName = "FILE" };

    private readonly Option<string> _batch = new("--batch")
    {
        Description = "Samples an op, 1 to 4096.",
        DefaultValueFactory = _ => "1",
        HelpName = "LIST",
    };

    private readonly Option<int> _burst = new("--burst")
    {
        Description = "Ops a burst, 1 to 512.",
        DefaultValueFactory = _ => 32,
        HelpName = "N",
    };

    private readonly Option<bool> _widths = new("--widths") { Description = "Every SIMD width, side by side." };

    protected override void AddOptions(Command command)
    {
        command.Add(_device);
        command.Add(_model);
        command.Add(_batch);
        command.Add(_burst);
        command.Add(_widths);
    }

    protected override IReadOnlyList<BenchCase> CreateCases(ParseResult parsed, BenchScope scope)
    {
        string path = parsed.GetValue(_model) ?? DefaultData.Model;
        if (!File.Exists(path))
        {
            throw new UserException($"--model {path}: there is no such file.");
        }

        byte[] onnx = File.ReadAllBytes(path);
        int[] batches = BenchLists.Parse("--batch", parsed.GetRequiredValue(_batch), 1, 4096);
        int burst = BenchLists.Parse("--burst", $"{parsed.GetValue(_burst)}", 1, 512)[0];
        var cases = new List<BenchCase>();
        int number = 0;
        foreach (int width in BenchLists.Widths(parsed.GetValue(_widths), scope.Context.Simd))
        {
            MlDevice device = scope.Hold(
                scope.Host.OpenMl(DeviceNames.Numbered(parsed.GetRequiredValue(_device), number++, width)));
            device.Configure(new MlConfiguration());
            device.ConfigureQueuePair(0, new QueuePairOptions<MlOp> { DescriptorCount = 512 });
            MlModel model = device.LoadModel(onnx, new MlModelOptions { Name = Path.GetFileName(path) });
            device.Start();
            device.StartModel(model);
            foreach (int batch in batches)
            {
                if (batch > model.Info.BatchMax)
                {
                    throw new UserException($"--batch {batch}: {model.Info.Name} takes {model.Info.BatchMin} to {model.Info.BatchMax}.");
                }

                cases.Add(Create(scope, device, model, batch, burst, width));
            }
        }

        return cases;
    }

    private static BenchCase Create(BenchScope scope, MlDevice device, MlModel model, int batch, int burst, int width)
    {
        int inputBytes = batch * model.Info.Inputs.Sum(input => input.ByteCount);
        int outputBytes = batch * model.Info.Outputs.Sum(output => output.ByteCount);
        MlOpPool pool = scope.Hold(new MlOpPool(new MlOpPoolOptions { Name = "bench", Count = burst }));
        var ops = new MlOp[burst];
        if (!pool.TryAllocBulk(ops))
        {
            throw new WorkException("the benchmark's op pool is too small.");
        }

        byte[] memory = GC.AllocateArray<byte>(burst * (inputBytes + outputBytes), pinned: true);
        var random = new Random(1);
        Span<float> values = MemoryMarshal.Cast<byte, float>(memory.AsSpan(0, burst * inputBytes));
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = random.NextSingle();
        }

        nint address = Marshal.UnsafeAddrOfPinnedArrayElement(memory, 0);
        for (int i = 0; i < burst; i++)
        {
            ops[i].ModelId = model.Id;
            ops[i].BatchCount = (ushort)batch;
            ops[i].SetInput(0, new MlBuffer(address + (i * inputBytes), inputBytes));
            ops[i].SetOutput(0, new MlBuffer(address + (burst * inputBytes) + (i * outputBytes), outputBytes));
        }

        var loop = new OffloadLoop<MlOp>(device, ops);
        return new BenchCase($"{model.Info.Name}, {batch} an op", device.Name, width, "inference", 0, items =>
        {
            int done = loop.Run(Math.Max(1, items / batch)) * batch;
            GC.KeepAlive(memory);
            return done;
        });
    }
}
