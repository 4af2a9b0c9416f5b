namespace Outboard.Plugins.Mana.Tests.Support;

/// <summary>Finds the shared conformance data beside the repository; tests that want it skip where it is absent.</summary>
internal static class SharedVectorFiles
{
    /// <summary>Path of a file under the vectors folder; skips the test when there is none.</summary>
    public static string Require(string relative)
    {
        string? root = Environment.GetEnvironmentVariable("OUTBOARD_SHARED_VECTORS");
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); root is null && folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Outboard.slnx")))
            {
                root = Path.Combine(folder.FullName, "..", "shared", "vectors");
            }
        }

        string path = Path.Combine(root ?? ".", relative);
        Assert.SkipUnless(Path.Exists(path), $"The shared vectors are not here: {relative}.");
        return path;
    }
}
