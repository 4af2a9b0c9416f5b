using Outboard.Cli.Vectors;
using Outboard.Crypto;
using Outboard.Plugins.Crypto.Tests.Simd;
using Outboard.Testing;

namespace Outboard.Plugins.Crypto.Tests.Vectors;

/// <summary>The published vectors beside the repository, through the device at every width.</summary>
public sealed class PublishedVectorTests
{
    // Files of algorithms that the device does not have; in each of the others something must run.
    private static readonly string[] s_refused =
        ["kasumi.json", "kasumi_f8_test.json", "kasumi_f9_test.json", "ghash_test.json", "poly1305_test.json"];

    // Files that are libcrypto's to answer.
    private static readonly string[] s_asymmetric =
    [
        "asym.json", "ecdh_secp256r1_ecpoint_test.json", "ecdsa_secp256r1_sha256_p1363_test.json", "ecdsa_secp256r1_sha256_test.json",
        "ed25519_test.json", "rsa_pkcs1_2048_sig_gen_test.json", "rsa_pss_2048_sha256_mgf1_32_test.json",
        "rsa_signature_2048_sha256_test.json", "x25519_test.json",
    ];

    public static TheoryData<int> Widths => SimdDevices.Widths;

    [Theory]
    [MemberData(nameof(Widths))]
    public void EveryCaseThatTheDeviceOffersComesOutRight(int width)
    {
        Assert.SkipUnless(SharedVectors.TryFind("crypto", out string folder), SharedVectors.Reason("crypto"));
        using CryptoDevice device = SimdDevices.Start(width);
        using var runner = new CryptoCaseRunner(device);
        int passed = 0;
        foreach (string path in Directory.EnumerateFiles(folder, "*.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            int here = 0;
            foreach (CryptoCase one in CryptoCaseReader.Read(path, Path.GetFileName(path)))
            {
                CryptoOutcome outcome = runner.Run(one);
                Assert.True(outcome.Failed is null, $"{Path.GetFileName(path)} {one.Id}: {outcome.Failed}");
                here += outcome.Skipped is null ? 1 : 0;
            }

            string name = Path.GetFileName(path);
            bool isServed = !s_refused.Contains(name)
                && (device.Info.AsymmetricCapabilities.Count != 0 || !s_asymmetric.Contains(name));
            Assert.True(here != 0 || !isServed, $"{name}: nothing ran");
            passed += here;
        }

        Assert.True(passed > 1500, $"{passed} cases ran");
    }
}
