using Outboard.Crypto;
using Outboard.Mbufs;
using Outboard.Plugins.Crypto.Kernels.AesCmac;
using Outboard.Plugins.Crypto.Keys;

namespace Outboard.Plugins.Crypto.Simd;

/// <summary>A CMAC that waits for the others of its batch, so that eight chains share the cipher's pipeline.</summary>
internal unsafe struct DeferredCode
{
    public AesKey* Key;
    public CmacState State;

    /// <summary>The message in one piece, or null when it has been absorbed already.</summary>
    public byte* Data;

    public nuint Length;

    /// <summary>The op, its place in the batch, and what the second half of its work needs.</summary>
    public CryptoOp Op;

    public Mbuf Packet;

    public int Index;

    public uint Count;
}
