namespace Outboard.Plugins.Regex.Tests.Engine;

/// <summary>Asks whether work allocates on the managed heap.</summary>
internal static class AllocationFree
{
    /// <summary>
    /// Whether some run of several allocated nothing. What a thread's counter says can jump when another test's garbage is collected
    /// during a run, so one clean run is the proof and a run that is not clean proves nothing.
    /// </summary>
    public static bool Once(Action work)
    {
        for (int attempt = 0; attempt < 20; attempt++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            work();
            if (GC.GetAllocatedBytesForCurrentThread() == before)
            {
                return true;
            }
        }

        return false;
    }
}
