namespace Outboard.Host;

/// <summary>The worker threads of a program, one for each CPU of a list.</summary>
/// <remarks><i>Thread</i>: one at a time.</remarks>
public sealed class LcoreGroup : IDisposable
{
    private readonly Lcore[] _lcores;

    /// <summary>Makes the lcores; no thread starts yet.</summary>
    /// <param name="cpus">Their CPUs; at least one.</param>
    public LcoreGroup(LcoreList cpus)
    {
        ArgumentNullException.ThrowIfNull(cpus);
        ArgumentOutOfRangeException.ThrowIfZero(cpus.Count);
        _lcores = [.. cpus.Select(cpu => new Lcore(cpu))];
    }

    /// <summary>How many there are.</summary>
    public int Count => _lcores.Length;

    /// <summary>One of them, in the order of the list.</summary>
    /// <param name="index">From 0.</param>
    public Lcore this[int index] => _lcores[index];

    /// <summary>Asks every worker to come to an end.</summary>
    public void RequestStop()
    {
        foreach (Lcore lcore in _lcores)
        {
            lcore.RequestStop();
        }
    }

    /// <summary>Waits for every worker's end; the first failure is thrown once all have ended.</summary>
    public void Join()
    {
        Exception? first = null;
        foreach (Lcore lcore in _lcores)
        {
            try
            {
                lcore.Join();
            }
            catch (Exception e)
            {
                first ??= e;
            }
        }

        if (first is not null)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(first);
        }
    }

    /// <summary>Stops and joins every worker; their failures are not thrown here.</summary>
    public void Dispose()
    {
        RequestStop();
        foreach (Lcore lcore in _lcores)
        {
            try
            {
                lcore.Join();
            }
            catch (Exception)
            {
                // Whoever wants to know calls Join; disposing comes last, often because of this very failure.
            }
        }
    }
}
