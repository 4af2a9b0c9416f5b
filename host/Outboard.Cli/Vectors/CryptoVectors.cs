using Outboard.Crypto;

namespace Outboard.Cli.Vectors;

/// <summary>Known answers of ciphers, codes, AEAD, TLS records and PDCP, through <c>crypto_simd</c>.</summary>
/// <remarks>
/// Two forms of file: that of Wycheproof (test groups), which the files of ipsec-mb share, and one flat list of cases with a set's
/// name. What a case needs is compared with the device's capabilities, so a device that learns an algorithm runs its cases.
/// </remarks>
internal sealed class CryptoVectors : IVectorRunner
{
    private static readonly string[] s_sets =
        ["aead", "asym", "blockcipher", "gmac", "kasumi", "mixed-cipher-auth", "pdcp", "snow3g", "tls", "zuc", "nxan", "sm4", "des"];

    /// <inheritdoc/>
    public string Name => "crypto";

    /// <inheritdoc/>
    public bool Recognizes(VectorFile file)
    {
        if (!file.FileName.EndsWith(".json", StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        string head = file.Head;
        if (head.Contains("\"algorithm\"", StringComparison.Ordinal) && head.Contains("\"numberOfTests\"", StringComparison.Ordinal))
        {
            return true;
        }

        return head.Contains("\"numberOfCases\"", StringComparison.Ordinal)
            && SetName(head) is { } set && Array.Exists(s_sets, known => set.StartsWith(known, StringComparison.Ordinal));
    }

    /// <inheritdoc/>
    public void Run(VectorFile file, VectorContext context)
    {
        IReadOnlyList<CryptoCase> cases = CryptoCaseReader.Read(file.Path, file.Shown);
        foreach (int width in context.Widths)
        {
            using CryptoDevice device = context.Host.OpenCrypto($"crypto_simd0,max_simd={width}");
            device.Configure(new CryptoConfiguration());
            device.Start();
            using var bench = new CryptoCaseRunner(device);
            foreach (CryptoCase one in cases)
            {
                CryptoOutcome outcome = bench.Run(one);
                if (outcome.Skipped is { } reason)
                {
                    context.Report.Skip(reason);
                }
                else if (outcome.Failed is { } detail)
                {
                    context.Report.Fail(file.Shown, one.Id, width, detail);
                }
                else
                {
                    context.Report.Pass();
                }
            }
        }
    }

    private static string? SetName(string head)
    {
        int at = head.IndexOf("\"set\"", StringComparison.Ordinal);
        string[] parts = at < 0 ? [] : head[at..].Split('"', 5);
        return parts.Length > 3 ? parts[3] : null;
    }
}
