using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Outboard.Plugins.Crypto.Engine;
using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Kernels.ChaCha20;

/// <summary>What RFC 8439 2.3 fixes, and how an initialisation vector becomes the last row of the state.</summary>
internal static unsafe class ChaCha20
{
    /// <summary>Bytes of the key.</summary>
    public const int KeyLength = 32;

    /// <summary>Bytes of a keystream block.</summary>
    public const int BlockLength = 64;

    /// <summary>Bytes of the nonce of RFC 8439.</summary>
    public const int NonceLength = 12;

    /// <summary>Bytes of an initialisation vector that has the block counter in front: 32 bits, low byte first, then the nonce.</summary>
    public const int CounterNonceLength = 16;

    /// <summary>The block counter where the initialisation vector has none: RFC 8439 2.4 leaves block 0 to other uses, 2.4.2 starts at 1.</summary>
    public const uint FirstCounter = 1;

    // The first row of the state: "expand 32-byte k".
    public const uint Sigma0 = 0x61707865;
    public const uint Sigma1 = 0x3320646E;
    public const uint Sigma2 = 0x79622D32;
    public const uint Sigma3 = 0x6B206574;

    /// <summary>The last row of the state for the first block of a message.</summary>
    /// <param name="job">Its initialisation vector has 12 or 16 bytes.</param>
    /// <param name="counter">The block counter where it has 12.</param>
    public static CounterNonce FirstBlock(CryptoJob* job, uint counter)
    {
        CounterNonce row;
        bool own = job->IvLength == CounterNonceLength;
        byte* nonce = own ? job->Iv + 4 : job->Iv;
        row.Counter = own ? Unsafe.ReadUnaligned<uint>(job->Iv) : counter;
        row.Nonce0 = Unsafe.ReadUnaligned<uint>(nonce);
        row.Nonce1 = Unsafe.ReadUnaligned<uint>(nonce + 4);
        row.Nonce2 = Unsafe.ReadUnaligned<uint>(nonce + 8);
        return row;
    }
}

/// <summary>Words 12 to 15 of the state. The counter counts modulo 2^32 and carries into nothing.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct CounterNonce
{
    public uint Counter;
    public uint Nonce0;
    public uint Nonce1;
    public uint Nonce2;
}

/// <summary>The ChaCha20 block function on as many blocks side by side as a register has 32-bit lanes; each lane has its own key, nonce and counter.</summary>
/// <remarks>The scalar recurrence is in <see cref="ChaCha20Scalar"/>; a vector kernel has word i of every block in register i.</remarks>
internal unsafe interface IChaCha20Kernel : ISimdKernel
{
    /// <summary>Room for the states, bytes.</summary>
    const int StateLength = 2 * 16 * 128;

    /// <summary>Most lanes of any kernel.</summary>
    const int LaneMax = 32;

    /// <summary>Blocks of one pass, 1 to <see cref="LaneMax"/>.</summary>
    static abstract int Lanes { get; }

    /// <summary>Sets some lanes to a block and those that follow it; may do so to lanes behind them too.</summary>
    /// <param name="state"><see cref="StateLength"/> bytes aligned to 64.</param>
    /// <param name="lane">The first lane.</param>
    /// <param name="count">How many lanes.</param>
    /// <param name="key">Eight words, of any alignment.</param>
    /// <param name="row">Counter and nonce of the first lane.</param>
    static abstract void Fill(byte* state, int lane, int count, byte* key, in CounterNonce row);

    /// <summary>Adds <see cref="Lanes"/> to every counter.</summary>
    static abstract void Next(byte* state);

    /// <summary>Makes a block of keystream for each lane, one behind the other.</summary>
    /// <param name="state">As filled; not changed.</param>
    /// <param name="lanes">How many lanes are wanted; what the others make is of no use.</param>
    /// <param name="keystream"><see cref="Lanes"/> times 64 bytes aligned to 64.</param>
    static abstract void Blocks(byte* state, int lanes, byte* keystream);

    /// <summary>destination = source ^ keystream; source and destination are the same or do not touch.</summary>
    static abstract void Xor(byte* source, byte* destination, byte* keystream, nuint length);
}
