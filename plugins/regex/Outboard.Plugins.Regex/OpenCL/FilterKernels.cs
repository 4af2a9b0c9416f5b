using System.Globalization;
using System.Text;
using Outboard.OpenCL;
using Outboard.Plugins.Regex.Automata.Wake;

namespace Outboard.Plugins.Regex.OpenCL;

/// <summary>The program with the two filter passes, and the sizes that the host and the device agree on.</summary>
internal static class FilterKernels
{
    public const string FindLiterals = "find_literals";

    public const string WakeRules = "wake_rules";

    /// <summary>Positions that one work item looks at for literals.</summary>
    public const int SliceLength = 256;

    /// <summary>Words of a row of woken lists: the count, then the lists.</summary>
    public const int RowLength = 8;

    /// <summary>Lists that a row has room for; a greater count means that there were more.</summary>
    public const int RowRoom = RowLength - 1;

    /// <summary>Bytes behind the last payload that a kernel may read.</summary>
    public const int Gap = 16;

    private const string Resource = "Outboard.Plugins.Regex.OpenCL.Filters.cl";

    /// <exception cref="OpenCLException">The device's compiler refuses it.</exception>
    public static OpenCLProgram Build(OpenCLContext context, OpenCLProgramCache cache)
    {
        using Stream text = typeof(FilterKernels).Assembly.GetManifestResourceStream(Resource)!;
        using var reader = new StreamReader(text, Encoding.ASCII);
        string options = string.Create(
            CultureInfo.InvariantCulture, $"-D SLICE={SliceLength} -D ROW={RowLength} -D UNIT={WakeAutomaton.Unit}");
        return context.BuildProgram(reader.ReadToEnd(), options, cache);
    }
}
