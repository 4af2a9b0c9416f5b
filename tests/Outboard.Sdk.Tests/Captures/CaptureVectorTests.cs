using System.Globalization;
using System.Text.Json;
using Outboard.Captures;
using Outboard.Testing;

namespace Outboard.Sdk.Tests.Captures;

/// <summary>Third-party captures, as another program read them (vectors/ethdev).</summary>
public sealed class CaptureVectorTests
{
    [Fact]
    public void EveryFileHasTheFormatLinkTypeAndFrameCountOfTheIndex()
    {
        string folder = Folder();
        using JsonDocument index = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "index.json")));
        int readable = 0;
        foreach (JsonElement entry in index.RootElement.GetProperty("files").EnumerateArray())
        {
            string name = entry.GetProperty("file").GetString()!;
            string path = Path.Combine(folder, "pcap", name);
            if (!entry.GetProperty("readable").GetBoolean())
            {
                Assert.Throws<CaptureFormatException>(() => ReadAll(path));
                continue;
            }
            using CaptureReader reader = CaptureReader.Open(path);
            string format = entry.GetProperty("format").GetString()!;
            Assert.Equal(format == "pcapng", reader.Format == CaptureFormat.PcapNg);
            if (entry.GetProperty("linktype").ValueKind == JsonValueKind.Number)
            {
                Assert.Equal(entry.GetProperty("linktype").GetInt32(), (int)reader.LinkType);
            }
            int longest = 0;
            while (reader.TryRead(out CaptureRecord record))
            {
                longest = Math.Max(longest, (int)record.OriginalLength);
            }
            Assert.Equal(entry.GetProperty("packets").GetInt64(), reader.RecordCount);
            Assert.Equal(entry.GetProperty("max_len").GetInt32(), longest);
            readable++;
        }
        Assert.True(readable > 0);
    }

    [Fact]
    public void EveryFrameHasTheTimestampAndLengthsOfTheOtherReader()
    {
        string folder = Folder();
        Dictionary<string, List<(long Timestamp, int Captured, int Original)>> files = [];
        foreach (string line in File.ReadLines(Path.Combine(folder, "packets.jsonl")))
        {
            using JsonDocument packet = JsonDocument.Parse(line);
            JsonElement root = packet.RootElement;
            string file = root.GetProperty("file").GetString()!;
            if (!files.TryGetValue(file, out List<(long, int, int)>? expected))
            {
                files[file] = expected = ReadAll(Path.Combine(folder, "pcap", file));
            }
            (long timestamp, int captured, int original) = expected[root.GetProperty("number").GetInt32() - 1];
            decimal seconds = decimal.Parse(root.GetProperty("ts").GetString()!, CultureInfo.InvariantCulture);
            Assert.Equal((long)(seconds * 1_000_000_000m), timestamp);
            Assert.Equal(root.GetProperty("cap_len").GetInt32(), captured);
            Assert.Equal(root.GetProperty("len").GetInt32(), original);
        }
        Assert.NotEmpty(files);
    }

    private static List<(long Timestamp, int Captured, int Original)> ReadAll(string path)
    {
        using CaptureReader reader = CaptureReader.Open(path);
        List<(long, int, int)> records = [];
        while (reader.TryRead(out CaptureRecord record))
        {
            records.Add((record.Timestamp, record.CapturedLength, (int)record.OriginalLength));
        }
        return records;
    }

    private static string Folder()
    {
        Assert.SkipUnless(SharedVectors.TryFind("ethdev", out string folder), SharedVectors.Reason("ethdev"));
        return folder;
    }
}
