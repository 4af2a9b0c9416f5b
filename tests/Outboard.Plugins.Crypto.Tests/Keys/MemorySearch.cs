using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Outboard.Plugins.Crypto.Tests.Keys;

/// <summary>Looks through all private memory of this process for sixteen-byte patterns, which it keeps masked so as not to find its own.</summary>
internal sealed unsafe class MemorySearch : IDisposable
{
    private const int PatternLength = 16;
    private const int PatternMax = 16 * 1024;
    private const int BlockLength = 1 << 20;
    private const int Overlap = PatternLength - 1;
    private const ulong Mask = 0x9C3B_5FE1_07D4_A86Bul;

    private readonly ulong* _patterns = (ulong*)NativeMemory.AllocZeroed(PatternMax, PatternLength);
    private readonly byte* _filter = (byte*)NativeMemory.AllocZeroed(1 << 16);
    private readonly byte* _block = (byte*)NativeMemory.Alloc(BlockLength);
    private readonly Dictionary<ulong, int> _byHash = [];
    private int _count;

    /// <summary>Where a pattern was found.</summary>
    internal readonly record struct Hit(int Pattern, nint Address, bool IsKeyMemory, string Region);

    /// <summary>Adds a pattern of sixteen bytes; one that says too little to be sure of is left out. The number is what hits name.</summary>
    public int Add(ReadOnlySpan<byte> bytes)
    {
        Span<bool> seen = stackalloc bool[256];
        int distinct = 0;
        foreach (byte one in bytes)
        {
            distinct += seen[one] ? 0 : 1;
            seen[one] = true;
        }

        if (distinct < 10)
        {
            return -1;
        }

        Assert.True(_count < PatternMax);
        ulong first = Unsafe.ReadUnaligned<ulong>(in bytes[0]), second = Unsafe.ReadUnaligned<ulong>(in bytes[8]);
        _patterns[2 * _count] = first ^ Mask;
        _patterns[(2 * _count) + 1] = second ^ Mask;
        _filter[Hash(first) >> 48] = 1;
        _byHash.TryAdd(Hash(first), _count);
        return _count++;
    }

    /// <summary>Every place where a pattern lies.</summary>
    public List<Hit> Find()
    {
        var hits = new List<Hit>();
        using SafeFileHandle memory = File.OpenHandle("/proc/self/mem");
        foreach ((nint start, nint end, bool isKeyMemory, string region) in Regions())
        {
            for (nint at = start; at < end; at += BlockLength - Overlap)
            {
                int length = (int)Math.Min(end - at, BlockLength);
                try
                {
                    length = RandomAccess.Read(memory, new Span<byte>(_block, length), at);
                }
                catch (IOException)
                {
                    // Gone since it was listed.
                    break;
                }

                Scan(at, length, isKeyMemory, region, hits);
            }
        }

        new Span<byte>(_block, BlockLength).Clear();
        return hits;
    }

    public void Dispose()
    {
        NativeMemory.Free(_patterns);
        NativeMemory.Free(_filter);
        NativeMemory.Free(_block);
    }

    private static ulong Hash(ulong value) => value * 0x9E37_79B9_7F4A_7C15ul;

    // Readable private mappings, and whether they are neither dumped nor inherited, as nothing but the memory of keys is.
    private static List<(nint Start, nint End, bool IsKeyMemory, string Region)> Regions()
    {
        var regions = new List<(nint, nint, bool, string)>();
        (nint Start, nint End, string Text) current = (0, 0, string.Empty);
        bool wanted = false;
        foreach (string line in File.ReadAllLines("/proc/self/smaps"))
        {
            string[] head = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            string[] range = head[0].Split('-');
            if (range.Length == 2 && nint.TryParse(range[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out nint start))
            {
                current = (start, nint.Parse(range[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture), line);
                wanted = head[1].StartsWith("rw", StringComparison.Ordinal) && head[1].EndsWith('p');
            }
            else if (wanted && head[0] == "VmFlags:")
            {
                regions.Add((current.Start, current.End, head.Contains("dc") && head.Contains("dd"), current.Text));
            }
        }

        return regions;
    }

    private void Scan(nint start, int length, bool isKeyMemory, string region, List<Hit> hits)
    {
        var all = new ReadOnlySpan<byte>(_block, length);
        for (int i = 0; i + PatternLength <= length; i++)
        {
            // Whole pages of zeros are most of the memory.
            if ((i & 4095) == 0 && i + 4096 <= length && !all.Slice(i, 4096).ContainsAnyExcept((byte)0))
            {
                i += 4096 - PatternLength;
                continue;
            }

            ulong hash = Hash(Unsafe.ReadUnaligned<ulong>(_block + i));
            if (_filter[hash >> 48] != 0 && _byHash.TryGetValue(hash, out int pattern)
                && (Unsafe.ReadUnaligned<ulong>(_block + i + 8) ^ Mask) == _patterns[(2 * pattern) + 1])
            {
                nint address = start + i;
                if (address + PatternLength <= (nint)_block || address >= (nint)_block + BlockLength)
                {
                    hits.Add(new Hit(pattern, address, isKeyMemory, region));
                }
            }
        }
    }
}
