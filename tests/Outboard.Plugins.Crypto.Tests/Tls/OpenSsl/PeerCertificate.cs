using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Outboard.Plugins.Crypto.Tests.Tls.OpenSsl;

/// <summary>A certificate with an RSA key in a folder of its own, for every connection of a test class.</summary>
public sealed class PeerCertificate : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("outboard-tls-").FullName;
    private int _logs;

    public PeerCertificate()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=outboard", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using X509Certificate2 certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        File.WriteAllText(CertificatePath, certificate.ExportCertificatePem());
        File.WriteAllText(KeyPath, key.ExportPkcs8PrivateKeyPem());
    }

    /// <summary>The certificate.</summary>
    public string CertificatePath => Path.Combine(_folder, "cert.pem");

    /// <summary>Its key.</summary>
    public string KeyPath => Path.Combine(_folder, "key.pem");

    /// <summary>A path for a key log.</summary>
    public string NewLogPath() => Path.Combine(_folder, $"keys{Interlocked.Increment(ref _logs)}.log");

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
