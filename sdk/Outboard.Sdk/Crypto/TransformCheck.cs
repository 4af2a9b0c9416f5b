namespace Outboard.Crypto;

/// <summary>Compares transforms with what a device offers, so that no driver has to.</summary>
internal static class TransformCheck
{
    /// <summary>Refuses a chain that the device does not offer.</summary>
    public static void Check(CryptoDeviceInfo info, CryptoTransform transform)
    {
        CheckOne(info, transform);
        if (transform.Next is not { } next)
        {
            return;
        }

        if (!info.Features.HasFlag(CryptoFeatures.Chaining))
        {
            throw new ArgumentException($"{info.Name} does not chain transforms.");
        }

        bool cipherAndAuth = (transform is CipherTransform && next is AuthTransform)
            || (transform is AuthTransform && next is CipherTransform);
        if (!cipherAndAuth || next.Next is not null)
        {
            throw new ArgumentException($"{info.Name}: a chain is one cipher and one authentication, in either order.");
        }

        CheckOne(info, next);
    }

    /// <summary>Refuses an asymmetric transform that the device does not offer.</summary>
    public static void Check(CryptoDeviceInfo info, AsymmetricTransform transform)
    {
        bool offered = info.AsymmetricCapabilities.Any(c => c.Algorithm == transform.Algorithm
            && (c.Curves.Count == 0 || (transform.Curve is not null && c.Curves.Contains(transform.Curve)))
            && (c.Hashes.Count == 0 || c.Hashes.Contains(transform.Hash))
            && (c.Paddings.Count == 0 || c.Paddings.Contains(transform.Padding)));
        if (!offered)
        {
            throw new ArgumentException(
                $"{info.Name} does not offer {transform.Algorithm} {transform.Curve} {transform.Hash} {transform.Padding}; it offers "
                + (info.AsymmetricCapabilities.Count == 0 ? "nothing asymmetric." : string.Join("; ", info.AsymmetricCapabilities) + "."));
        }
    }

    private static void CheckOne(CryptoDeviceInfo info, CryptoTransform transform)
    {
        switch (transform)
        {
            case CipherTransform cipher:
                CipherCapability c = Find(
                    info.Capabilities.OfType<CipherCapability>(), x => x.Algorithm == cipher.Algorithm, info, cipher.Algorithm);
                CheckSize(info, cipher.Algorithm, "key", cipher.Key.Length, c.KeySizes);
                CheckSize(info, cipher.Algorithm, "IV", cipher.IvLength, c.IvSizes);
                break;
            case AuthTransform auth:
                AuthCapability a = Find(
                    info.Capabilities.OfType<AuthCapability>(), x => x.Algorithm == auth.Algorithm, info, auth.Algorithm);
                CheckSize(info, auth.Algorithm, "key", auth.Key.Length, a.KeySizes);
                CheckSize(info, auth.Algorithm, "IV", auth.IvLength, a.IvSizes);
                CheckSize(info, auth.Algorithm, "digest", auth.DigestLength, a.DigestSizes);
                break;
            case AeadTransform aead:
                AeadCapability e = Find(
                    info.Capabilities.OfType<AeadCapability>(), x => x.Algorithm == aead.Algorithm, info, aead.Algorithm);
                CheckSize(info, aead.Algorithm, "key", aead.Key.Length, e.KeySizes);
                CheckSize(info, aead.Algorithm, "nonce", aead.IvLength, e.IvSizes);
                if (aead.IvIsCounterBlock && (aead.Algorithm != AeadAlgorithm.AesGcm || aead.IvLength != 16))
                {
                    throw new ArgumentException($"{info.Name}: only AesGcm takes a counter block for its IV, of 16 bytes.");
                }

                CheckSize(info, aead.Algorithm, "tag", aead.DigestLength, e.DigestSizes);
                CheckSize(info, aead.Algorithm, "associated data", aead.AadLength, e.AadSizes);
                break;
            default:
                throw new ArgumentException($"{info.Name} does not know the transform {transform.GetType().Name}.");
        }
    }

    private static T Find<T>(IEnumerable<T> list, Func<T, bool> match, CryptoDeviceInfo info, object algorithm)
        where T : CryptoCapability =>
        list.FirstOrDefault(match) ?? throw new ArgumentException(
            $"{info.Name} does not offer {algorithm}; it offers {string.Join("; ", info.CapabilityNames)}.");

    private static void CheckSize(CryptoDeviceInfo info, object algorithm, string what, int size, SizeRange range)
    {
        if (!range.Contains(size))
        {
            throw new ArgumentException($"{info.Name}: {algorithm} takes a {what} of {range} bytes, not {size}.");
        }
    }
}
