using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Kernels.Poly1305;

/// <summary>Makes the codes of many messages.</summary>
internal unsafe interface IPoly1305Kernel : ISimdKernel
{
    /// <summary>Bytes of scratch, a multiple of 64.</summary>
    static abstract int ScratchLength { get; }

    /// <summary>Makes a code for each message.</summary>
    /// <param name="messages">The messages.</param>
    /// <param name="count">1 to 64.</param>
    /// <param name="scratch">Aligned to 64. What is secret in it is wiped on return; the texts, which are not, may stay.</param>
    static abstract void Run(Poly1305Message* messages, int count, byte* scratch);
}
