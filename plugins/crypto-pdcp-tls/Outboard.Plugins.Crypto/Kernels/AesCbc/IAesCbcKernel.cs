using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Kernels.AesCbc;

/// <summary>AES in cipher block chaining (SP 800-38A 6.2): C[i] = E(P[i] ^ C[i-1]), P[i] = D(C[i]) ^ C[i-1], C[0] the vector.</summary>
/// <remarks>Encryption is a chain and goes across messages; the blocks of a decryption stand alone and go side by side.</remarks>
internal unsafe interface IAesCbcKernel : ISimdKernel
{
    /// <summary>Does beforehand what would delay the first message. The control path.</summary>
    static virtual void Prepare()
    {
    }

    /// <summary>Encrypts messages; the states are their vectors, and become their last blocks.</summary>
    static abstract void Encrypt(ChainJob* jobs, int count, byte* scratch);

    /// <summary>Decrypts messages; the states are their vectors, and are left as anything.</summary>
    static abstract void Decrypt(ChainJob* jobs, int count, byte* scratch);
}
