using System.Text;
using Outboard.OpenCL;
using Outboard.Plugins.Regex.Engine;
using Outboard.Plugins.Regex.OpenCL;
using Outboard.Plugins.Regex.Tests.Engine;

namespace Outboard.Plugins.Regex.Tests.OpenCL;

/// <summary>The kernels against the reference.</summary>
public sealed class FilterBatchTests
{
    private static readonly string[] s_patterns =
    [
        "needle", "(?i)caseless literal", "ab", "xyz", "[0-9]{3}[a-f]", "\\bq[a-z]\\b", "[^ ]z$", "[ab][cd]\\n", "w?[0-9]_", "(?m)^k[a-z]",
        "[A-F]{4}", "[g-k][0-9]", "~[^~]~", "[x-z][X-Z]", "%[0-9a-f]{2}", "<[a-z]>", "#[0-9]#", "@[a-z]@", "[!?]{2}", "[;:][)(]", "=[0-9]=",
    ];

    [Theory]
    [InlineData(true, 64)]
    [InlineData(false, 64)]
    [InlineData(true, 1)]
    [InlineData(true, 7)]
    public void EveryPayloadGetsWhatTheReferenceFinds(bool inPlace, int groupSize)
    {
        RegexDatabase database = Database();
        using var run = new Run(database, new OpenCLTuning(inPlace, groupSize), 200);
        byte[][] payloads = Payloads(200);

        run.Launch(payloads);

        var lists = new WakeLists(1);
        for (int i = 0; i < payloads.Length; i++)
        {
            LiteralFilter filter = run.Tables.Literals!;
            Assert.Equal(FilterReference.FirstCandidate(filter, payloads[i], 0, payloads[i].Length), run.Batch.FirstCandidate(i));
            HashSet<int> woken = FilterReference.Woken(database.Wakes, payloads[i]);
            Assert.Equal(woken.Count > 0, run.Batch.IsWoken(i));
            lists.Clear(1);
            Assert.Equal(payloads[i], run.Batch.Payload(i).ToArray());
            if (run.Batch.TryListWoken(i, lists, 0))
            {
                Assert.Equal(woken.Order(), lists.Of(0).ToArray().Distinct().Order());
            }
            else
            {
                Assert.True(woken.Count > FilterKernels.RowRoom, $"payload {i} overflowed with {woken.Count} rules");
            }
        }
    }

    [Fact]
    public void EveryLengthUpToTwoSlicesIsRead()
    {
        RegexDatabase database = ScannerFactory.Database(
            MatchMode.FindAll, ScannerFactory.Rule(1, "needle"), ScannerFactory.Rule(2, "[0-9]x$"));
        using var run = new Run(database, new OpenCLTuning(), 600);
        byte[][] payloads = [.. Enumerable.Range(0, 530).Select(static length =>
        {
            byte[] payload = new byte[length];
            payload.AsSpan().Fill((byte)'.');
            "needle"u8[..Math.Min(6, length)].CopyTo(payload.AsSpan(Math.Max(0, length - 6)));
            return payload;
        })];

        run.Launch(payloads);

        for (int i = 0; i < payloads.Length; i++)
        {
            int first = run.Batch.FirstCandidate(i);
            Assert.True(i < 6 || (first >= i - 6 && first < i), $"length {i}: {first}");
            Assert.True(i > 3 || first < 0, $"length {i}: {first}");
            Assert.False(run.Batch.IsWoken(i));
        }
    }

    [Fact]
    public void WhatStandsBehindAPayloadDoesNotCount()
    {
        RegexDatabase database = ScannerFactory.Database(
            MatchMode.FindAll, ScannerFactory.Rule(1, "needle"), ScannerFactory.Rule(2, "[0-9]{3}"));
        using var run = new Run(database, new OpenCLTuning(), 4);

        // Sixteen bytes take no padding, so the literal and the digits go on in the next payload.
        run.Launch(["..........12need"u8.ToArray(), "le3............."u8.ToArray()]);

        for (int i = 0; i < 2; i++)
        {
            Assert.Equal(-1, run.Batch.FirstCandidate(i));
            Assert.False(run.Batch.IsWoken(i));
        }
    }

