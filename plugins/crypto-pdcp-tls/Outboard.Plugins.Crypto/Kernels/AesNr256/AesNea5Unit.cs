using Outboard.Plugins.Crypto.Engine;
using Outboard.Plugins.Crypto.Kernels.AesCtr;
using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Kernels.AesNr256;

/// <summary>NEA5: AES-256 in counter mode; of the sixteen bytes of IV the last four count as zero. A message is whole bytes.</summary>
internal sealed unsafe class AesNea5Unit(CryptoUnit text) : AesNr256Unit("aes-nea5", text)
{
    /// <summary>Makes the unit for the widest kernel allowed.</summary>
    public static CryptoUnit Build(SimdSelector selector, bool emit) => new AesNea5Unit(AesCtrUnit.Build(selector, emit));

    /// <inheritdoc/>
    public override void Run(CryptoJob* jobs, int count, byte* scratch) => AesNr256.Cipher(Text, jobs, count, scratch);

    /// <inheritdoc/>
    // The vectors that intel-ipsec-mb publishes after TS 33.501, aes_nea5_test.json: cases 8 and 9.
    public override string? SelfTest(UnitSelfTest test) =>
        Check(
            test,
            "1f2f3f4f5f6f7f8f9fafbfcfdfefff0f1f3f5f7f9f2f4f6f8fafffffffffffff",
            "003fffffffffffffffffffff00000000",
            "0102030405060708090a0b0c0d0e0f101112131415aaabacadaeaf",
            "d2c5cc16045d813c871bb578bdc13f6bcd6de6812bcb4aeb98376f")
        ?? Check(
            test,
            "64e7f9a3ef617d7e6cff9f64191c1fa35c953230a62282999ee6773a7c44b5b4",
            "00282923be84e16c37ab2e7f00000000",
            "f69e7d49dcad4f14f2444066d06bc430b7323ba122f622919de18b1fdab0ca9902b9729d492c807ebf3811ac9421580c19e6537fd1cac60bbc9bd49a"
            + "2c3a6f9fd45813fc227eb424cf50f57cb4129a08df6b4043e6694b4e7bc6214d416a960fde30a6ed52ed6af487af454628425fbdb7f954d2da",
            "f29d7a59ef2d20d205f22611b3e211348acf3684828523de0e4ced02464c8a0ec80cfa622110f7cdfecd129f4b21e62a212a921addbbdf9c900ffed4"
            + "3ae7d435918436dbad5f5a1e2c365fb54aecef3a4e0774604c85514b158992ab01e1a4d12d203572610c9c3593a16e1f43d98e004735655aaf");

    private string? Check(UnitSelfTest test, string key, string iv, string message, string output) => test.Check(
        this,
        Convert.FromHexString(key),
        Convert.FromHexString(iv),
        [],
        Convert.FromHexString(message),
        message.Length * 4,
        encrypt: true,
        Convert.FromHexString(output),
        []);
}
