using Outboard.Testing;

namespace Outboard.Plugins.Mana.Tests.Support;

/// <summary>The shared conformance data; tests that want it skip where it is absent.</summary>
internal static class SharedVectorFiles
{
    /// <summary>Path of a file or folder of the data; skips the test when there is none.</summary>
    public static string Require(string relative)
    {
        Assert.SkipUnless(SharedVectors.TryFind(relative, out string path), SharedVectors.Reason(relative));
        return path;
    }
}
