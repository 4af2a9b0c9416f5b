using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;

namespace Outboard.Plugins.Crypto.Asymmetric;

/// <summary>The functions of libcrypto (OpenSSL 3) that asymmetric sessions are made of.</summary>
/// <remarks>
/// One library for all of them: .NET has no EdDSA, X25519 and finite-field Diffie-Hellman, and its own RSA and elliptic curves are this
/// library on Linux. Keys are held by it alone. Return values: 1 is success unless said otherwise.
/// </remarks>
internal static unsafe partial class OpenSsl
{
    /// <summary>RSA paddings (rsa.h).</summary>
    public const int PaddingPkcs1 = 1, PaddingNone = 3, PaddingOaep = 4, PaddingPss = 6;

    private const string Library = "libcrypto";
    private const ulong VersionMin = 0x3000_0000;

    private static readonly string[] s_names = ["libcrypto.so.3", "libcrypto.so"];
    private static readonly Lazy<string?> s_obstacle = new(FindObstacle);

    /// <summary>Why there is no libcrypto here, or null when there is.</summary>
    public static string? Obstacle => s_obstacle.Value;

    /// <summary>What the library calls itself. Only where there is one.</summary>
    public static string Version => string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $"libcrypto {VersionNumber() >> 28}.{(VersionNumber() >> 20) & 0xFF}.{(VersionNumber() >> 4) & 0xFF}");

    /// <summary>The first error that the library noted on this thread, in its words; the rest is dropped.</summary>
    public static string TakeError()
    {
        nuint code = GetError();
        byte* text = stackalloc byte[256];
        FormatError(code, text, 256);
        ClearErrors();
        return code == 0 ? "no reason given" : Marshal.PtrToStringUTF8((nint)text) ?? string.Empty;
    }

    private static string? FindObstacle()
    {
        nint library = 0;
        if (!s_names.Any(name => NativeLibrary.TryLoad(name, out library)))
        {
            return "libcrypto.so.3 was not found (Debian: apt install libssl3)";
        }

        NativeLibrary.SetDllImportResolver(Assembly.GetExecutingAssembly(), (name, _, _) => name == Library ? library : 0);
        ulong version = NativeLibrary.TryGetExport(library, "OpenSSL_version_num", out _) ? (ulong)VersionNumber() : 0;
        return version >= VersionMin ? null : $"libcrypto is version {version:x}, at least 3.0 is needed";
    }

    [LibraryImport(Library, EntryPoint = "OpenSSL_version_num")]
    public static partial nuint VersionNumber();

    [LibraryImport(Library, EntryPoint = "ERR_get_error")]
    private static partial nuint GetError();

    [LibraryImport(Library, EntryPoint = "ERR_clear_error")]
    public static partial void ClearErrors();

    [LibraryImport(Library, EntryPoint = "ERR_error_string_n")]
    private static partial void FormatError(nuint code, byte* text, nuint length);

    [LibraryImport(Library, EntryPoint = "d2i_AutoPrivateKey")]
    public static partial nint ReadPrivateKey(nint reuse, byte** der, nint length);

    [LibraryImport(Library, EntryPoint = "d2i_PUBKEY")]
    public static partial nint ReadPublicKey(nint reuse, byte** der, nint length);

    /// <summary>Length in bytes, and the DER where <paramref name="der"/> is not null; negative is failure.</summary>
    [LibraryImport(Library, EntryPoint = "i2d_PUBKEY")]
    public static partial int WritePublicKey(nint key, byte** der);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY2PKCS8")]
    public static partial nint ToPkcs8(nint key);

    [LibraryImport(Library, EntryPoint = "i2d_PKCS8_PRIV_KEY_INFO")]
    public static partial int WritePkcs8(nint info, byte** der);

    [LibraryImport(Library, EntryPoint = "PKCS8_PRIV_KEY_INFO_free")]
    public static partial void FreePkcs8(nint info);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_new")]
    public static partial nint NewKey();

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_free")]
    public static partial void FreeKey(nint key);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_is_a", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int IsA(nint key, string name);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_get_bits")]
    public static partial int GetBits(nint key);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_get_size")]
    public static partial int GetSize(nint key);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_get_group_name")]
    public static partial int GetGroupName(nint key, byte* name, nuint capacity, out nuint length);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_copy_parameters")]
    public static partial int CopyParameters(nint to, nint from);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_set1_encoded_public_key")]
    public static partial int SetEncodedPublicKey(nint key, byte* bytes, nuint length);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_CTX_new")]
    public static partial nint NewContext(nint key, nint engine);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_CTX_new_from_name", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint NewContext(nint library, string name, string? properties);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_CTX_free")]
    public static partial void FreeContext(nint context);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_keygen_init")]
    public static partial int StartGenerate(nint context);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_generate")]
    public static partial int Generate(nint context, nint* key);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_CTX_set_group_name", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int SetGroupName(nint context, string name);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_CTX_set_rsa_keygen_bits")]
    public static partial int SetRsaBits(nint context, int bits);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_CTX_set_rsa_padding")]
    public static partial int SetRsaPadding(nint context, int padding);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_CTX_set_rsa_pss_saltlen")]
    public static partial int SetPssSaltLength(nint context, int length);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_CTX_set_rsa_mgf1_md")]
    public static partial int SetMaskHash(nint context, nint hash);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_CTX_set_rsa_oaep_md")]
    public static partial int SetOaepHash(nint context, nint hash);

    /// <summary>The label becomes the context's; it must come from <see cref="Allocate"/>.</summary>
    [LibraryImport(Library, EntryPoint = "EVP_PKEY_CTX_set0_rsa_oaep_label")]
    public static partial int SetOaepLabel(nint context, void* label, int length);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_CTX_set_signature_md")]
    public static partial int SetSignatureHash(nint context, nint hash);

    [LibraryImport(Library, EntryPoint = "CRYPTO_malloc")]
    public static partial void* Allocate(nuint length, byte* file, int line);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_encrypt_init")]
    public static partial int StartEncrypt(nint context);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_encrypt")]
    public static partial int Encrypt(nint context, byte* output, nuint* outputLength, byte* input, nuint inputLength);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_decrypt_init")]
    public static partial int StartDecrypt(nint context);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_decrypt")]
    public static partial int Decrypt(nint context, byte* output, nuint* outputLength, byte* input, nuint inputLength);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_sign_init")]
    public static partial int StartSign(nint context);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_sign")]
    public static partial int Sign(nint context, byte* output, nuint* outputLength, byte* digest, nuint digestLength);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_verify_init")]
    public static partial int StartVerify(nint context);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_verify")]
    public static partial int Verify(nint context, byte* signature, nuint signatureLength, byte* digest, nuint digestLength);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_derive_init")]
    public static partial int StartDerive(nint context);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_derive_set_peer")]
    public static partial int SetPeer(nint context, nint peer);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_CTX_set_dh_pad")]
    public static partial int SetDhPadding(nint context, int on);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_derive")]
    public static partial int Derive(nint context, byte* secret, nuint* secretLength);

    [LibraryImport(Library, EntryPoint = "EVP_MD_CTX_new")]
    public static partial nint NewDigestContext();

    [LibraryImport(Library, EntryPoint = "EVP_MD_CTX_free")]
    public static partial void FreeDigestContext(nint context);

    [LibraryImport(Library, EntryPoint = "EVP_DigestSignInit")]
    public static partial int StartDigestSign(nint context, nint* keyContext, nint hash, nint engine, nint key);

    [LibraryImport(Library, EntryPoint = "EVP_DigestSign")]
    public static partial int DigestSign(nint context, byte* output, nuint* outputLength, byte* message, nuint messageLength);

    [LibraryImport(Library, EntryPoint = "EVP_DigestVerifyInit")]
    public static partial int StartDigestVerify(nint context, nint* keyContext, nint hash, nint engine, nint key);

    [LibraryImport(Library, EntryPoint = "EVP_DigestVerify")]
    public static partial int DigestVerify(
        nint context, byte* signature, nuint signatureLength, byte* message, nuint messageLength);

    /// <summary>A hash by its name, or 0; it belongs to the library.</summary>
    [LibraryImport(Library, EntryPoint = "EVP_get_digestbyname", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint FindHash(string name);

    [LibraryImport(Library, EntryPoint = "EVP_MD_get_size")]
    public static partial int GetHashSize(nint hash);

    /// <summary>The name of the key's group, or null.</summary>
    public static string? GroupName(nint key)
    {
        byte* name = stackalloc byte[64];
        return GetGroupName(key, name, 64, out nuint length) == 1 ? Encoding.UTF8.GetString(name, (int)length) : null;
    }
}
