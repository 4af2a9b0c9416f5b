using System.Text;
using Outboard.Devices;
using Outboard.Mbufs;
using Outboard.OpenCL;
using Outboard.Plugins.Regex.OpenCL;
using Outboard.Plugins.Regex.Tests.Engine;
using Outboard.Regex;
using Outboard.Simd;

namespace Outboard.Plugins.Regex.Tests.OpenCL;

public sealed class OpenCLRegexDriverTests
{
    [Fact]
    public void TheReportSaysWhatRunsWhere()
    {
        using RegexDevice device = OpenCLRegexPlugin.Registry().OpenRegex("regex_opencl0,queues=3,payload_max=2048");

        Assert.StartsWith("OpenCL: ", device.Info.Backend);
        Assert.Contains(OpenCLRegexPlugin.Device().Name, device.Info.Backend);
        Assert.Equal(3, device.Info.QueuePairMax);
        Assert.Equal(2048, device.Info.PayloadLengthMax);
        Assert.Equal(
            ["literal-filter", "rule-wake"], device.Info.Kernels.Take(2).Select(static k => k.Operation));
        Assert.Contains("byte-scan", device.Info.Kernels.Select(static k => k.Operation));
        Assert.All(device.Info.Kernels.Take(2), static k => Assert.StartsWith("opencl-", k.Kernel));
    }

    [Fact]
    public void ItOffersWhatTheSimdDeviceOffersButStreamsAndLooseOrder()
    {
        DriverRegistry registry = OpenCLRegexPlugin.Registry();
        using RegexDevice simd = registry.OpenRegex("regex_simd0"), openCL = registry.OpenRegex("regex_opencl0");

        Assert.Equal(simd.Info.Capabilities & ~(RegexCapabilities.CrossBuffer | RegexCapabilities.OutOfOrder), openCL.Info.Capabilities);
        Assert.Equal(simd.Info.RuleFlags, openCL.Info.RuleFlags);
    }

    [Theory]
    [InlineData("platform=nobody", "no OpenCL platform 'nobody'; there are: ")]
    [InlineData("device=nothing", "no OpenCL device 'nothing'; there are: ")]
    [InlineData("batch=0", "batch=0 is not a number from 1 to 16384")]
    [InlineData("depth=9", "depth=9 is not a number from 1 to 8")]
    [InlineData("queues=17", "queues=17 is not a number from 1 to 16")]
    [InlineData("payload_max=1", "payload_max=1 is not a number from 64 to 67108864")]
    [InlineData("cache=maybe", "cache=maybe is neither on nor off")]
    public void ABadArgumentIsOneClearLine(string argument, string expected)
    {
        DriverRegistry registry = OpenCLRegexPlugin.Registry();

        ArgumentException e = Assert.Throws<ArgumentException>(() => registry.OpenRegex($"regex_opencl0,{argument}"));

        Assert.StartsWith("regex_opencl0: ", e.Message);
        Assert.Contains(expected, e.Message);
        Assert.DoesNotContain("\n", e.Message);
    }

    [Fact]
    public void WithoutOpenCLOpeningSaysWhy()
    {
        OpenCLProbe absent = OpenCLProbe.Run("libNoSuchOpenCL.so.1");
        var registry = new DriverRegistry(new SimdPolicy());
        registry.Register(new AbsentPlugin(absent), "test", "1.0");

        DeviceException e = Assert.Throws<DeviceException>(() => registry.OpenRegex("regex_opencl0"));

        Assert.StartsWith("regex_opencl0: no OpenCL loader 'libNoSuchOpenCL.so.1'", e.Message);
    }

    [Fact]
    public void ThePluginRegistersItOrSaysWhyNot()
    {
        var registry = new DriverRegistry(new SimdPolicy());
        registry.Register(new RegexPlugin(), "test", "1.0");

        Assert.Null(registry.Drivers.Single(static d => d.Name == "regex_simd").AbsentReason);
        Assert.Equal(
            OpenCLProbe.QuickAbsenceReason(), registry.Drivers.Single(static d => d.Name == OpenCLRegexDriver.DriverName).AbsentReason);
    }

