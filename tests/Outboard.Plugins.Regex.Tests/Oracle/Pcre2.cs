using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Unicode;

namespace Outboard.Plugins.Regex.Tests.Oracle;

/// <summary>PCRE2 itself, through its 8-bit library. Debian has it in libpcre2-8-0.</summary>
internal sealed unsafe partial class Pcre2 : IDisposable
{
    public const uint Anchored = 0x80000000;
    public const uint Caseless = 0x00000008;
    public const uint DollarEndOnly = 0x00000010;
    public const uint DotAll = 0x00000020;
    public const uint DupNames = 0x00000040;
    public const uint Extended = 0x00000080;
    public const uint MatchUnsetBackReference = 0x00000200;
    public const uint Multiline = 0x00000400;
    public const uint NeverBackslashC = 0x00100000;
    public const uint NoAutoCapture = 0x00002000;
    public const uint NoAutoPossess = 0x00004000;
    public const uint NoStartOptimize = 0x00010000;
    public const uint NoDotStarAnchor = 0x00008000;
    public const uint UnicodeProperties = 0x00020000;
    public const uint Ungreedy = 0x00040000;
    public const uint Utf = 0x00080000;
    public const uint MatchInvalidUtf = 0x04000000;
    public const uint NotEmpty = 0x00000004;
    public const uint NotEmptyAtStart = 0x00000008;

    /// <summary>
    /// Nothing but the pattern: without the library's guesses before a match, possessive repeats and anchors of its own making. In 10.42 some
    /// of these are wrong: it takes the byte that a lookahead asks for and the last byte of the pattern for two.
    /// </summary>
    public const uint Plain = NoStartOptimize | NoAutoPossess | NoDotStarAnchor;

    /// <summary>The error of a lookbehind whose length is not fixed: from 10.43 on PCRE2 takes some of these, so taking one is no defect.</summary>
    public const int ErrorLookbehindLength = 125;

    private const string Library = "libpcre2-8.so.0";
    private const int ErrorNoMatch = -1;
    private const int ErrorCallout = -37;

    /// <summary>
    /// Whether the subject is UTF-8 is checked here. Where the library checks, 10.42 lets a condition inside a lookbehind see no further back
    /// than its check went.
    /// </summary>
    private const uint NoUtfCheck = 0x40000000;

    /// <summary>Where the callout block of the library's interface, version 2, keeps what is read here.</summary>
    private const int BlockStartMatch = 48;
    private const int BlockCurrentPosition = 56;

    private static readonly bool s_present = NativeLibrary.TryLoad(Library, out _);

    private readonly bool _utf;
    private readonly bool _pinned;
    private nint _code;
    private nint _data;
    private nint _context;

    private Pcre2(nint code, uint options)
    {
        _code = code;
        _utf = (options & Utf) != 0;
        _pinned = (options & Anchored) != 0;
        _data = CreateMatchData(code, 0);
        _context = CreateMatchContext(0);
        SetMatchLimit(_context, 1_000_000);
        SetDepthLimit(_context, 200_000);
        SetHeapLimit(_context, 64 << 10);
    }

    public static void SkipIfAbsent() =>
        Assert.SkipUnless(s_present, $"{Library} is absent (Debian: apt-get install libpcre2-8-0)");

    /// <summary>Compiles, or says why not.</summary>
    public static Pcre2? TryCompile(ReadOnlySpan<byte> pattern, uint options, out string error, out int offset) =>
        TryCompile(pattern, options, out error, out offset, out _);

    /// <summary>Compiles, or says why not with the library's number of the error.</summary>
    public static Pcre2? TryCompile(ReadOnlySpan<byte> pattern, uint options, out string error, out int offset, out int number)
    {
        nint code = Compile(pattern.ToArray(), (nuint)pattern.Length, options, out number, out nuint at, 0);
        offset = (int)at;
        error = string.Empty;
        if (code == 0)
        {
            var text = new byte[256];
            int length = GetErrorMessage(number, text, (nuint)text.Length);
            error = Encoding.ASCII.GetString(text, 0, Math.Max(0, length));
            return null;
        }

        return new Pcre2(code, options);
    }

    /// <summary>Compiles for <see cref="Every"/>: what follows the pattern refuses each of its matches after it was noted.</summary>
    public static Pcre2? TryCompileForEvery(ReadOnlySpan<byte> pattern, uint options)
    {
        Pcre2? made = TryCompile(
            [.. "(?:"u8, .. pattern, .. ")(?C1)"u8], options | Plain, out _, out _);
        if (made is not null)
        {
            // All ways through a pattern are soon more than can be tried.
            SetMatchLimit(made._context, 50_000);
        }

        return made;
    }

