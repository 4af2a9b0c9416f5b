using Outboard.Cli.Vectors;
using Outboard.Crypto;
using Outboard.Plugins.Crypto.Tests.Simd;
using Outboard.Testing;

namespace Outboard.Plugins.Crypto.Tests.Vectors;

/// <summary>The published vectors beside the repository, through the device at every width.</summary>
public sealed class PublishedVectorTests
{
    // A file in which something must run; in the others everything may be beyond the device.
    private static readonly string[] s_served =
    [
        "aes_gcm_test.json", "aes_cmac_test.json", "gcm_test.json", "ctr_test.json", "cmac_128_test.json", "cmac_256_test.json",
        "aead.json", "gmac.json", "pdcp.json", "pdcp-sdap.json", "pdcp-short-mac.json", "tls-record.json", "tls-records.json",
        "tls_cbc_aes_128_cbc_sha1.json", "tls_cbc_aes_128_cbc_sha256.json",
        "mixed-cipher-auth.json", "blockcipher.json",
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

            Assert.True(here != 0 || !s_served.Contains(Path.GetFileName(path)), $"{Path.GetFileName(path)}: nothing ran");
            passed += here;
        }

        Assert.True(passed > 400, $"{passed} cases ran");
    }
}
