using System.Buffers;
using System.Buffers.Text;
using System.IO.Compression;

namespace Outboard.Plugins.Regex.Rules;

/// <summary>The properties of characters as Unicode 14.0 has them, which is what PCRE2 10.42 knows. Read on first use.</summary>
internal sealed partial class UnicodeData
{
    private static readonly Lazy<UnicodeData> s_shared = new(static () => new UnicodeData());

    private readonly (int First, int Value)[] _categories;
    private readonly (int First, int Value)[] _scripts;
    private readonly int[][] _scriptLists;
    private readonly (int First, int Value)[] _extensions;
    private readonly (int First, int Value)[] _bidiClasses;
    private readonly CodePointSet[] _binary;
    private readonly int[] _cased;
    private readonly int[][] _caseClasses;

    private UnicodeData()
    {
        byte[] data = Unpack();
        int at = 0;
        _categories = ReadRuns(data, ref at);
        _scripts = ReadRuns(data, ref at);
        _scriptLists = new int[ReadNumber(data, ref at)][];
        for (int i = 0; i < _scriptLists.Length; i++)
        {
            _scriptLists[i] = new int[ReadNumber(data, ref at)];
            for (int k = 0; k < _scriptLists[i].Length; k++)
            {
                _scriptLists[i][k] = ReadNumber(data, ref at);
            }
        }

        _extensions = ReadRuns(data, ref at);
        _bidiClasses = ReadRuns(data, ref at);
        _binary = new CodePointSet[UnicodeNames.Binary.Split(',').Length];
        for (int i = 0; i < _binary.Length; i++)
        {
            _binary[i] = ReadSet(data, ref at);
        }

        SortedDictionary<int, int[]> cased = ReadCaseClasses(data, ref at);
        _cased = [.. cased.Keys];
        _caseClasses = [.. cased.Values];
    }

    public static UnicodeData Shared => s_shared.Value;

    /// <summary>Characters of general categories, given as bits in the order of <see cref="UnicodeNames.Categories"/>.</summary>
    public CodePointSet Categories(uint mask) => Where(_categories, value => (mask >> value & 1) != 0);

    public CodePointSet Script(int index) => Where(_scripts, value => value == index);

    /// <summary>Characters of a script, and those of other scripts that are used in it.</summary>
    public CodePointSet ScriptExtensions(int index) =>
        Script(index) | Where(_extensions, value => value > 0 && _scriptLists[value - 1].Contains(index));

    public CodePointSet BidiClass(int index) => Where(_bidiClasses, value => value == index);

    public CodePointSet Binary(int index) => _binary[index];

    /// <summary>The characters that have another case, ascending.</summary>
    public ReadOnlySpan<int> Cased => _cased;

    /// <summary>All characters that are one by simple case folding, for the character at an index of <see cref="Cased"/>.</summary>
    public ReadOnlySpan<int> CaseClass(int index) => _caseClasses[index];

    private static byte[] Unpack()
    {
        var packed = new byte[Packed.Length];
        OperationStatus status = Base64.DecodeFromUtf8(Packed, packed, out _, out int length);
        if (status != OperationStatus.Done)
        {
            throw new InvalidOperationException($"The Unicode tables of this build are damaged: {status}.");
        }

        using var stream = new ZLibStream(new MemoryStream(packed, 0, length), CompressionMode.Decompress);
        using var data = new MemoryStream();
        stream.CopyTo(data);
        return data.ToArray();
    }

    private static int ReadNumber(byte[] data, ref int at)
    {
        int value = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte part = data[at++];
            value |= (part & 0x7F) << shift;
            if (part < 0x80)
            {
                return value;
            }
        }
    }

    /// <summary>A value for every code point, as lengths of runs.</summary>
    private static (int First, int Value)[] ReadRuns(byte[] data, ref int at)
    {
        var runs = new (int, int)[ReadNumber(data, ref at)];
        int first = 0;
        for (int i = 0; i < runs.Length; i++)
        {
            int length = ReadNumber(data, ref at);
            runs[i] = (first, ReadNumber(data, ref at));
            first += length;
        }

        return runs;
    }

    private static CodePointSet ReadSet(byte[] data, ref int at)
    {
        var edges = new int[ReadNumber(data, ref at) * 2];
        int edge = 0;
        for (int i = 0; i < edges.Length; i++)
        {
            edges[i] = edge += ReadNumber(data, ref at);
        }

        return CodePointSet.FromEdges(edges);
    }

    private static SortedDictionary<int, int[]> ReadCaseClasses(byte[] data, ref int at)
    {
        SortedDictionary<int, int[]> cased = [];
        int first = 0;
        for (int count = ReadNumber(data, ref at); count > 0; count--)
        {
            var members = new int[ReadNumber(data, ref at)];
            members[0] = first += ReadNumber(data, ref at);
            for (int i = 1; i < members.Length; i++)
            {
                members[i] = members[i - 1] + ReadNumber(data, ref at);
            }

            foreach (int member in members)
            {
                cased.Add(member, members);
            }
        }

        return cased;
    }

    private static CodePointSet Where((int First, int Value)[] runs, Func<int, bool> wanted)
    {
        List<int> edges = [];
        bool inside = false;
        foreach ((int first, int value) in runs)
        {
            if (wanted(value) != inside)
            {
                inside = !inside;
                edges.Add(first);
            }
        }

        if (inside)
        {
            edges.Add(CodePointSet.Limit);
        }

        return CodePointSet.FromEdges([.. edges]);
    }
}
