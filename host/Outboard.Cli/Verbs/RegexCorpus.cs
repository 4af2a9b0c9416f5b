using System.Buffers.Binary;
using Outboard.Captures;
using Outboard.Ml.Features;

namespace Outboard.Cli.Verbs;

/// <summary>
/// Payloads out of a file: what a capture's packets carry, the pieces of a <c>.payloads</c> file (a length of four little-endian bytes before
/// each), or the bytes of any other file as one.
/// </summary>
internal sealed class RegexCorpus
{
    /// <summary>The most that is read of one file, in payload bytes.</summary>
    public const long BytesMax = 64 << 20;

    private const string PayloadsSuffix = ".payloads";

    private RegexCorpus(string name, List<byte[]> payloads, bool isPlain)
    {
        Name = name;
        Payloads = payloads;
        IsPlain = isPlain;
    }

    /// <summary>The file, without its folder.</summary>
    public string Name { get; }

    /// <summary>The payloads, none of them empty.</summary>
    public List<byte[]> Payloads { get; }

    /// <summary>Whether the file has no payloads of its own and is one by itself.</summary>
    public bool IsPlain { get; }

    /// <summary>Reads a file.</summary>
    /// <param name="option">The option that named it, for errors.</param>
    /// <param name="path">The file.</param>
    /// <param name="frames">Whether a capture gives whole records; otherwise what lies behind TCP or UDP, where it can be found.</param>
    /// <exception cref="UserException">There is no such file, it is damaged, or there is nothing in it.</exception>
    public static RegexCorpus Read(string option, string path, bool frames)
    {
        if (!File.Exists(path))
        {
            throw new UserException($"{option} {path}: there is no such file.");
        }

        List<byte[]>? payloads = path.EndsWith(PayloadsSuffix, StringComparison.Ordinal)
            ? ReadPayloads(option, path)
            : TryReadCapture(path, frames);
        bool plain = payloads is null;
        payloads ??= ReadWhole(path);
        return payloads.Count != 0
            ? new RegexCorpus(Path.GetFileName(path), payloads, plain)
            : throw new UserException($"{option} {path}: there is no payload in it.");
    }

    /// <summary>All payloads, one behind the other.</summary>
    public byte[] Join() => [.. Payloads.SelectMany(static payload => payload)];

    /// <summary>All payloads joined and cut anew; what is left over behind the last whole piece is left out.</summary>
    /// <param name="size">Bytes of a piece, or 0 for the payloads as they are.</param>
    public List<byte[]> Cut(int size)
    {
        if (size == 0)
        {
            return Payloads;
        }

        byte[] all = Join();
        return all.Length < size ? [all] : [.. all.Chunk(size).Where(piece => piece.Length == size)];
    }

    private static List<byte[]> ReadWhole(string path)
    {
        using FileStream file = File.OpenRead(path);
        byte[] bytes = new byte[Math.Min(file.Length, BytesMax)];
        file.ReadExactly(bytes);
        return bytes.Length == 0 ? [] : [bytes];
    }

    private static List<byte[]> ReadPayloads(string option, string path)
    {
        List<byte[]> payloads = [];
        using var file = new BinaryReader(File.OpenRead(path));
        long left = file.BaseStream.Length;
        long taken = 0;
        byte[] head = new byte[4];
        while (left != 0 && taken < BytesMax)
        {
            int read = file.Read(head);
            uint length = BinaryPrimitives.ReadUInt32LittleEndian(head);
            left -= read;
            if (read < head.Length || length > left)
            {
                throw new UserException(
                    $"{option} {path}: at offset {file.BaseStream.Position - read} there is no payload; one is its length in four bytes, little-endian, and its bytes.");
            }

            left -= length;
            taken += length;
            if (length != 0)
            {
                payloads.Add(file.ReadBytes((int)length));
            }
        }

        return payloads;
    }

    /// <summary>The payloads of a capture, or null when the file is none.</summary>
    private static List<byte[]>? TryReadCapture(string path, bool frames)
    {
        CaptureReader reader;
        try
        {
            reader = CaptureReader.Open(path);
        }
        catch (CaptureFormatException)
        {
            return null;
        }

        using (reader)
        {
            List<byte[]> payloads = [];
            long taken = 0;
            while (taken < BytesMax && reader.TryRead(out CaptureRecord record))
            {
                ReadOnlySpan<byte> payload = frames ? record.Data : Payload(record);
                taken += payload.Length;
                if (!payload.IsEmpty)
                {
                    payloads.Add(payload.ToArray());
                }
            }

            return payloads;
        }
    }

    /// <summary>What a packet carries behind its headers; the whole record where there is no transport that could be read.</summary>
    private static ReadOnlySpan<byte> Payload(CaptureRecord record)
    {
        var layers = PacketLayers.Parse(record.Data, record.Header.LinkType);
        return layers.Transport < 0 ? record.Data : record.Data.Slice(layers.PayloadOffset, layers.PayloadLength);
    }
}