    /// <summary>
    /// All matches as pcre2demo finds them, or null when a limit was hit or the subject is not the UTF-8 it should be. With
    /// <see cref="Anchored"/> a match must be found from the start of the subject, as the class has it; the library means the place where
    /// the search goes on.
    /// </summary>
    public List<(int Start, int End)>? FindAll(byte[] subject, bool allowEmpty)
    {
        if (_utf && !Utf8.IsValid(subject))
        {
            return null;
        }

        List<(int, int)> found = [];
        int at = 0;
        uint options = allowEmpty ? 0 : NotEmpty;
        while (at <= subject.Length && !(_pinned && at > 0))
        {
            int rc = Match(_code, subject, (nuint)subject.Length, (nuint)at, options | NoUtfCheck, _data, _context);
            if (rc == ErrorNoMatch)
            {
                if ((options & Anchored) == 0)
                {
                    break;
                }

                at = Next(subject, at);
                options = 0;
                continue;
            }

            if (rc < 0)
            {
                return null;
            }

            var vector = (nuint*)GetOvector(_data);
            int start = (int)vector[0];
            int end = (int)vector[1];
            found.Add((start, end));
            at = end;
            options = !allowEmpty ? NotEmpty : start == end ? NotEmptyAtStart | Anchored : 0;
        }

        return found;
    }

    /// <summary>
    /// Every start with every end, by refusing each match so that the library goes on to the next; null when a limit was hit.
    /// </summary>
    public SortedSet<(int Start, int End)>? Every(byte[] subject)
    {
        if (_utf && !Utf8.IsValid(subject))
        {
            return null;
        }

        SortedSet<(int, int)> found = [];
        var handle = GCHandle.Alloc(found);
        try
        {
            // SAFETY: the callback keeps to the block that the library passes; the set outlives the matching.
            SetCallout(_context, &Note, GCHandle.ToIntPtr(handle));
            int last = _pinned ? 0 : subject.Length;
            for (int start = 0; start <= last; start = Next(subject, start))
            {
                int rc = Match(_code, subject, (nuint)subject.Length, (nuint)start, Anchored | NoUtfCheck, _data, _context);
                if (rc != ErrorNoMatch)
                {
                    return null;
                }
            }

            return found;
        }
        finally
        {
            handle.Free();
        }
    }

    public void Dispose()
    {
        FreeMatchData(_data);
        FreeMatchContext(_context);
        FreeCode(_code);
        _data = _context = _code = 0;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Note(nint block, nint data)
    {
        var found = (SortedSet<(int, int)>)GCHandle.FromIntPtr(data).Target!;
        found.Add(((int)*(nuint*)(block + BlockStartMatch), (int)*(nuint*)(block + BlockCurrentPosition)));
        return found.Count > 10_000 ? ErrorCallout : 1;
    }

    /// <summary>The next place where a match can begin: in UTF-8 the next character.</summary>
    private int Next(byte[] subject, int at)
    {
        do
        {
            at++;
        }
        while (_utf && at < subject.Length && (subject[at] & 0xC0) == 0x80);
        return at;
    }

    [LibraryImport(Library, EntryPoint = "pcre2_compile_8")]
    private static partial nint Compile(
        byte[] pattern, nuint length, uint options, out int error, out nuint offset, nint context);

    [LibraryImport(Library, EntryPoint = "pcre2_match_data_create_from_pattern_8")]
    private static partial nint CreateMatchData(nint code, nint context);

    [LibraryImport(Library, EntryPoint = "pcre2_match_context_create_8")]
    private static partial nint CreateMatchContext(nint context);

    [LibraryImport(Library, EntryPoint = "pcre2_set_match_limit_8")]
    private static partial int SetMatchLimit(nint context, uint limit);

    [LibraryImport(Library, EntryPoint = "pcre2_set_depth_limit_8")]
    private static partial int SetDepthLimit(nint context, uint limit);

    [LibraryImport(Library, EntryPoint = "pcre2_set_heap_limit_8")]
    private static partial int SetHeapLimit(nint context, uint kibibytes);

    [LibraryImport(Library, EntryPoint = "pcre2_set_callout_8")]
    private static partial int SetCallout(nint context, delegate* unmanaged[Cdecl]<nint, nint, int> callout, nint data);

    [LibraryImport(Library, EntryPoint = "pcre2_match_8")]
    private static partial int Match(
        nint code, byte[] subject, nuint length, nuint start, uint options, nint data, nint context);

    [LibraryImport(Library, EntryPoint = "pcre2_get_ovector_pointer_8")]
    private static partial nint GetOvector(nint data);

    [LibraryImport(Library, EntryPoint = "pcre2_get_error_message_8")]
    private static partial int GetErrorMessage(int error, byte[] text, nuint length);

    [LibraryImport(Library, EntryPoint = "pcre2_match_data_free_8")]
    private static partial void FreeMatchData(nint data);

    [LibraryImport(Library, EntryPoint = "pcre2_match_context_free_8")]
    private static partial void FreeMatchContext(nint context);

    [LibraryImport(Library, EntryPoint = "pcre2_code_free_8")]
    private static partial void FreeCode(nint code);
}
