using System.Globalization;

namespace Outboard.Memory;

/// <summary>The sizes of the processor's first two data caches.</summary>
/// <param name="L1Data">The first-level data cache.</param>
/// <param name="L2">The second-level cache.</param>
/// <param name="Source">Where the sizes come from: a folder of sysfs, or "assumed".</param>
public sealed record CacheGeometry(CacheLevel L1Data, CacheLevel L2, string Source)
{
    /// <summary>What sysfs says of processor 0; 48 KiB of 12 ways and 1 MiB of 16 ways where it says nothing.</summary>
    public static CacheGeometry Read() => Read("/sys/devices/system/cpu/cpu0/cache");

    /// <summary>As <see cref="Read()"/>, from another folder.</summary>
    /// <param name="folder">A folder with one folder "index*" a cache.</param>
    public static CacheGeometry Read(string folder)
    {
        CacheLevel? first = null;
        CacheLevel? second = null;
        try
        {
            foreach (string index in Directory.Exists(folder) ? Directory.GetDirectories(folder, "index*") : [])
            {
                string type = File.ReadAllText(Path.Combine(index, "type")).Trim();
                CacheLevel? level = ReadLevel(index);
                if (type == "Instruction")
                {
                    continue;
                }

                first = level is { Level: 1 } ? level : first;
                second = level is { Level: 2 } ? level : second;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Containers often hide parts of sysfs; the sizes below stand in.
        }

        string source = first is null || second is null ? "assumed" : folder;
        return new(first ?? new CacheLevel(1, 64, 12, 64), second ?? new CacheLevel(2, 1024, 16, 64), source);
    }

    private static CacheLevel? ReadLevel(string index)
    {
        int level = Number(index, "level");
        int sets = Number(index, "number_of_sets");
        int ways = Number(index, "ways_of_associativity");
        int line = Number(index, "coherency_line_size");
        return level > 0 && sets > 0 && ways > 0 && line > 0 ? new(level, sets, ways, line) : null;
    }

    private static int Number(string index, string file)
    {
        string path = Path.Combine(index, file);
        return File.Exists(path)
            && int.TryParse(File.ReadAllText(path), NumberStyles.Integer, CultureInfo.InvariantCulture, out int value)
            ? value
            : 0;
    }
}
