using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Outboard.OpenCL;

/// <summary>Built programs kept on disk, one file each, so that a start does not wait for the compiler.</summary>
/// <remarks>
/// A file holds, little-endian: the magic <c>OBCL</c>, a format number, the length of the key and the key, the
/// length of the image, its SHA-256, the image. The whole is checked before the device sees it; anything wrong
/// counts as absent and is written anew. Files appear by rename, so a reader never sees half of one. Nothing here
/// throws: without a usable folder programs are built each time.
/// </remarks>
public sealed class OpenCLProgramCache
{
    private const uint Magic = 0x4C43424F;
    private const uint Format = 1;
    private const int FixedByteCount = 4 + 4 + 4 + 8 + SHA256.HashSizeInBytes;
    private const int ImageByteCountMax = 1 << 28;

    private readonly string _offReason = "";

    /// <summary>A cache in a folder, which is made when first needed.</summary>
    /// <param name="folder">The folder.</param>
    public OpenCLProgramCache(string folder)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        Folder = folder;
    }

    private OpenCLProgramCache(string? folder, string offReason)
    {
        Folder = folder;
        _offReason = offReason;
    }

    /// <summary>No cache: every program is built from source.</summary>
    public static OpenCLProgramCache Off { get; } = new(null, "the cache is off");

    /// <summary>Where files are kept; null when the cache is off.</summary>
    public string? Folder { get; }

    /// <summary>Whether programs are kept.</summary>
    public bool IsEnabled => Folder is not null;

    /// <summary>
    /// The user's cache: <c>outboard/opencl</c> in <c>XDG_CACHE_HOME</c>, else in <c>.cache</c> of <c>HOME</c>.
    /// </summary>
    public static OpenCLProgramCache ForUser() => ForUser(
        Environment.GetEnvironmentVariable("XDG_CACHE_HOME"), Environment.GetEnvironmentVariable("HOME"));

    internal static OpenCLProgramCache ForUser(string? cacheHome, string? home)
    {
        // XDG Base Directory Specification: a relative path is invalid and to be ignored.
        if (!string.IsNullOrEmpty(cacheHome) && Path.IsPathRooted(cacheHome))
        {
            return new OpenCLProgramCache(Path.Combine(cacheHome, "outboard", "opencl"));
        }

        return !string.IsNullOrEmpty(home) && Path.IsPathRooted(home)
            ? new OpenCLProgramCache(Path.Combine(home, ".cache", "outboard", "opencl"))
            : new OpenCLProgramCache(null, "neither XDG_CACHE_HOME nor HOME names a folder for the cache");
    }

    internal static string KeyOf(OpenCLDevice device, string source, string options) => string.Join(
        '\n',
        device.Platform.Name,
        device.Platform.Version,
        device.Name,
        device.Vendor,
        device.Version,
        device.DriverVersion,
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(source))),
        options);

    internal string FileOf(string key) => Path.Combine(
        Folder ?? "", Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key))) + ".bin");

    internal byte[]? TryRead(string key, out string report)
    {
        if (!IsEnabled)
        {
            report = _offReason;
            return null;
        }

        try
        {
            string file = FileOf(key);
            if (!File.Exists(file))
            {
                report = "not kept yet";
                return null;
            }

            byte[]? image = Parse(File.ReadAllBytes(file), key);
            report = image is null ? "the kept program is damaged" : $"taken from {file}";
            return image;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            report = $"the kept program cannot be read ({e.Message})";
            return null;
        }
    }

    internal string Write(string key, ReadOnlySpan<byte> image)
    {
        if (!IsEnabled)
        {
            return _offReason;
        }

        if (image.Length > ImageByteCountMax)
        {
            return $"not kept: {image.Length} bytes, at most {ImageByteCountMax}";
        }

        string temporary = "";
        try
        {
            string file = FileOf(key);
            CreateFolder(Folder!);
            temporary = $"{file}.{Environment.ProcessId}.{Guid.NewGuid():N}";
            File.WriteAllBytes(temporary, Compose(key, image));
            File.Move(temporary, file, overwrite: true);
            return $"kept in {file}";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Delete(temporary);
            return $"not kept ({e.Message})";
        }
    }

    private static void CreateFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            // Its content is run as code: nobody but the user writes there.
            const UnixFileMode Mine = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
            Directory.CreateDirectory(folder, Mine);
        }
    }

    private static void Delete(string file)
    {
        try
        {
            File.Delete(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // What is left behind is never read: its name is no key's.
        }
    }

    private static byte[] Compose(string key, ReadOnlySpan<byte> image)
    {
        byte[] keyBytes = Encoding.UTF8.GetBytes(key);
        byte[] content = new byte[FixedByteCount + keyBytes.Length + image.Length];
        Span<byte> rest = content;
        BinaryPrimitives.WriteUInt32LittleEndian(rest, Magic);
        BinaryPrimitives.WriteUInt32LittleEndian(rest[4..], Format);
        BinaryPrimitives.WriteInt32LittleEndian(rest[8..], keyBytes.Length);
        keyBytes.CopyTo(rest[12..]);
        rest = rest[(12 + keyBytes.Length)..];
        BinaryPrimitives.WriteInt64LittleEndian(rest, image.Length);
        SHA256.HashData(image, rest[8..]);
        image.CopyTo(rest[(8 + SHA256.HashSizeInBytes)..]);
        return content;
    }

    private static byte[]? Parse(ReadOnlySpan<byte> content, string key)
    {
        byte[] keyBytes = Encoding.UTF8.GetBytes(key);
        if (content.Length < FixedByteCount + keyBytes.Length
            || BinaryPrimitives.ReadUInt32LittleEndian(content) != Magic
            || BinaryPrimitives.ReadUInt32LittleEndian(content[4..]) != Format
            || BinaryPrimitives.ReadInt32LittleEndian(content[8..]) != keyBytes.Length
            || !content.Slice(12, keyBytes.Length).SequenceEqual(keyBytes))
        {
            return null;
        }

        content = content[(12 + keyBytes.Length)..];
        ReadOnlySpan<byte> hash = content.Slice(8, SHA256.HashSizeInBytes);
        ReadOnlySpan<byte> image = content[(8 + SHA256.HashSizeInBytes)..];
        if (BinaryPrimitives.ReadInt64LittleEndian(content) != image.Length || image.IsEmpty)
        {
            return null;
        }

        return SHA256.HashData(image).AsSpan().SequenceEqual(hash) ? image.ToArray() : null;
    }
}