    [Fact]
    public void WaitingOpsShareBatches()
    {
        using var test = new OpenCLTestDevice("regex_opencl0,batch=100", [RegexRule.FromText(1, "needle")]);
        RegexOp[] ops = [.. Enumerable.Range(0, 400).Select(_ => test.Op("a needle"u8))];

        Assert.Equal(400, test.Device.EnqueueBurst(0, ops));
        Assert.Equal(400, test.Device.GetInFlightCount(0));
        test.Run([]);
        Collect(test, ops);

        Assert.Equal(4ul, test.Counter("q0_batches"));
        Assert.Equal(400ul, test.Counter("q0_batch_payloads"));
        Assert.Equal(400ul, test.Counter("q0_flagged_payloads"));
        Assert.Equal(3200ul, test.Counter("q0_payload_bytes"));
        Assert.Equal(400ul, test.Counter("q0_matches"));
        Free(ops);
    }

    [Fact]
    public void LongAndShortPayloadsMix()
    {
        using var test = new OpenCLTestDevice("regex_opencl0,batch=4,payload_max=8000", [RegexRule.FromText(1, "needle$")]);
        RegexOp[] ops = [.. Enumerable.Range(0, 60).Select(i =>
            test.Op(Encoding.ASCII.GetBytes(new string('.', (i % 5) switch { 0 => 7994, 1 => 0, 2 => 255, _ => i }) + "needle")))];

        test.Run(ops);

        Assert.All(ops, static op => Assert.Equal(op.Mbuf.PacketLength - 6, op.Matches[0].Start));
        Free(ops);
    }

    [Fact]
    public void ABatchThatTheDeviceFailsGivesErrorsAndIsCounted()
    {
        using var test = new OpenCLTestDevice(
            "regex_opencl0", [RegexRule.FromText(1, "needle")], tuning: new OpenCLTuning(GroupSize: 1 << 24, WarmsUp: false));
        RegexOp[] ops = [.. Enumerable.Range(0, 10).Select(_ => test.Op("a needle"u8))];

        test.Run(ops);

        Assert.All(ops, static op => Assert.Equal(OpStatus.Error, op.Status));
        Assert.All(ops, static op => Assert.Equal(0, op.Matches.Length));
        Assert.Equal(10ul, test.Device.Statistics.DequeueErrorCount);
        Assert.Equal(1ul, test.Counter("q0_device_errors"));
        Assert.Equal(54ul, test.Counter("q0_last_device_error"));
        Free(ops);
    }

    [Fact]
    public void ADeviceThatCannotRunTheKernelsIsFoundOutAtTheStart()
    {
        using RegexDevice device = OpenCLRegexPlugin.Registry(new OpenCLTuning(GroupSize: 1 << 24)).OpenRegex("regex_opencl0");
        device.Configure(new RegexConfiguration());

        DeviceException e = Assert.Throws<DeviceException>(device.Start);

        Assert.StartsWith("regex_opencl0: clEnqueueNDRangeKernel failed with CL_INVALID_WORK_GROUP_SIZE", e.Message);
    }

    [Fact]
    public void TablesBeyondTheDeviceAreRefusedAndTheOldRulesStay()
    {
        using var test = new OpenCLTestDevice(
            "regex_opencl0", [RegexRule.FromText(1, "needle")], tuning: new OpenCLTuning(TableByteCountMax: 1100));
        test.Device.AddRules([RegexRule.FromText(2, "[0-9]{40}x[a-z]{20}")]);

        DeviceException e = Assert.Throws<DeviceException>(test.Device.CompileAndActivate);

        Assert.StartsWith("regex_opencl0: the rules need ", e.Message);
        Assert.Contains("at most 1100 bytes in one buffer", e.Message);
        Assert.Equal(["Success 1 None: 0/1@2+6"], test.Results(["a needle 0123456789012345678901234567890123456789xabcdefghijklmnopqrst"u8.ToArray()]));
    }

