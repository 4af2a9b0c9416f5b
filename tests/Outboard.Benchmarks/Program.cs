using System.Reflection;
using BenchmarkDotNet.Running;
using Outboard.Benchmarks.Memory;
using Outboard.Benchmarks.Regex;

if (args is ["quick-memory", ..])
{
    MemoryQuickRun.Run(args[1..]);
    return;
}

if (args is ["quick-regex", _, _, ..])
{
    RegexQuickRun.Run(args[1..]);
    return;
}

if (args is ["quick-dotnet-regex", _, _, ..])
{
    DotNetRegexQuickRun.Run(args[1..]);
    return;
}

BenchmarkSwitcher.FromAssembly(Assembly.GetExecutingAssembly()).Run(args);