    [Fact]
    public void ABatchIsFullByCountOrByBytes()
    {
        OpenCLDevice device = OpenCLRegexPlugin.Device();
        using OpenCLContext context = device.CreateContext();
        using OpenCLQueue queue = context.CreateQueue();
        using OpenCLProgram program = FilterKernels.Build(context, OpenCLProgramCache.ForUser());
        using var batch = new FilterBatch(context, queue, program, new BatchLayout(3, 5000), new OpenCLTuning());
        batch.Open(null!);

        Assert.True(batch.HasRoomFor(5000));
        batch.Add(3000);
        Assert.False(batch.HasRoomFor(2001));
        Assert.True(batch.HasRoomFor(2000));
        batch.Add(1);
        batch.Add(1);
        Assert.False(batch.HasRoomFor(0));
    }

    private static RegexDatabase Database() => ScannerFactory.Database(
        MatchMode.FindAll, [.. s_patterns.Select(static (p, i) => ScannerFactory.Rule((uint)i, p))]);

    private static byte[][] Payloads(int count)
    {
        var random = new Random(5);
        string[] parts =
            ["needle", "CaseLess Literal", "ab", "123d", " qx ", "yz", "ac\n", "\nkk", "ABCD", "g4", "~1~", "xX", "%3f", "<a>", "#1#", "@b@", "!!", ":)", "=4="];
        return [.. Enumerable.Range(0, count).Select(i =>
        {
            var text = new StringBuilder();
            int least = random.Next(i % 10 == 0 ? 2000 : 300);
            bool isQuiet = i % 3 == 0;
            while (text.Length < least)
            {
                text.Append(random.Next(isQuiet ? 2000 : 8) == 0 ? parts[random.Next(parts.Length)] : ((char)('l' + random.Next(5))).ToString());
            }

            return Encoding.Latin1.GetBytes(text.ToString());
        })];
    }

    /// <summary>One batch on the machine's device; the test is skipped where there is none.</summary>
    private sealed class Run : IDisposable
    {
        private readonly OpenCLContext _context;
        private readonly OpenCLQueue _queue;
        private readonly OpenCLProgram _program;

        public Run(RegexDatabase database, OpenCLTuning tuning, int payloadMax)
        {
            _context = OpenCLRegexPlugin.Device().CreateContext();
            _queue = _context.CreateQueue();
            _program = FilterKernels.Build(_context, OpenCLProgramCache.ForUser());
            Tables = new DeviceTables(_context, _queue, database, ulong.MaxValue, 1);
            Batch = new FilterBatch(_context, _queue, _program, new BatchLayout(payloadMax, 4096), tuning);
        }

        public DeviceTables Tables { get; }

        public FilterBatch Batch { get; }

        public void Launch(byte[][] payloads)
        {
            Batch.Open(new RulesInForce(Tables, null!));
            foreach (byte[] payload in payloads)
            {
                Assert.True(Batch.HasRoomFor(payload.Length));
                payload.CopyTo(Batch.Add(payload.Length));
            }

            Batch.Launch();
            long start = Environment.TickCount64;
            while (!Batch.IsComplete && !Batch.BecomesComplete())
            {
                Assert.True(Environment.TickCount64 - start < 30_000, "the batch did not end");
                Thread.Yield();
            }

            Batch.Status.ThrowIfFailed("the batch");
        }

        public void Dispose()
        {
            Batch.Dispose();
            Tables.Dispose();
            _program.Dispose();
            _queue.Dispose();
            Assert.Equal(0, _context.LiveObjectCount);
            _context.Dispose();
        }
    }
}