    [Fact]
    public void RulesChangeWhileBatchesRunAndNoOpSeesAMixture()
    {
        using var test = new OpenCLTestDevice(
            "regex_opencl0,batch=16,depth=3", [RegexRule.FromText(1, "old"), RegexRule.FromText(2, "same")]);
        bool isDone = false;
        List<string> wrong = [];
        int rounds = 0;
        var poller = new Thread(() =>
        {
            byte[][] payloads = [.. Enumerable.Repeat("old same new"u8.ToArray(), 100)];
            while (!Volatile.Read(ref isDone))
            {
                wrong.AddRange(test.Results(payloads).Where(static r =>
                    r is not "Success 2 None: 0/1@0+3 0/2@4+4" and not "Success 2 None: 0/2@4+4 0/3@9+3"));
                rounds++;
            }
        });
        poller.Start();
        for (int i = 0; i < 40; i++)
        {
            test.Device.RemoveRule(i % 2 == 0 ? 1 : 3);
            test.Device.AddRules([i % 2 == 0 ? RegexRule.FromText(3, "new") : RegexRule.FromText(1, "old")]);
            test.Device.CompileAndActivate();
        }

        Volatile.Write(ref isDone, true);
        poller.Join();
        Assert.Empty(wrong);
        Assert.True(rounds > 0);
        test.Device.DequeueBurst(0, new RegexOp[1]);
        Assert.Equal(1ul, test.Counter("device_rule_sets"));
    }

    [Fact]
    public void TablesInUseOutliveTheirRules()
    {
        using var test = new OpenCLTestDevice("regex_opencl0", [RegexRule.FromText(1, "needle")]);
        RegexOp op = test.Op("a needle and more"u8);
        Assert.Equal(1, test.Device.EnqueueBurst(0, [op]));
        test.Device.AddRules([RegexRule.FromText(2, "more")]);
        test.Device.CompileAndActivate();

        Assert.Equal(2ul, test.Counter("device_rule_sets"));
        Collect(test, [op]);

        Assert.Equal(1, op.Matches.Length);
        test.Device.DequeueBurst(0, new RegexOp[1]);
        Assert.Equal(1ul, test.Counter("device_rule_sets"));
        op.FreeWithBuffers();
    }

    [Fact]
    public void TablesOfALaterBatchOutliveAnEarlierOne()
    {
        using var test = new OpenCLTestDevice("regex_opencl0,batch=1,depth=2", [RegexRule.FromText(1, "needle")]);
        RegexOp[] ops = [test.Op("a needle"u8), test.Op("the needle"u8)];
        Assert.Equal(2, test.Device.EnqueueBurst(0, ops));
        test.Device.AddRules([RegexRule.FromText(2, "more")]);
        test.Device.CompileAndActivate();

        Collect(test, [ops[0]]);

        Assert.Equal(2ul, test.Counter("device_rule_sets"));
        Collect(test, [ops[1]]);
        Assert.Equal(4, ops[1].Matches[0].Start);
        test.Device.DequeueBurst(0, new RegexOp[1]);
        Assert.Equal(1ul, test.Counter("device_rule_sets"));
        Free(ops);
    }

    [Fact]
    public void AStopEndsOpsThatNoBatchHadRoomFor()
    {
        using var test = new OpenCLTestDevice("regex_opencl0,batch=4,depth=1", [RegexRule.FromText(1, "needle")]);
        RegexOp[] ops = [.. Enumerable.Range(0, 100).Select(i => test.Op(i % 2 == 0 ? "a needle"u8 : "nothing"u8))];
        Assert.Equal(100, test.Device.EnqueueBurst(0, ops));

        test.Device.Stop();

        Collect(test, ops);
        Assert.All(ops, static op => Assert.Equal(OpStatus.Success, op.Status));
        Assert.Equal(50, ops.Sum(static op => op.Matches.Length));
        Free(ops);
        test.Device.Start();
        Assert.Equal(["Success 1 None: 0/1@0+6"], test.Results(["needle"u8.ToArray()]));
    }

