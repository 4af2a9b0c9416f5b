using Outboard.Security;

namespace Outboard.Plugins.Crypto.Simd;

/// <summary>The counters of one security session; one writer, the queue pair that the session is used on.</summary>
internal struct SecurityCounters
{
    public ulong Packets;
    public ulong Bytes;
    public ulong AuthenticationFailures;
    public ulong Replays;
    public ulong Lifetime;
    public ulong Malformed;

    /// <summary>For a control call on another thread: each number is whole, together they may be of different moments.</summary>
    public readonly SecurityStatistics Read() => new(
        Volatile.Read(in Packets),
        Volatile.Read(in Bytes),
        Volatile.Read(in AuthenticationFailures),
        Volatile.Read(in Replays),
        Volatile.Read(in Lifetime),
        Volatile.Read(in Malformed));
}
