using Outboard.Plugins.Crypto.Engine;
using Outboard.Plugins.Crypto.Kernels.AesCtr;
using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Kernels.AesNr256;

/// <summary>NCA5, authenticated encryption on AES-256: NEA5, and the code of associated data and ciphertext. The first byte of the IV is the code's bits with bit 2 set.</summary>
internal sealed unsafe class AesNca5Unit(CryptoUnit text) : AesNr256Unit("aes-nca5", text)
{
    /// <summary>Makes the unit for the widest kernel allowed.</summary>
    public static CryptoUnit Build(SimdSelector selector, bool emit) => new AesNca5Unit(AesCtrUnit.Build(selector, emit));

    /// <inheritdoc/>
    public override void Run(CryptoJob* jobs, int count, byte* scratch)
    {
        AesNr256.MakeKeys(Text, jobs, count, scratch);
        AuthenticateAll(jobs, count, encrypted: false, scratch);
        AesNr256.Cipher(Text, jobs, count, scratch);
        AuthenticateAll(jobs, count, encrypted: true, scratch);
        AesNr256.Wipe(scratch);
    }

    /// <inheritdoc/>
    // The vectors that intel-ipsec-mb publishes after TS 33.501, aes_nca5_test.json: cases 8 and 12.
    public override string? SelfTest(UnitSelfTest test) =>
        Check(
            test,
            "1f2f3f4f5f6f7f8f9fafbfcfdfefff0f1f3f5f7f9f2f4f6f8fafffffffffffff",
            "7c3fffffffffffffffffffff00000000",
            "0102030405060708090a0b0c0d0e0f101112131415161718192021",
            "0102030405060708090a0b0c0d0e0f101112131415aaabacadaeaf",
            "35fa39bde2a5e529443eb241f41fe04f685c06d1d4287b1919a437",
            "8dd10c6ef6d760af98f89e569ffaf9")
        ?? Check(
            test,
            "5fcccdb23a2cc9d2999459d7b99ae7eb291fea73fcd8559efa0feca71c7afb61",
            "4c1463ef5411bc98d3f80ffa00000000",
            "86a2e8a1136fa4c9efa8eb25f8cd728348ff96b184f4a6ab1cb06ebd7ad69d6d",
            "5bc20d79478a15738d4b7a71886bf44c3216b49839503a09cde3ce2348a6136efaea77f163a16d410684a40edad9fd6f3ca82ff79b501168ab72a962"
            + "d39b7c9d00bc8279a3abce5051299a6489830ffb7ab2e780b087ef17edc8f92b7a",
            "d4ef3cbf0ec03ed56bf3ce3d655bf68c8301a775c44219758318e6348d60818652f1ff4e1bef3056b868e87e45067a7f996c8384cbf65830ffb726ed"
            + "69980f94e3430cd6aeab129d2c92774759f5488fe4ffc3b0e929057733c222d81f",
            "9edce9d442fb6fe830");

    private void AuthenticateAll(CryptoJob* jobs, int count, bool encrypted, byte* scratch)
    {
        for (int i = 0; i < count; i++)
        {
            if (jobs[i].Encrypt == encrypted)
            {
                Authenticate(jobs + i, i, encrypted ? jobs[i].Destination : jobs[i].Source, isSealed: true, scratch);
            }
        }
    }

    private string? Check(UnitSelfTest test, string key, string iv, string aad, string message, string output, string code)
    {
        byte[] keyBytes = Convert.FromHexString(key), ivBytes = Convert.FromHexString(iv), aadBytes = Convert.FromHexString(aad);
        byte[] clear = Convert.FromHexString(message), sealedBytes = Convert.FromHexString(output), codeBytes = Convert.FromHexString(code);
        int bits = clear.Length * 8;
        return test.Check(this, keyBytes, ivBytes, aadBytes, clear, bits, encrypt: true, sealedBytes, codeBytes)
            ?? test.Check(this, keyBytes, ivBytes, aadBytes, sealedBytes, bits, encrypt: false, clear, codeBytes);
    }
}
