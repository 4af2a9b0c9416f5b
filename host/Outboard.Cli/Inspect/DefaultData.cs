namespace Outboard.Cli.Inspect;

/// <summary>Where rules and model come from when none are named.</summary>
/// <remarks>The build lays copies of <c>samples/data</c>'s two files into <c>data/</c> beside the program, so any working directory will do.</remarks>
internal static class DefaultData
{
    /// <summary>The sample rules.</summary>
    public static string Rules => Find("rules.txt", "--rules");

    /// <summary>The sample classifier.</summary>
    public static string Model => Find("classifier.onnx", "--model");

    private static string Find(string name, string option)
    {
        string path = Path.Combine(AppContext.BaseDirectory, "data", name);
        return File.Exists(path) ? path : throw new UserException($"{path} is missing beside the program; name another with {option}");
    }
}
