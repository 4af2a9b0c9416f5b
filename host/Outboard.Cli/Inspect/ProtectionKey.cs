using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Outboard.Cli.Inspect;

/// <summary>The secret of one protected capture, and its text: what <c>--show-keys</c> prints and <c>--key</c> takes.</summary>
/// <remarks>
/// <c>tls13:SECRET</c>, 32 bytes in hexadecimal: a TLS 1.3 traffic secret of the SHA-256 suites, from which key and IV come by
/// HKDF-Expand-Label, and the next generation's secret too (RFC 8446 7.1 to 7.3). <c>pdcp:KEYS</c>, 32 bytes: the NEA2 key, then
/// the NIA2 key.
/// </remarks>
internal sealed class ProtectionKey
{
    private const int SecretLength = 32;
    private const string TlsPrefix = "tls13:";
    private const string PdcpPrefix = "pdcp:";

    private readonly byte[] _secret;

    private ProtectionKey(ProtectionKind kind, byte[] secret)
    {
        Kind = kind;
        _secret = secret;
    }

    /// <summary>What it is a key of.</summary>
    public ProtectionKind Kind { get; }

    /// <summary>The NEA2 key.</summary>
    public ReadOnlyMemory<byte> CipherKey => _secret.AsMemory(0, 16);

    /// <summary>The NIA2 key.</summary>
    public ReadOnlyMemory<byte> IntegrityKey => _secret.AsMemory(16, 16);

    /// <summary>Makes a fresh one.</summary>
    public static ProtectionKey Create(ProtectionKind kind) => new(kind, RandomNumberGenerator.GetBytes(SecretLength));

    /// <summary>Reads the text.</summary>
    /// <exception cref="UserException">It is no key.</exception>
    public static ProtectionKey Parse(string text)
    {
        (ProtectionKind kind, string hex) = text.StartsWith(TlsPrefix, StringComparison.Ordinal)
            ? (ProtectionKind.Tls13, text[TlsPrefix.Length..])
            : text.StartsWith(PdcpPrefix, StringComparison.Ordinal)
                ? (ProtectionKind.Pdcp, text[PdcpPrefix.Length..])
                : (ProtectionKind.None, string.Empty);
        try
        {
            byte[] secret = Convert.FromHexString(hex);
            if (kind != ProtectionKind.None && secret.Length == SecretLength)
            {
                return new ProtectionKey(kind, secret);
            }
        }
        catch (FormatException)
        {
            // Said below: the text itself is a secret and stays out of the message.
        }

        throw new UserException(
            $"--key is not a key; {TlsPrefix} or {PdcpPrefix} and {2 * SecretLength} hexadecimal digits are, as --show-keys prints them");
    }

    /// <summary>The record key of the current generation (RFC 8446 7.3).</summary>
    public byte[] DeriveKey() => Expand("key", 16);

    /// <summary>The record IV of the current generation (RFC 8446 7.3).</summary>
    public byte[] DeriveIv() => Expand("iv", 12);

    /// <summary>The next generation (RFC 8446 7.2).</summary>
    public ProtectionKey Next() => new(Kind, Expand("traffic upd", SecretLength));

    /// <inheritdoc/>
    public override string ToString() =>
        (Kind == ProtectionKind.Tls13 ? TlsPrefix : PdcpPrefix) + Convert.ToHexStringLower(_secret);

    private byte[] Expand(string label, int length)
    {
        byte[] name = Encoding.ASCII.GetBytes("tls13 " + label);
        byte[] info = new byte[2 + 1 + name.Length + 1];
        BinaryPrimitives.WriteUInt16BigEndian(info, (ushort)length);
        info[2] = (byte)name.Length;
        name.CopyTo(info, 3);
        return HKDF.Expand(HashAlgorithmName.SHA256, _secret, length, info);
    }
}
