using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Outboard.Mbufs;

namespace Outboard.Plugins.Crypto.Engine;

/// <summary>What one op keeps between the steps of its session: the bytes that its jobs point at, and where the result is to go.</summary>
/// <remarks>Native memory of the <see cref="Burst"/>. Zeroed before an op begins, but for <see cref="Iv"/>, <see cref="Prefix"/> and <see cref="Code"/>.</remarks>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct OpState
{
    /// <summary>Room for the initialisation vector that a session builds.</summary>
    public const int IvRoom = 32;

    /// <summary>Room for a prefix or header that a session builds; as long as any record header or pseudo header.</summary>
    public const int PrefixRoom = 32;

    /// <summary>The step that was queued last; a session counts as it likes.</summary>
    public int Step;

    /// <summary>Which session of the burst does an op that has none of its own.</summary>
    public int Passing;

    /// <summary>The packet that the work goes on in.</summary>
    public Mbuf Packet;

    /// <summary>COUNT or sequence number of this packet.</summary>
    public ulong Number;

    /// <summary>Lengths that a session wants back at the next step.</summary>
    public int Length;

    /// <inheritdoc cref="Length"/>
    public int Extra;

    /// <summary>Gathered bytes that go back to <see cref="Target"/> when the job is done; null where the job worked in the packet.</summary>
    public byte* Gathered;

    public Mbuf Target;

    /// <summary>First byte in the target, and how many.</summary>
    public int TargetOffset;

    public int TargetLength;

    /// <summary>Whether the gathered message is a string of bits; then the bits of the first byte in front of it, and its bits.</summary>
    public bool IsBits;

    public int BitShift;

    public nuint BitLength;

    private fixed byte _iv[IvRoom];
    private fixed byte _prefix[PrefixRoom];
    private fixed byte _code[CryptoJob.CodeRoom];

    /// <summary>Bytes in front of the three rooms: what is zeroed for each op.</summary>
    public const int ClearedLength = 72;

    /// <summary>The room of the initialisation vector.</summary>
    public byte* Iv => (byte*)Unsafe.AsPointer(ref _iv[0]);

    /// <summary>The room of the prefix.</summary>
    public byte* Prefix => (byte*)Unsafe.AsPointer(ref _prefix[0]);

    /// <summary>The room of the code.</summary>
    public byte* Code => (byte*)Unsafe.AsPointer(ref _code[0]);
}
