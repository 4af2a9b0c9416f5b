using Outboard.Plugins.Crypto.Engine;
using Outboard.Plugins.Crypto.Kernels.AesCtr;
using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Kernels.AesNr256;

/// <summary>NIA5, the authentication on AES-256: a 32-byte key, a 16-byte IV whose first byte is the code's length in bits, a code of 4 to 16 bytes.</summary>
internal sealed unsafe class AesNia5Unit(CryptoUnit text) : AesNr256Unit("aes-nia5", text)
{
    /// <summary>Makes the unit for the widest kernel allowed.</summary>
    public static CryptoUnit Build(SimdSelector selector, bool emit) => new AesNia5Unit(AesCtrUnit.Build(selector, emit));

    /// <inheritdoc/>
    public override void Run(CryptoJob* jobs, int count, byte* scratch)
    {
        AesNr256.MakeKeys(Text, jobs, count, scratch);
        for (int i = 0; i < count; i++)
        {
            Authenticate(jobs + i, i, jobs[i].Source, isSealed: false, scratch);
        }

        AesNr256.Wipe(scratch);
    }

    /// <inheritdoc/>
    // The vectors that intel-ipsec-mb publishes after TS 33.501, aes_nia5_test.json: cases 5 and 14.
    public override string? SelfTest(UnitSelfTest test) =>
        Check(
            test,
            "1f2f3f4f5f6f7f8f9fafbfcfdfefff0f1f3f5f7f9f2f4f6f8fafffffffffffff",
            "783fffffffffffffffffffff00000000",
            "0102030405060708090a0b0c0d0e0f101112131415aaabacadaeaf",
            "5aeda3e427be6eecb44baa82632b26")
        ?? Check(
            test,
            "ebaa48cbb0300c444190d0331cbe023633da87396fa98acbd0b620b721d08593",
            "782c1c439037a2acf5af3fbc00000000",
            "9e932e8c8decc9078c0ff81e3177aeaaf5d4148f6f077723abd7caf5a9b5759d52447347014609c74df181e0bbba5c6887505b8772bd6d709137b5de"
            + "52e3a6e2dc82265d572c5c688b8c8170193b714e40a34a80bc1a8899d014dcb8",
            "38986f4c611fbe43166d5da1e8b917");

    private string? Check(UnitSelfTest test, string key, string iv, string message, string code) => test.Check(
        this,
        Convert.FromHexString(key),
        Convert.FromHexString(iv),
        [],
        Convert.FromHexString(message),
        message.Length * 4,
        encrypt: true,
        [],
        Convert.FromHexString(code));
}
