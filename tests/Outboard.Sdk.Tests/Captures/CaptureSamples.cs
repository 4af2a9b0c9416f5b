using Outboard.Captures;

namespace Outboard.Sdk.Tests.Captures;

/// <summary>Captures made in memory for the tests beside this file.</summary>
internal static class CaptureSamples
{
    public static byte[] Write(CaptureWriterOptions options, Action<CaptureWriter> fill)
    {
        using MemoryStream stream = new();
        using (CaptureWriter writer = new(stream, options))
        {
            fill(writer);
        }
        return stream.ToArray();
    }

    public static List<(CaptureRecordHeader Header, byte[] Data)> ReadAll(
        byte[] file, CaptureReaderOptions? options = null)
    {
        using CaptureReader reader = new(new MemoryStream(file), "memory", options);
        List<(CaptureRecordHeader, byte[])> records = [];
        while (reader.TryRead(out CaptureRecord record))
        {
            records.Add((record.Header, record.Data.ToArray()));
        }
        return records;
    }

    // A few frames of awkward lengths, with a comment where the format can hold one.
    public static byte[] Mixed(CaptureFormat format, bool bigEndian) => Write(
        new CaptureWriterOptions
        {
            Format = format,
            BigEndian = bigEndian,
            SnapLength = 96,
            Comment = format == CaptureFormat.PcapNg ? "made by a test" : null,
        },
        writer =>
        {
            Random random = new(7);
            for (int i = 0; i < 9; i++)
            {
                byte[] data = new byte[i * 13];
                random.NextBytes(data);
                ReadOnlySpan<byte> comment = format == CaptureFormat.PcapNg && i == 4 ? "odd one"u8 : default;
                writer.Write(1_700_000_000_123_456_000 + i, data, (uint)data.Length, 0, comment);
            }
        });
}
