using System.Runtime.InteropServices;
using System.Text;

namespace Outboard.Plugins.Regex.Tests.Oracle;

/// <summary>PCRE2 itself, through its 8-bit library. Debian has it in libpcre2-8-0.</summary>
internal sealed partial class Pcre2 : IDisposable
{
    public const uint Anchored = 0x80000000;
    public const uint Caseless = 0x00000008;
    public const uint DollarEndOnly = 0x00000010;
    public const uint DotAll = 0x00000020;
    public const uint DupNames = 0x00000040;
    public const uint Extended = 0x00000080;
    public const uint Multiline = 0x00000400;
    public const uint NeverBackslashC = 0x00100000;
    public const uint NoAutoCapture = 0x00002000;
    public const uint Ungreedy = 0x00040000;
    public const uint NotEmpty = 0x00000004;
    public const uint NotEmptyAtStart = 0x00000008;

    private const string Library = "libpcre2-8.so.0";
    private const int ErrorNoMatch = -1;

    private static readonly bool s_present = NativeLibrary.TryLoad(Library, out _);

    private nint _code;
    private nint _data;
    private nint _context;

    private Pcre2(nint code)
    {
        _code = code;
        _data = CreateMatchData(code, 0);
        _context = CreateMatchContext(0);
        SetMatchLimit(_context, 2_000_000);
        SetDepthLimit(_context, 1_000_000);
    }

    public static void SkipIfAbsent() =>
        Assert.SkipUnless(s_present, $"{Library} is absent (Debian: apt-get install libpcre2-8-0)");

    /// <summary>Compiles, or says why not.</summary>
    public static Pcre2? TryCompile(ReadOnlySpan<byte> pattern, uint options, out string error, out int offset)
    {
        nint code = Compile(pattern.ToArray(), (nuint)pattern.Length, options, out int number, out nuint at, 0);
        offset = (int)at;
        error = string.Empty;
        if (code == 0)
        {
            var text = new byte[256];
            int length = GetErrorMessage(number, text, (nuint)text.Length);
            error = Encoding.ASCII.GetString(text, 0, Math.Max(0, length));
            return null;
        }

        return new Pcre2(code);
    }

    /// <summary>All matches as pcre2demo finds them, or null when a limit was hit.</summary>
    public List<(int Start, int End)>? FindAll(byte[] subject, bool allowEmpty)
    {
        List<(int, int)> found = [];
        int at = 0;
        uint options = allowEmpty ? 0 : NotEmpty;
        while (at <= subject.Length)
        {
            int rc = Match(_code, subject, (nuint)subject.Length, (nuint)at, options, _data, _context);
            if (rc == ErrorNoMatch)
            {
                if ((options & Anchored) == 0)
                {
                    break;
                }

                at++;
                options = 0;
                continue;
            }

            if (rc < 0)
            {
                return null;
            }

            unsafe
            {
                var vector = (nuint*)GetOvector(_data);
                int start = (int)vector[0];
                int end = (int)vector[1];
                found.Add((start, end));
                at = end;
                options = !allowEmpty ? NotEmpty : start == end ? NotEmptyAtStart | Anchored : 0;
            }
        }

        return found;
    }

    public void Dispose()
    {
        FreeMatchData(_data);
        FreeMatchContext(_context);
        FreeCode(_code);
        _data = _context = _code = 0;
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
