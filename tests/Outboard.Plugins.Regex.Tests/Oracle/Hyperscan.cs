using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Outboard.Plugins.Regex.Tests.Oracle;

/// <summary>Hyperscan itself, in block mode. Debian has it in libhyperscan5.</summary>
internal sealed unsafe partial class Hyperscan : IDisposable
{
    public const uint Caseless = 1;
    public const uint DotAll = 2;
    public const uint Multiline = 4;
    public const uint AllowEmpty = 16;
    public const uint Utf8 = 32;
    public const uint StartOfMatch = 256;

    private const string Library = "libhs.so.5";
    private const uint ModeBlock = 1;

    private static readonly bool s_present = NativeLibrary.TryLoad(Library, out _);

    private nint _database;
    private nint _scratch;

    private Hyperscan(nint database)
    {
        _database = database;
        Assert.Equal(0, AllocateScratch(database, ref _scratch));
    }

    public static void SkipIfAbsent() =>
        Assert.SkipUnless(s_present, $"{Library} is absent (Debian: apt-get install libhyperscan5)");

    /// <summary>Compiles patterns together, or says why not. A pattern with a zero byte must write it as an escape.</summary>
    public static Hyperscan? TryCompile(IReadOnlyList<(uint Id, byte[] Pattern, uint Flags)> patterns, out string error) =>
        TryCompile(patterns, out error, out _);

    /// <summary>Compiles those patterns together that the library takes, and drops the others from the list.</summary>
    public static Hyperscan CompileTaken(List<(uint Id, byte[] Pattern, uint Flags)> patterns)
    {
        while (true)
        {
            if (TryCompile(patterns, out string error, out int refused) is { } database)
            {
                return database;
            }

            Assert.True(refused >= 0, error);
            patterns.RemoveAt(refused);
        }
    }

    private static Hyperscan? TryCompile(
        IReadOnlyList<(uint Id, byte[] Pattern, uint Flags)> patterns, out string error, out int refused)
    {
        var texts = new nint[patterns.Count];
        try
        {
            for (int i = 0; i < texts.Length; i++)
            {
                byte[] pattern = patterns[i].Pattern;
                texts[i] = Marshal.AllocHGlobal(pattern.Length + 1);
                Marshal.Copy(pattern, 0, texts[i], pattern.Length);
                Marshal.WriteByte(texts[i], pattern.Length, 0);
            }

            int rc = CompileMulti(
                texts, [.. patterns.Select(static p => p.Flags)], [.. patterns.Select(static p => p.Id)], (uint)texts.Length,
                ModeBlock, 0, out nint database, out nint problem);

            // The error is a pointer to the text and the index of the pattern.
            refused = rc == 0 ? -1 : *(int*)(problem + sizeof(nint));
            error = rc == 0 ? string.Empty : Marshal.PtrToStringUTF8(*(nint*)problem) ?? string.Empty;
            if (rc != 0)
            {
                FreeCompileError(problem);
                return null;
            }

            return new Hyperscan(database);
        }
        finally
        {
            foreach (nint text in texts)
            {
                Marshal.FreeHGlobal(text);
            }
        }
    }

    /// <summary>Every distinct match as rule, start (0 unless asked for) and end.</summary>
    public SortedSet<(int Rule, int Start, int End)> Scan(ReadOnlySpan<byte> data)
    {
        SortedSet<(int, int, int)> found = [];
        var handle = GCHandle.Alloc(found);
        try
        {
            // The library wants an address even of nothing.
            ReadOnlySpan<byte> some = data.IsEmpty ? "\0"u8 : data;
            fixed (byte* bytes = some)
            {
                // SAFETY: the bytes are pinned, and the set outlives the scan.
                Assert.Equal(0, Scan(_database, bytes, (uint)data.Length, 0, _scratch, &Note, GCHandle.ToIntPtr(handle)));
            }
        }
        finally
        {
            handle.Free();
        }

        return found;
    }

    public void Dispose()
    {
        FreeScratch(_scratch);
        FreeDatabase(_database);
        _database = _scratch = 0;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Note(uint id, ulong from, ulong to, uint flags, nint context)
    {
        ((SortedSet<(int, int, int)>)GCHandle.FromIntPtr(context).Target!).Add(((int)id, (int)from, (int)to));
        return 0;
    }

    [LibraryImport(Library, EntryPoint = "hs_compile_multi")]
    private static partial int CompileMulti(
        nint[] expressions, uint[] flags, uint[] ids, uint count, uint mode, nint platform, out nint database, out nint error);

    [LibraryImport(Library, EntryPoint = "hs_free_compile_error")]
    private static partial int FreeCompileError(nint error);

    [LibraryImport(Library, EntryPoint = "hs_alloc_scratch")]
    private static partial int AllocateScratch(nint database, ref nint scratch);

    [LibraryImport(Library, EntryPoint = "hs_scan")]
    private static partial int Scan(
        nint database,
        byte* data,
        uint length,
        uint flags,
        nint scratch,
        delegate* unmanaged[Cdecl]<uint, ulong, ulong, uint, nint, int> onEvent,
        nint context);

    [LibraryImport(Library, EntryPoint = "hs_free_scratch")]
    private static partial int FreeScratch(nint scratch);

    [LibraryImport(Library, EntryPoint = "hs_free_database")]
    private static partial int FreeDatabase(nint database);
}
