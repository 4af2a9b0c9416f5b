using System.Security.Cryptography;
using System.Text;

namespace Outboard.Plugins.Crypto.Tests.Tls.OpenSsl;

/// <summary>The keys of one direction.</summary>
/// <param name="Key">The cipher's.</param>
/// <param name="Iv">The write IV.</param>
/// <param name="MacKey">The MAC's.</param>
internal sealed record DirectionKeys(byte[] Key, byte[] Iv, byte[] MacKey);

/// <summary>From secrets to keys (RFC 5246 5 and 6.3, RFC 8446 7).</summary>
internal static class PeerKeys
{
    /// <summary>The keys of both directions before TLS 1.3.</summary>
    public static (DirectionKeys Client, DirectionKeys Server) OfMaster(
        PeerSuite suite, byte[] master, byte[] clientRandom, byte[] serverRandom)
    {
        int mac = suite.MacKeyLength, key = suite.KeyLength, iv = suite.IvLength;
        byte[] block = Prf(suite.Hash, master, "key expansion", [.. serverRandom, .. clientRandom], 2 * (mac + key + iv));
        int at = 0;
        byte[] Next(int length) => block[at..(at += length)];
        byte[] clientMac = Next(mac), serverMac = Next(mac), clientKey = Next(key), serverKey = Next(key);
        return (new DirectionKeys(clientKey, Next(iv), clientMac), new DirectionKeys(serverKey, Next(iv), serverMac));
    }

    /// <summary>The keys of a traffic secret of TLS 1.3.</summary>
    public static DirectionKeys OfSecret(PeerSuite suite, byte[] secret) => new(
        ExpandLabel(suite.Hash, secret, "key", suite.KeyLength), ExpandLabel(suite.Hash, secret, "iv", suite.IvLength), []);

    /// <summary>The traffic secret after a key update.</summary>
    public static byte[] NextSecret(PeerSuite suite, byte[] secret) => ExpandLabel(suite.Hash, secret, "traffic upd", secret.Length);

    private static byte[] ExpandLabel(HashAlgorithmName hash, byte[] secret, string label, int length)
    {
        byte[] name = Encoding.ASCII.GetBytes("tls13 " + label);
        return HKDF.Expand(hash, secret, length, [(byte)(length >> 8), (byte)length, (byte)name.Length, .. name, 0]);
    }

    private static byte[] Prf(HashAlgorithmName hash, byte[] secret, string label, byte[] seed, int length)
    {
        byte[] labelled = [.. Encoding.ASCII.GetBytes(label), .. seed];
        byte[] a = labelled;
        var made = new List<byte>();
        while (made.Count < length)
        {
            a = CryptographicOperations.HmacData(hash, secret, a);
            made.AddRange(CryptographicOperations.HmacData(hash, secret, (byte[])[.. a, .. labelled]));
        }

        return [.. made.Take(length)];
    }
}
