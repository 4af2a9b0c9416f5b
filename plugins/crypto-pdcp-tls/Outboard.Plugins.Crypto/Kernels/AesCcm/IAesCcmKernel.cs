using Outboard.Plugins.Crypto.Kernels.AesCbc;
using Outboard.Plugins.Crypto.Keys;
using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Kernels.AesCcm;

/// <summary>The two parts of CCM (SP 800-38C): a chain for the code and a counter for the text.</summary>
internal unsafe interface IAesCcmKernel : ISimdKernel
{
    /// <summary>Does beforehand what would delay the first message. The control path.</summary>
    static virtual void Prepare()
    {
    }

    /// <summary>Chains messages side by side, keeping the states only.</summary>
    static abstract void Chain(ChainJob* jobs, int count, byte* scratch);

    /// <summary>Enciphers bytes with the keystream from a counter block on, which moves on.</summary>
    static abstract void Count(AesKey* key, byte* counter, byte* source, byte* destination, nuint length);
}
