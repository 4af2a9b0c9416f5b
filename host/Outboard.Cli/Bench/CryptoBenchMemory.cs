using System.Runtime.InteropServices;

namespace Outboard.Cli.Bench;

/// <summary>Native memory for as long as a benchmark runs.</summary>
internal sealed class CryptoBenchMemory(int length) : IDisposable
{
    /// <summary>Where it is.</summary>
    public nint Address { get; } = Marshal.AllocHGlobal(length);

    public void Dispose() => Marshal.FreeHGlobal(Address);
}