    [Fact]
    public void AChainIsSearchedAsOnePayload()
    {
        using var test = new OpenCLTestDevice("regex_opencl0", [RegexRule.FromText(1, "needle")]);
        RegexOp op = test.Op("xxa nee"u8);
        RegexOp rest = test.Op("dle .."u8);
        Mbuf head = op.Mbuf;
        Assert.True(head.TryChain(rest.Mbuf));
        rest.Free();
        op.PayloadOffset = 2;

        test.Run([op]);

        Assert.Equal([new RegexMatch(1, 2, 6, 0)], op.Matches.ToArray());
        op.FreeWithBuffers();
    }

    [Theory]
    [InlineData("regex_opencl0", false)]
    [InlineData("regex_opencl0,batch=1,depth=1", true)]
    public void APacketShorterThanItSaysFailsAlone(string specifier, bool stops)
    {
        using var test = new OpenCLTestDevice(specifier, [RegexRule.FromText(1, "needle")]);
        RegexOp[] ops = [.. Enumerable.Range(0, 5).Select(_ => test.Op("a needle"u8))];
        RegexOp rest = test.Op("needle"u8);
        Assert.True(ops[3].Mbuf.TryChain(rest.Mbuf));
        Assert.True(rest.Mbuf.TryTrim(4));
        rest.Free();

        Assert.Equal(5, test.Device.EnqueueBurst(0, ops));
        if (stops)
        {
            test.Device.Stop();
        }

        Collect(test, ops);
        Assert.Equal(
            [OpStatus.Success, OpStatus.Success, OpStatus.Success, OpStatus.InvalidArguments, OpStatus.Success],
            ops.Select(static op => op.Status));
        Assert.Equal([1, 1, 1, 0, 1], ops.Select(static op => op.Matches.Length));
        Assert.Equal(1ul, test.Device.Statistics.DequeueErrorCount);
        Free(ops);
    }

    [Fact]
    public void ABurstAllocatesNothing()
    {
        using var test = new OpenCLTestDevice(
            "regex_opencl0", [RegexRule.FromText(1, "needle"), RegexRule.FromText(2, "[0-9]+x")]);
        RegexOp[] ops = [.. Enumerable.Range(0, 32).Select(_ => test.Op("a needle 12x"u8))];
        var back = new RegexOp[32];

        Assert.True(AllocationFree.Once(() =>
        {
            int done = 0;
            test.Device.EnqueueBurst(0, ops);
            while (done < 32)
            {
                done += test.Device.DequeueBurst(0, back.AsSpan(done));
            }
        }));
        Free(ops);
    }

    [Fact]
    public void DisposeReleasesEveryDeviceObject()
    {
        using var test = new OpenCLTestDevice("regex_opencl0,queues=2", [RegexRule.FromText(1, "needle"), RegexRule.FromText(2, "[0-9]+x")]);
        ulong running = test.Counter("device_objects");
        test.Device.Stop();

        // One queue pair with its queue, and for each of three batches the buffer and two kernels, is made anew and nothing is left of the old.
        test.Device.ConfigureQueuePair(0, new QueuePairOptions<RegexOp> { DescriptorCount = 64 });

        Assert.True(running > 10);
        Assert.Equal(running, test.Counter("device_objects"));
    }

    private static void Collect(OpenCLTestDevice test, RegexOp[] expected)
    {
        var back = new RegexOp[expected.Length];
        int done = 0;
        long start = Environment.TickCount64;
        while (done < back.Length)
        {
            done += test.Device.DequeueBurst(0, back.AsSpan(done));
            Assert.True(Environment.TickCount64 - start < 30_000, $"{done} of {back.Length} ops came back");
        }

        Assert.Equal(expected, back);
    }

    private static void Free(RegexOp[] ops) => Array.ForEach(ops, static op => op.FreeWithBuffers());

    private sealed class AbsentPlugin(OpenCLProbe probe) : IDevicePlugin
    {
        public void Register(IDriverRegistry registry) => registry.AddRegex(
            OpenCLRegexDriver.DriverName, context => new OpenCLRegexDriver(context, probe, new OpenCLTuning()));
    }
}
