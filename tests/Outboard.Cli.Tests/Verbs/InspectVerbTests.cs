using System.Diagnostics;
using System.Text.Json;
using Outboard.Captures;

namespace Outboard.Cli.Tests.Verbs;

public sealed class InspectVerbTests : TemporaryFolder
{
    private const string TlsKey = "tls13:000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
    private const string PdcpKey = "pdcp:000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

    [Fact]
    public void MainJobEndsWithASummary()
    {
        (long frames, long bytes) = Count(CliRun.Campus);

        CliRun run = CliRun.Of("inspect", CliRun.Campus, "--json").AssertDone();

        JsonElement summary = run.Summary;
        Assert.Equal(frames, summary.GetProperty("frames").GetInt64());
        Assert.Equal(bytes, summary.GetProperty("bytes").GetInt64());
        Assert.Equal(frames, summary.GetProperty("classified").GetInt64());
        Assert.Equal(frames, summary.GetProperty("protected").GetInt64());
        Assert.Equal(frames, summary.GetProperty("sent").GetInt64());
        Assert.Equal(0, summary.GetProperty("leaked").GetInt32());
        Assert.Equal(0, summary.GetProperty("bypassed").GetInt32());
        Assert.True(summary.GetProperty("matches").GetInt64() > 100);
        Assert.True(summary.GetProperty("seconds").GetDouble() > 0);
        Assert.Equal(frames, summary.GetProperty("classes").EnumerateObject().Sum(item => item.Value.GetInt64()));
        Assert.Equal(frames, summary.GetProperty("protocols").EnumerateObject().Sum(item => item.Value.GetInt64()));
        Assert.Equal(
            summary.GetProperty("matches").GetInt64(),
            summary.GetProperty("rules").EnumerateArray().Sum(item => item.GetProperty("matches").GetInt64()));
        Assert.Equal(
            ["receive", "regex", "features", "ml", "protect", "transmit"],
            summary.GetProperty("stages").EnumerateObject().Select(stage => stage.Name));
        Assert.All(summary.GetProperty("stages").EnumerateObject(), stage => Assert.True(stage.Value.GetDouble() > 0));
    }

