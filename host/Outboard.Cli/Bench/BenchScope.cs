using Outboard.Cli.Verbs;
using Outboard.Host;

namespace Outboard.Cli.Bench;

/// <summary>What the cases of a benchmark hold while it runs; released in reverse order.</summary>
internal sealed class BenchScope(VerbContext context) : IDisposable
{
    private readonly Stack<IDisposable> _held = [];

    /// <summary>The verb's context.</summary>
    public VerbContext Context => context;

    /// <summary>The host.</summary>
    public OutboardHost Host => context.Host;

    /// <summary>Keeps something until the benchmark ends.</summary>
    public T Hold<T>(T resource)
        where T : IDisposable
    {
        _held.Push(resource);
        return resource;
    }

    public void Dispose()
    {
        while (_held.TryPop(out IDisposable? resource))
        {
            resource.Dispose();
        }
    }
}
