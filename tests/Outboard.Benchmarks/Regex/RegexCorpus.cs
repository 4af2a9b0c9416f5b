using System.Buffers.Binary;
using Outboard.Captures;

namespace Outboard.Benchmarks.Regex;

/// <summary>Payloads to search: the frames of a capture, or the peers' format (length in four bytes, then the bytes).</summary>
internal static class RegexCorpus
{
    public static List<byte[]> Read(string path, int cut = 0)
    {
        List<byte[]> payloads = path.EndsWith(".payloads", StringComparison.Ordinal) ? ReadPayloads(path) : ReadFrames(path);
        if (cut == 0)
        {
            return payloads;
        }

        byte[] all = [.. payloads.SelectMany(static p => p)];
        List<byte[]> pieces = [];
        for (int at = 0; at + cut <= all.Length; at += cut)
        {
            pieces.Add(all[at..(at + cut)]);
        }

        return pieces;
    }

    private static List<byte[]> ReadFrames(string path)
    {
        List<byte[]> frames = [];
        using CaptureReader reader = CaptureReader.Open(path);
        while (reader.TryRead(out CaptureRecord record))
        {
            frames.Add(record.Data.ToArray());
        }

        return frames;
    }

    private static List<byte[]> ReadPayloads(string path)
    {
        List<byte[]> payloads = [];
        ReadOnlySpan<byte> at = File.ReadAllBytes(path);
        while (at.Length >= 4)
        {
            int length = BinaryPrimitives.ReadInt32LittleEndian(at);
            if (length > 0)
            {
                payloads.Add(at.Slice(4, length).ToArray());
            }

            at = at[(4 + length)..];
        }

        return payloads;
    }
}
