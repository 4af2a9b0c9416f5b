namespace Outboard.Testing;

/// <summary>Finds the published conformance data that lies beside the repository, never in it.</summary>
/// <remarks>
/// <code>
/// Assert.SkipUnless(SharedVectors.TryFind("crypto/aes.rsp", out string path), SharedVectors.Reason("crypto/aes.rsp"));
/// </code>
/// The folder is the one that OUTBOARD_VECTORS names, else ../shared/vectors as seen from the repository's root.
/// </remarks>
public static class SharedVectors
{
    /// <summary>The environment variable that names the folder.</summary>
    public const string Variable = "OUTBOARD_VECTORS";

    /// <summary>The repository's root: the nearest folder above the test program that holds Outboard.slnx; null outside of a checkout.</summary>
    public static string? RepositoryRoot { get; } = FindRoot();

    /// <summary>The folder with the data, or null where there is none.</summary>
    public static string? Folder { get; } = FindFolder();

    /// <summary>Whether the folder is there.</summary>
    public static bool IsPresent => Folder is not null;

    /// <summary>Finds a file or folder of the data.</summary>
    /// <param name="relative">Its path within the folder, with forward slashes.</param>
    /// <param name="path">Where it is.</param>
    /// <returns>Whether it is there.</returns>
    public static bool TryFind(string relative, out string path)
    {
        path = Folder is null ? relative : Path.Combine(Folder, relative.Replace('/', Path.DirectorySeparatorChar));
        return Folder is not null && (File.Exists(path) || Directory.Exists(path));
    }

    /// <summary>The path of a file or folder of the data; for tests that have skipped where it is absent.</summary>
    public static string Require(string relative) =>
        TryFind(relative, out string path) ? path : throw new FileNotFoundException(Reason(relative), path);

    /// <summary>Why a test is skipped.</summary>
    public static string Reason(string relative) => Folder is null
        ? $"no conformance data: neither {Variable} nor ../shared/vectors beside the repository names a folder"
        : $"the conformance data has no {relative}";

    private static string? FindRoot()
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "Outboard.slnx")))
            {
                return at.FullName;
            }
        }

        return null;
    }

    private static string? FindFolder()
    {
        string? named = Environment.GetEnvironmentVariable(Variable);
        if (!string.IsNullOrEmpty(named))
        {
            return Directory.Exists(named) ? named : null;
        }

        // A clone in a folder of its own has the data one level further up.
        for (string? at = RepositoryRoot; at is not null; at = Path.GetDirectoryName(at))
        {
            string beside = Path.Combine(at, "..", "shared", "vectors");
            if (Directory.Exists(beside))
            {
                return Path.GetFullPath(beside);
            }
        }

        return null;
    }
}
