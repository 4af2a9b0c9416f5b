using System.Numerics;

namespace Outboard.Security;

/// <summary>Compares security transforms with what a device offers, so that no driver has to.</summary>
internal static class SecurityTransformCheck
{
    public static void Check(string device, IReadOnlyList<SecurityCapability> capabilities, SecurityTransform transform)
    {
        switch (transform)
        {
            case PdcpTransform pdcp:
                Check(device, capabilities, pdcp);
                break;
            case TlsRecordTransform tls:
                Check(device, capabilities, tls);
                break;
            default:
                throw new ArgumentException($"{device} does not know the transform {transform.GetType().Name}.");
        }
    }

    private static void Check(string device, IReadOnlyList<SecurityCapability> capabilities, PdcpTransform pdcp)
    {
        bool offered = capabilities.OfType<PdcpCapability>().Any(c => c.Domain == pdcp.Domain
            && (pdcp.Domain == PdcpDomain.ShortMac || c.SequenceNumberBits.Contains(pdcp.SequenceNumberBits))
            && c.Ciphers.Contains(pdcp.Cipher) && c.Integrities.Contains(pdcp.Integrity));
        if (!offered)
        {
            throw NotOffered(
                device, capabilities, $"PDCP {pdcp.Domain} SN {pdcp.SequenceNumberBits} {pdcp.Cipher} {pdcp.Integrity}");
        }

        Require(pdcp.Bearer is >= 0 and <= 31, device, $"Bearer {pdcp.Bearer} is not 0 to 31");
        Require(
            pdcp.CipherKey.Length == (pdcp.Cipher == PdcpCipher.Nea0 ? 0 : 16), device,
            $"CipherKey has {pdcp.CipherKey.Length} bytes; {pdcp.Cipher} takes {(pdcp.Cipher == PdcpCipher.Nea0 ? 0 : 16)}");
        bool keyless = pdcp.Integrity is PdcpIntegrity.None or PdcpIntegrity.Nia0;
        Require(
            pdcp.IntegrityKey.Length == (keyless ? 0 : 16), device,
            $"IntegrityKey has {pdcp.IntegrityKey.Length} bytes; {pdcp.Integrity} takes {(keyless ? 0 : 16)}");
        if (pdcp.Domain == PdcpDomain.ShortMac)
        {
            return;
        }

        int hfnBits = 32 - pdcp.SequenceNumberBits;
        Require(pdcp.Hfn < 1ul << hfnBits, device, $"Hfn {pdcp.Hfn} does not fit in {hfnBits} bits");
        Require(pdcp.HfnThreshold < 1ul << hfnBits, device, $"HfnThreshold {pdcp.HfnThreshold} does not fit in {hfnBits} bits");
        Require(
            pdcp.SequenceNumber < 1ul << pdcp.SequenceNumberBits, device,
            $"SequenceNumber {pdcp.SequenceNumber} does not fit in {pdcp.SequenceNumberBits} bits");
        Require(
            pdcp.Domain == PdcpDomain.UserPlane || !pdcp.HasSdapHeader, device, "only user plane PDUs have an SDAP header");
    }

    private static void Check(string device, IReadOnlyList<SecurityCapability> capabilities, TlsRecordTransform tls)
    {
        TlsRecordCapability? offered = capabilities.OfType<TlsRecordCapability>().FirstOrDefault(c =>
            c.Version == tls.Version && c.CipherSuites.Contains(tls.CipherSuite) && c.KeyLengths.Contains(tls.Key.Length));
        if (offered is null)
        {
            throw NotOffered(device, capabilities, $"{tls.Version} {tls.CipherSuite} with a key of {tls.Key.Length} bytes");
        }

        bool aead = tls.CipherSuite is TlsCipherSuite.AesGcm or TlsCipherSuite.AesCcm or TlsCipherSuite.ChaCha20Poly1305;
        bool masked = tls.Version == TlsVersion.Tls13 || tls.CipherSuite == TlsCipherSuite.ChaCha20Poly1305;
        bool cbc = !aead && tls.CipherSuite is not (TlsCipherSuite.NullHmacSha1 or TlsCipherSuite.NullHmacSha256);
        int iv = !aead ? 0 : masked ? 12 : 4;
        Require(tls.Iv.Length == iv, device, $"Iv has {tls.Iv.Length} bytes; {tls.Version} {tls.CipherSuite} takes {iv}");
        int mac = tls.CipherSuite switch
        {
            TlsCipherSuite.AesCbcHmacSha256 or TlsCipherSuite.NullHmacSha256 => 32,
            TlsCipherSuite.AesCbcHmacSha384 => 48,
            _ => aead ? 0 : 20,
        };
        Require(tls.MacKey.Length == mac, device, $"MacKey has {tls.MacKey.Length} bytes; {tls.CipherSuite} takes {mac}");
        Require(
            !tls.IvPerPacket || cbc || (aead && !masked), device,
            $"records of {tls.Version} {tls.CipherSuite} carry no IV that could come with each packet");
        Require(tls.WireVersion == 0 || !aead, device, $"WireVersion {tls.WireVersion:X4} is only for suites with HMAC");
        Require(
            !tls.EncryptThenMac || (offered.EncryptThenMac && cbc), device, $"EncryptThenMac is not offered for {tls.CipherSuite}");
        CheckRecords(device, offered, tls);
    }

    private static void CheckRecords(string device, TlsRecordCapability offered, TlsRecordTransform tls)
    {
        Require(
            tls.RecordSizeLimit is >= 64 and <= 16385, device, $"RecordSizeLimit {tls.RecordSizeLimit} is not 64 to 16385");
        Require(
            tls.FragmentLengthMin >= 0 && tls.FragmentLengthMin < tls.RecordSizeLimit, device,
            $"FragmentLengthMin {tls.FragmentLengthMin} is not 0 to below the record size limit {tls.RecordSizeLimit}");
        Require(
            tls.FragmentLengthMin == 0 || tls.Version == TlsVersion.Tls13, device, "only TLS 1.3 records are padded to a minimum");
        bool datagram = tls.Version == TlsVersion.Dtls12;
        Require(datagram || tls.Epoch == 0, device, "only DTLS has an epoch");
        Require(
            !datagram || tls.SequenceNumber < 1ul << 48, device, $"SequenceNumber {tls.SequenceNumber} does not fit in 48 bits");
        bool window = tls.ReplayWindow == 0
            || (datagram && tls.ReplayWindow is >= 64 and <= 4096 && BitOperations.IsPow2(tls.ReplayWindow)
                && tls.ReplayWindow <= offered.ReplayWindowMax);
        Require(window, device, $"ReplayWindow {tls.ReplayWindow} is not 0, or for DTLS a power of two from 64 to {offered.ReplayWindowMax}");
        Require(
            tls.HardPacketLimit == 0 || tls.SoftPacketLimit <= tls.HardPacketLimit, device,
            $"SoftPacketLimit {tls.SoftPacketLimit} is above HardPacketLimit {tls.HardPacketLimit}");
    }

    private static ArgumentException NotOffered(
        string device, IReadOnlyList<SecurityCapability> capabilities, string what) =>
        new($"{device} does not offer {what}; it offers {string.Join("; ", capabilities)}.");

    private static void Require(bool condition, string device, string message)
    {
        if (!condition)
        {
            throw new ArgumentException($"{device}: {message}.");
        }
    }
}
