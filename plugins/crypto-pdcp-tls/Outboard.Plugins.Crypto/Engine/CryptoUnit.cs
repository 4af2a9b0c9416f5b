using Outboard.Plugins.Crypto.Keys;
using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Engine;

/// <summary>One algorithm at the width that was chosen for it: it expands keys, and works on messages side by side.</summary>
/// <remarks>
/// A unit has no state of its own: any number of threads may be in it, each with a scratch of its own. One virtual call takes all the
/// messages that a burst has for it, whatever their lengths and keys, and every one is done when it returns.
/// </remarks>
internal abstract unsafe class CryptoUnit(KernelChoice choice)
{
    /// <summary>Bytes of the scratch handed to <see cref="Run"/>.</summary>
    public const int ScratchLength = 32 * 1024;

    /// <summary>Most messages of one call.</summary>
    public const int JobMax = 64;

    /// <summary>What was chosen and why.</summary>
    public KernelChoice Choice { get; } = choice;

    /// <summary>Bytes of an expanded key, at most <see cref="KeyStore.SlotLengthMax"/>; 0 for an algorithm without one.</summary>
    public abstract int KeyLength { get; }

    /// <summary>Expands a key of a length that the capabilities allow into zeroed memory, aligned to 64 bytes.</summary>
    public abstract void ExpandKey(ReadOnlySpan<byte> key, byte* expanded);

    /// <summary>Does messages. The data path: nothing is allocated and nothing throws.</summary>
    /// <param name="jobs">The messages; the unit may change them.</param>
    /// <param name="count">How many, 1 to <see cref="JobMax"/>.</param>
    /// <param name="scratch"><see cref="ScratchLength"/> bytes aligned to 64, of any content. What is secret in them is wiped on return.</param>
    public abstract void Run(CryptoJob* jobs, int count, byte* scratch);

    /// <summary>Runs known answers; says in a few words what failed, or null.</summary>
    /// <param name="test">Runs one message and compares.</param>
    public abstract string? SelfTest(UnitSelfTest test);
}