    [Fact]
    public void PeopleGetTables()
    {
        CliRun run = CliRun.Of("inspect", CliRun.Campus).AssertDone();

        Assert.Contains("mbufs and ops leaked", run.Output, StringComparison.Ordinal);
        Assert.Contains("ipv4-tcp", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', run.Output);
        Assert.DoesNotContain("key:", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tls13")]
    [InlineData("pdcp")]
    public void UnprotectGivesTheSameFileBack(string protection)
    {
        string output = InFolder("out.pcap");
        CliRun run = CliRun.Of("inspect", CliRun.Campus, "--protect", protection, "--out", output, "--show-keys", "--json").AssertDone();
        string key = run.Json[0].GetProperty("key").GetString()!;

        CliRun back = CliRun.Of("inspect", output, "--unprotect", "--key", key, "--out", InFolder("back.pcap"), "--json").AssertDone();

        Assert.Equal(Count(CliRun.Campus).Frames, back.Summary.GetProperty("frames").GetInt64());
        Assert.Equal(0, back.Summary.GetProperty("leaked").GetInt32());
        Assert.Equal(File.ReadAllBytes(CliRun.Campus), File.ReadAllBytes(InFolder("back.pcap")));
        Assert.Equal(["back.pcap", "out.pcap"], Files);
        AssertTimesAreKept(output);
    }

    [Fact]
    public void WithoutProtectionFramesLeaveAsTheyCame()
    {
        CliRun.Of("inspect", CliRun.Campus, "--protect", "none", "--out", InFolder("out.pcap")).AssertDone();

        Assert.Equal(File.ReadAllBytes(CliRun.Campus), File.ReadAllBytes(InFolder("out.pcap")));
    }

    [Fact]
    public void EveryWidthGivesTheSameResultAndTheSameBytes()
    {
        string[] names = ["matches", "matchedFrames", "classified", "protected", "protocols", "rules", "classes"];
        string? expected = null;
        byte[]? bytes = null;
        foreach (int width in (int[])[64, 128, 256, 512])
        {
            if (!VectorsWidths().Contains(width))
            {
                continue;
            }

            string output = InFolder($"{width}.pcap");
            JsonElement summary = CliRun.Of(
                "inspect", CliRun.Campus, "--max-simd-bitwidth", $"{width}", "--key", TlsKey, "--out", output, "--json").AssertDone().Summary;

            Assert.Equal(width, summary.GetProperty("simd").GetInt32());
            string result = string.Join('\n', names.Select(name => summary.GetProperty(name).GetRawText()));
            Assert.Equal(expected ??= result, result);
            Assert.Equal(bytes ??= File.ReadAllBytes(output), File.ReadAllBytes(output));
        }
    }

    [Theory]
    [InlineData("tls13", TlsKey, 1)]
    [InlineData("tls13", TlsKey, 512)]
    [InlineData("pdcp", PdcpKey, 7)]
    [InlineData("none", null, 64)]
    public void FramesOfEveryLengthComeThroughAndBack(string protection, string? key, int burst)
    {
        string capture = InFolder("odd.pcapng");
        WriteOddCapture(capture);
        string output = InFolder("out.pcapng");
        string[] keys = key is null ? [] : ["--key", key];
        CliRun run = CliRun.Of(
            ["inspect", capture, "--protect", protection, "--out", output, "--burst", $"{burst}", "--json", .. keys]).AssertDone();
        Assert.Equal(0, run.Summary.GetProperty("leaked").GetInt32());
        Assert.True(run.Summary.GetProperty("bypassed").GetInt64() > 0);
        string back = output;
        if (key is not null)
        {
            back = InFolder("back.pcapng");
            CliRun.Of("inspect", output, "--unprotect", "--key", key, "--out", back).AssertDone();
        }

        Assert.Equal(ReadAll(capture), ReadAll(back));
    }

    [Fact]
    public void ProtectedCaptureOpensInTshark()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/tshark"), "tshark is not installed");
        CliRun.Of("inspect", CliRun.Campus, "--out", InFolder("tls.pcap")).AssertDone();
        CliRun.Of("inspect", CliRun.Campus, "--protect", "pdcp", "--out", InFolder("pdcp.pcap")).AssertDone();
        long frames = Count(CliRun.Campus).Frames;

        Assert.Equal(frames, CountInTshark(InFolder("tls.pcap"), "tls.record.content_type == 23 && tcp.checksum.status == 1 && ip.checksum.status == 1"));
        Assert.Equal(0, CountInTshark(InFolder("tls.pcap"), "_ws.malformed || tcp.analysis.flags"));
        Assert.Equal(frames, CountInTshark(InFolder("pdcp.pcap"), "pdcp-nr.seq-num && udp.checksum.status == 1 && ip.checksum.status == 1"));
        Assert.Equal(0, CountInTshark(InFolder("pdcp.pcap"), "_ws.malformed"));
    }

    [Fact]
    public void MistakesGetOneLineAndLeaveNothing()
    {
        string output = InFolder("out.pcap");
        string text = Write("text.pcap", "this is no capture");
        string rules = Write("bad.rules", "# first\n10:/fine/i\n11:/(unclosed/\n");
        string line = Write("line.rules", "10:/fine/i\nnonsense\n");
        string model = Write("bad.onnx", "this is no model");
        byte[] campus = File.ReadAllBytes(CliRun.Campus);
        File.WriteAllBytes(InFolder("cut.pcap"), campus[..(campus.Length / 2)]);
        File.WriteAllBytes(InFolder("empty.pcap"), []);
        string[] before = Files;

        Run("there is no such verb's file.pcap").AssertRefused("no such verb's file.pcap");
        Run(text).AssertRefused("not a capture");
        Run(InFolder("empty.pcap")).AssertRefused("empty");
        Run(InFolder("cut.pcap")).AssertRefused("truncated capture");
        Run(CliRun.Campus, "--rules", rules).AssertRefused("bad.rules:3: rule 11");
        Run(CliRun.Campus, "--rules", line).AssertRefused("line.rules:2: not a rule");
        Run(CliRun.Campus, "--rules", InFolder("none")).AssertRefused("rules: ");
        Run(CliRun.Campus, "--model", model).AssertRefused("bad.onnx");
        Run(CliRun.Campus, "--model", InFolder("none")).AssertRefused("model: ");
        Run(CliRun.Campus, "--max-simd-bitwidth", "100").AssertRefused("100 is not a SIMD width");
        Run(CliRun.Campus, "--max-simd-bitwidth", "many").AssertRefused("many is not a SIMD width");
        Run(CliRun.Campus, "--protect", "rot13").AssertRefused("rot13");
        Run(CliRun.Campus, "--key", "tls13:12").AssertRefused("--key is not a key");
        Run(CliRun.Campus, "--key", PdcpKey, "--protect", "tls13").AssertRefused("another kind");
        Run(CliRun.Campus, "--burst", "0").AssertRefused("--burst 0");
        Run(CliRun.Campus, "--lcores", "1023").AssertRefused("CPU 1023");
        Run(CliRun.Campus, "--regex", "regex_simd0,colour=red").AssertRefused("'colour'");
        Run(CliRun.Campus, "--port", "net_mana0,colour=red").AssertRefused("'colour'");
        Run(CliRun.Campus, "--crypto", "crypto_simd0,max_simd=33").AssertRefused("max_simd=33");
        Run(CliRun.Campus, "--ml", "ml_nowhere0").AssertRefused("no driver ml_nowhere");
        CliRun.Of("inspect", CliRun.Campus, "--out", CliRun.Campus).AssertRefused("is the capture that is read");
        CliRun.Of("inspect", CliRun.Campus, "--out", InFolder("no/such/folder.pcap")).AssertRefused("--out");

        Assert.Equal(before, Files);

        CliRun Run(params string[] args) => CliRun.Of(["inspect", .. args, "--out", output]);
    }

    [Fact]
    public void WrongKeysAndDamageAreFoundWhenUnprotecting()
    {
        string capture = InFolder("out.pcap");
        CliRun.Of("inspect", CliRun.Campus, "--key", TlsKey, "--out", capture).AssertDone();
        byte[] bytes = File.ReadAllBytes(capture);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(InFolder("damaged.pcap"), bytes);
        string[] before = Files;

        Undo(capture, TlsKey.Replace("00", "ff", StringComparison.Ordinal)).AssertRefused("frame 1: it does not authenticate");
        Undo(CliRun.Campus, TlsKey).AssertRefused("frame 1 is not one that inspect --protect tls13 writes");
        Undo(capture, PdcpKey).AssertRefused("--protect pdcp");
        Assert.Equal(CliProgram.BadInput, Undo(InFolder("damaged.pcap"), TlsKey).ExitCode);
        CliRun.Of("inspect", capture, "--unprotect", "--key", TlsKey).AssertRefused("--out");
        CliRun.Of("inspect", capture, "--unprotect", "--out", InFolder("x")).AssertRefused("--key");

        Assert.Equal(before, Files);

        CliRun Undo(string path, string key) =>
            CliRun.Of("inspect", path, "--unprotect", "--key", key, "--out", InFolder("back.pcap"));
    }

    [Fact]
    public void NameOfACaptureMayHoldAnything()
    {
        string path = InFolder("a, b=c.pcap");
        File.Copy(CliRun.Campus, path);

        CliRun run = CliRun.Of("inspect", path, "--json").AssertDone();

        Assert.Equal(0, run.Summary.GetProperty("bypassed").GetInt64());
    }

    [Fact]
    public void OlderOutputStaysWhenTheRunFails()
    {
        string output = Write("out.pcap", "old");
        byte[] campus = File.ReadAllBytes(CliRun.Campus);
        File.WriteAllBytes(InFolder("cut.pcap"), campus[..^7]);

        CliRun.Of("inspect", InFolder("cut.pcap"), "--out", output).AssertRefused("truncated");

        Assert.Equal("old", File.ReadAllText(output));
    }

    private static int[] VectorsWidths() => Cli.Verbs.VectorsVerb.GetWidths(new Simd.SimdPolicy());

    private static (long Frames, long Bytes) Count(string path)
    {
        using var reader = CaptureReader.Open(path);
        (long frames, long bytes) = (0, 0);
        while (reader.TryRead(out CaptureRecord record))
        {
            frames++;
            bytes += record.CapturedLength;
        }

        return (frames, bytes);
    }

    private static List<string> ReadAll(string path)
    {
        using var reader = CaptureReader.Open(path);
        var all = new List<string>();
        while (reader.TryRead(out CaptureRecord record))
        {
            all.Add($"{record.Timestamp} {record.OriginalLength} {record.LinkType} {Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(record.Data))} {record.CapturedLength}");
        }

        return all;
    }

    private static void AssertTimesAreKept(string path)
    {
        using var original = CaptureReader.Open(CliRun.Campus);
        using var output = CaptureReader.Open(path);
        while (original.TryRead(out CaptureRecord expected))
        {
            Assert.True(output.TryRead(out CaptureRecord actual));
            Assert.Equal(expected.Timestamp, actual.Timestamp);
        }
    }

    // Lengths round every limit on the way, a frame that was cut when it was captured, and frames that are not Ethernet.
    private static void WriteOddCapture(string path)
    {
        var random = new Random(7);
        using var writer = CaptureWriter.Create(path, CaptureFormat.PcapNg, LinkType.Ethernet);
        int raw = writer.AddInterface(LinkType.Raw);
        long time = 1_700_000_000_123_456_789;
        foreach (int length in (int[])[60, 0, 1, 13, 14, 15, 64, 1514, 1518, 8900, 8945, 8946, 8947, 9000, 9013, 9014, 9015, 9018, 9019, 20000, 65549, 262144, 60, 262144, 262144, 1514])
        {
            byte[] frame = new byte[length];
            random.NextBytes(frame);
            if (length >= 14)
            {
                frame[12] = 8;
                frame[13] = 0;
            }

            writer.Write(time++, frame, (uint)(length + (length == 1518 ? 1000 : 0)));
            if (length is 60 or 20000)
            {
                writer.Write(time++, frame, (uint)length, raw);
            }
        }
    }

    private static long CountInTshark(string path, string filter)
    {
        var start = new ProcessStartInfo("/usr/bin/tshark")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            ArgumentList =
            {
                "-r", path, "--enable-heuristic", "pdcp_nr_udp", "-o", "tcp.check_checksum:TRUE", "-o", "udp.check_checksum:TRUE",
                "-o", "ip.check_checksum:TRUE", "-o", "pdcp-nr.show_user_plane_as_ip:FALSE", "-Y", filter, "-T", "fields", "-e", "frame.number",
            },
        };
        using Process process = Process.Start(start)!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        long lines = process.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Length;
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return lines;
    }
}
