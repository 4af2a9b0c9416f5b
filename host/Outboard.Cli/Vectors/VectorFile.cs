using System.Text;

namespace Outboard.Cli.Vectors;

/// <summary>A file of known answers, as the runners look at it.</summary>
internal sealed class VectorFile
{
    private const int HeadLength = 4096;

    private string? _head;

    /// <param name="path">The file's full path.</param>
    /// <param name="shown">Its path as a person named it, for reports.</param>
    public VectorFile(string path, string shown)
    {
        Path = path;
        Shown = shown;
    }

    /// <summary>The file's full path.</summary>
    public string Path { get; }

    /// <summary>Its path for reports.</summary>
    public string Shown { get; }

    /// <summary>The file's name without folders.</summary>
    public string FileName => System.IO.Path.GetFileName(Path);

    /// <summary>The first 4 KiB as Latin-1 text, to recognise the content by.</summary>
    public string Head => _head ??= ReadHead();

    private string ReadHead()
    {
        using FileStream stream = File.OpenRead(Path);
        byte[] bytes = new byte[HeadLength];
        int count = stream.ReadAtLeast(bytes, HeadLength, throwOnEndOfStream: false);
        return Encoding.Latin1.GetString(bytes, 0, count);
    }
}
