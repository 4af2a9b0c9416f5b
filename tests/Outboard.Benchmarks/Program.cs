using System.Reflection;
using BenchmarkDotNet.Running;
using Outboard.Benchmarks.Memory;

if (args is ["quick-memory", ..])
{
    MemoryQuickRun.Run(args[1..]);
    return;
}

BenchmarkSwitcher.FromAssembly(Assembly.GetExecutingAssembly()).Run(args);
