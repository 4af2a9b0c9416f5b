using Outboard.Plugins.Crypto.Simd;

namespace Outboard.Plugins.Crypto;

/// <summary>Brings the driver <c>crypto_simd</c>: AES ciphers, codes and AEAD, TLS 1.3 records and PDCP in software.</summary>
public sealed class CryptoPlugin : IDevicePlugin
{
    /// <inheritdoc/>
    public void Register(IDriverRegistry registry)
    {
        ArgumentNullException.ThrowIfNull(registry);
        registry.AddCrypto("crypto_simd", context => new SimdCryptoDriver(context));
    }
}
