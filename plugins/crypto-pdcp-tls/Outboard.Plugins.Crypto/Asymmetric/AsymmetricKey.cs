using Outboard.Crypto;
using Outboard.Devices;

namespace Outboard.Plugins.Crypto.Asymmetric;

/// <summary>A key of libcrypto and what can be done with it. One call at a time.</summary>
/// <remarks>
/// The output of every call is all there or not at all: where the room is too small, <see cref="OpStatus.InvalidArguments"/> and the
/// length that is needed come back.
/// </remarks>
internal sealed unsafe class AsymmetricKey : IDisposable
{
    private readonly bool _isPrivate;
    private nint _key;

    private AsymmetricKey(nint key, bool isPrivate)
    {
        _key = key;
        _isPrivate = isPrivate;
    }

    /// <summary>Reads the key of a session; null where keys are only generated.</summary>
    /// <exception cref="ArgumentException">The key is not what the transform says, with the reason.</exception>
    public static AsymmetricKey Read(AsymmetricTransform transform)
    {
        bool isPrivate = !transform.PrivateKey.IsEmpty;
        ReadOnlySpan<byte> der = isPrivate ? transform.PrivateKey.Span : transform.PublicKey.Span;
        if (der.IsEmpty)
        {
            CheckGenerated(transform);
            return new AsymmetricKey(0, isPrivate: false);
        }

        string what = isPrivate ? "private key (PKCS #8, DER)" : "public key (SubjectPublicKeyInfo, DER)";
        nint key;
        OpenSsl.ClearErrors();
        fixed (byte* first = der)
        {
            byte* at = first;
            key = isPrivate ? OpenSsl.ReadPrivateKey(0, &at, der.Length) : OpenSsl.ReadPublicKey(0, &at, der.Length);
            if (key != 0 && at != first + der.Length)
            {
                OpenSsl.FreeKey(key);
                throw new ArgumentException($"the {what} has {first + der.Length - at} bytes behind its end", nameof(transform));
            }
        }

        if (key == 0)
        {
            throw new ArgumentException($"the {what} cannot be read: {OpenSsl.TakeError()}", nameof(transform));
        }

        var read = new AsymmetricKey(key, isPrivate);
        if (read.Mismatch(transform) is { } mismatch)
        {
            read.Dispose();
            throw new ArgumentException($"the {what} is {mismatch}", nameof(transform));
        }

        return read;
    }

    /// <summary>Makes a key pair.</summary>
    public static OpStatus Generate(
        AsymmetricTransform transform, Span<byte> privateRoom, out int privateLength, Span<byte> publicRoom, out int publicLength)
    {
        privateLength = publicLength = 0;
        nint context = OpenSsl.NewContext(0, KeyType(transform), null), key = 0, info = 0;
        try
        {
            bool made = context != 0 && OpenSsl.StartGenerate(context) == 1
                && (transform.Algorithm != AsymmetricAlgorithm.Rsa || OpenSsl.SetRsaBits(context, transform.ModulusBits) == 1)
                && (!HasGroup(transform.Algorithm) || OpenSsl.SetGroupName(context, transform.Curve!) == 1)
                && OpenSsl.Generate(context, &key) == 1;
            info = made ? OpenSsl.ToPkcs8(key) : 0;
            if (info == 0)
            {
                return OpStatus.Error;
            }

            privateLength = OpenSsl.WritePkcs8(info, null);
            publicLength = OpenSsl.WritePublicKey(key, null);
            if (privateLength > privateRoom.Length || publicLength > publicRoom.Length)
            {
                return OpStatus.InvalidArguments;
            }

            fixed (byte* privateFirst = privateRoom, publicFirst = publicRoom)
            {
                byte* at = privateFirst;
                OpenSsl.WritePkcs8(info, &at);
                at = publicFirst;
                OpenSsl.WritePublicKey(key, &at);
            }

            return OpStatus.Success;
        }
        finally
        {
            // Both free functions wipe what they hold.
            OpenSsl.FreePkcs8(info);
            OpenSsl.FreeKey(key);
            OpenSsl.FreeContext(context);
        }
    }

    /// <summary>Signs a message or its digest.</summary>
    public OpStatus Sign(AsymmetricTransform transform, ReadOnlySpan<byte> message, Span<byte> room, out int written)
    {
        written = 0;
        if (!_isPrivate)
        {
            return OpStatus.InvalidSession;
        }

        bool sideBySide = transform is { Algorithm: AsymmetricAlgorithm.Ecdsa, SignatureFormat: EcdsaSignatureFormat.P1363 };
        byte[] made = new byte[OpenSsl.GetSize(_key)];
        nuint length = (nuint)made.Length;
        bool good = transform.IsDigest || transform.Algorithm == AsymmetricAlgorithm.Rsa && transform.Hash == AuthAlgorithm.Null
            ? SignDigest(transform, message, made, ref length)
            : SignMessage(transform, message, made, ref length);
        if (!good)
        {
            OpenSsl.ClearErrors();
            return OpStatus.InvalidArguments;
        }

        written = sideBySide ? 2 * OrderLength() : (int)length;
        if (written > room.Length)
        {
            return OpStatus.InvalidArguments;
        }

        if (sideBySide)
        {
            EcdsaSignature.FromDer(made.AsSpan(0, (int)length), room[..written]);
        }
        else
        {
            made.AsSpan(0, (int)length).CopyTo(room);
        }

        return OpStatus.Success;
    }

    /// <summary>Verifies a signature of a message or of its digest.</summary>
    public OpStatus Verify(AsymmetricTransform transform, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        if (_key == 0)
        {
            return OpStatus.InvalidSession;
        }

        if (transform is { Algorithm: AsymmetricAlgorithm.Ecdsa, SignatureFormat: EcdsaSignatureFormat.P1363 })
        {
            if (signature.Length != 2 * OrderLength())
            {
                return OpStatus.AuthenticationFailed;
            }

            signature = EcdsaSignature.ToDer(signature);
        }

        bool good = transform.IsDigest || transform.Algorithm == AsymmetricAlgorithm.Rsa && transform.Hash == AuthAlgorithm.Null
            ? VerifyDigest(transform, message, signature)
            : VerifyMessage(transform, message, signature);
        OpenSsl.ClearErrors();
        return good ? OpStatus.Success : OpStatus.AuthenticationFailed;
    }

    /// <summary>RSA with the public key.</summary>
    public OpStatus Encrypt(AsymmetricTransform transform, ReadOnlySpan<byte> message, Span<byte> room, out int written) =>
        Transform(transform, encrypt: true, message, room, out written);

    /// <summary>RSA with the private key.</summary>
    public OpStatus Decrypt(AsymmetricTransform transform, ReadOnlySpan<byte> message, Span<byte> room, out int written)
    {
        written = 0;
        return _isPrivate ? Transform(transform, encrypt: false, message, room, out written) : OpStatus.InvalidSession;
    }

    /// <summary>The secret shared with the owner of a public key.</summary>
    public OpStatus Derive(AsymmetricTransform transform, ReadOnlySpan<byte> peer, Span<byte> room, out int written)
    {
        written = 0;
        if (!_isPrivate)
        {
            return OpStatus.InvalidSession;
        }

        nint other = ReadPeer(transform, peer), context = 0;
        try
        {
            context = other == 0 ? 0 : OpenSsl.NewContext(_key, 0);
            nuint length = 0;
            if (context == 0 || OpenSsl.StartDerive(context) != 1

                // A secret that starts with zeros keeps its length (RFC 8446 7.4.1, RFC 7919).
                || (transform.Algorithm == AsymmetricAlgorithm.Dh && OpenSsl.SetDhPadding(context, 1) != 1)

                // Refuses points that are not on the curve, and values of small order.
                || OpenSsl.SetPeer(context, other) != 1
                || OpenSsl.Derive(context, null, &length) != 1)
            {
                return OpStatus.InvalidArguments;
            }

            written = (int)length;
            if (written > room.Length)
            {
                return OpStatus.InvalidArguments;
            }

            fixed (byte* first = room)
            {
                if (OpenSsl.Derive(context, first, &length) == 1)
                {
                    written = (int)length;
                    return OpStatus.Success;
                }
            }

            written = 0;
            return OpStatus.InvalidArguments;
        }
        finally
        {
            OpenSsl.ClearErrors();
            OpenSsl.FreeContext(context);
            OpenSsl.FreeKey(other);
        }
    }

    public void Dispose()
    {
        OpenSsl.FreeKey(_key);
        _key = 0;
    }

    private static bool HasGroup(AsymmetricAlgorithm algorithm) =>
        algorithm is AsymmetricAlgorithm.Ecdsa or AsymmetricAlgorithm.Ecdh or AsymmetricAlgorithm.Dh;

    private static string KeyType(AsymmetricTransform transform) => transform.Algorithm switch
    {
        AsymmetricAlgorithm.Rsa => "RSA",
        AsymmetricAlgorithm.Dh => "DH",
        AsymmetricAlgorithm.X25519 => "X25519",
        AsymmetricAlgorithm.EdDsa => transform.Curve == "Ed448" ? "ED448" : "ED25519",
        _ => "EC",
    };

    // The names that libcrypto gives to the curves of ours.
    private static bool IsGroup(string? name, string curve) => curve switch
    {
        "P-256" => name is "prime256v1" or "P-256",
        "P-384" => name is "secp384r1" or "P-384",
        "P-521" => name is "secp521r1" or "P-521",
        "P-224" => name is "secp224r1" or "P-224",
        _ => name == curve,
    };

    private static void CheckGenerated(AsymmetricTransform transform)
    {
        if (transform.Algorithm == AsymmetricAlgorithm.Rsa && transform.ModulusBits is < 1024 or > 16384)
        {
            throw new ArgumentException(
                $"ModulusBits {transform.ModulusBits} is not 1024 to 16384", nameof(transform));
        }
    }

    private static nint Hash(AuthAlgorithm hash) => hash switch
    {
        AuthAlgorithm.Sha1 => OpenSsl.FindHash("SHA1"),
        AuthAlgorithm.Sha224 => OpenSsl.FindHash("SHA224"),
        AuthAlgorithm.Sha256 => OpenSsl.FindHash("SHA256"),
        AuthAlgorithm.Sha384 => OpenSsl.FindHash("SHA384"),
        AuthAlgorithm.Sha512 => OpenSsl.FindHash("SHA512"),
        _ => 0,
    };

    private string? Mismatch(AsymmetricTransform transform)
    {
        string type = KeyType(transform);
        if (OpenSsl.IsA(_key, type) != 1)
        {
            return $"not of the type {type}";
        }

        string? group = HasGroup(transform.Algorithm) ? OpenSsl.GroupName(_key) : null;
        if (HasGroup(transform.Algorithm) && !IsGroup(group, transform.Curve!))
        {
            return $"of the group {group ?? "without a name"}, not {transform.Curve}";
        }

        int bits = OpenSsl.GetBits(_key);
        return transform.Algorithm == AsymmetricAlgorithm.Rsa && bits is < 1024 or > 16384
            ? $"of {bits} bits, not 1024 to 16384"
            : null;
    }

    private int OrderLength() => (OpenSsl.GetBits(_key) + 7) / 8;

    private static bool SetPadding(nint context, AsymmetricTransform transform, bool signs)
    {
        if (transform.Algorithm != AsymmetricAlgorithm.Rsa)
        {
            return true;
        }

        nint hash = Hash(transform.Hash);
        switch (transform.Padding)
        {
            case AsymmetricPadding.None:
                return OpenSsl.SetRsaPadding(context, OpenSsl.PaddingNone) == 1;
            case AsymmetricPadding.Pkcs1:
                return OpenSsl.SetRsaPadding(context, OpenSsl.PaddingPkcs1) == 1;
            case AsymmetricPadding.Pss:
                return signs && hash != 0
                    && OpenSsl.SetRsaPadding(context, OpenSsl.PaddingPss) == 1
                    && OpenSsl.SetMaskHash(context, hash) == 1
                    && OpenSsl.SetPssSaltLength(
                        context, transform.SaltLength < 0 ? OpenSsl.GetHashSize(hash) : transform.SaltLength) == 1;
            default:
                if (signs || OpenSsl.SetRsaPadding(context, OpenSsl.PaddingOaep) != 1
                    || (hash != 0 && (OpenSsl.SetOaepHash(context, hash) != 1 || OpenSsl.SetMaskHash(context, hash) != 1)))
                {
                    return false;
                }

                if (transform.Label.IsEmpty)
                {
                    return true;
                }

                void* label = OpenSsl.Allocate((nuint)transform.Label.Length, null, 0);
                transform.Label.Span.CopyTo(new Span<byte>(label, transform.Label.Length));
                return OpenSsl.SetOaepLabel(context, label, transform.Label.Length) == 1;
        }
    }

    private bool SignMessage(AsymmetricTransform transform, ReadOnlySpan<byte> message, byte[] made, ref nuint length)
    {
        nint context = OpenSsl.NewDigestContext(), keyContext = 0;
        try
        {
            fixed (byte* to = made, from = message.Length == 0 ? [0] : message)
            fixed (nuint* lengthAddress = &length)
            {
                return OpenSsl.StartDigestSign(context, &keyContext, Hash(transform.Hash), 0, _key) == 1
                    && SetPadding(keyContext, transform, signs: true)
                    && OpenSsl.DigestSign(context, to, lengthAddress, from, (nuint)message.Length) == 1;
            }
        }
        finally
        {
            OpenSsl.FreeDigestContext(context);
        }
    }

    private bool VerifyMessage(AsymmetricTransform transform, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        nint context = OpenSsl.NewDigestContext(), keyContext = 0;
        try
        {
            fixed (byte* given = signature.Length == 0 ? [0] : signature, from = message.Length == 0 ? [0] : message)
            {
                return OpenSsl.StartDigestVerify(context, &keyContext, Hash(transform.Hash), 0, _key) == 1
                    && SetPadding(keyContext, transform, signs: true)
                    && OpenSsl.DigestVerify(context, given, (nuint)signature.Length, from, (nuint)message.Length) == 1;
            }
        }
        finally
        {
            OpenSsl.FreeDigestContext(context);
        }
    }

    private bool SignDigest(AsymmetricTransform transform, ReadOnlySpan<byte> digest, byte[] made, ref nuint length)
    {
        nint context = OpenSsl.NewContext(_key, 0), hash = Hash(transform.Hash);
        try
        {
            fixed (byte* to = made, from = digest.Length == 0 ? [0] : digest)
            fixed (nuint* lengthAddress = &length)
            {
                return OpenSsl.StartSign(context) == 1
                    && SetPadding(context, transform, signs: true)
                    && (hash == 0 || OpenSsl.SetSignatureHash(context, hash) == 1)
                    && OpenSsl.Sign(context, to, lengthAddress, from, (nuint)digest.Length) == 1;
            }
        }
        finally
        {
            OpenSsl.FreeContext(context);
        }
    }

    private bool VerifyDigest(AsymmetricTransform transform, ReadOnlySpan<byte> digest, ReadOnlySpan<byte> signature)
    {
        nint context = OpenSsl.NewContext(_key, 0), hash = Hash(transform.Hash);
        try
        {
            fixed (byte* given = signature.Length == 0 ? [0] : signature, from = digest.Length == 0 ? [0] : digest)
            {
                return OpenSsl.StartVerify(context) == 1
                    && SetPadding(context, transform, signs: true)
                    && (hash == 0 || OpenSsl.SetSignatureHash(context, hash) == 1)
                    && OpenSsl.Verify(context, given, (nuint)signature.Length, from, (nuint)digest.Length) == 1;
            }
        }
        finally
        {
            OpenSsl.FreeContext(context);
        }
    }

    private OpStatus Transform(AsymmetricTransform transform, bool encrypt, ReadOnlySpan<byte> message, Span<byte> room, out int written)
    {
        written = 0;
        if (_key == 0)
        {
            return OpStatus.InvalidSession;
        }

        // The library wants room for a whole modulus whatever comes out.
        byte[] made = new byte[OpenSsl.GetSize(_key)];
        nuint length = (nuint)made.Length;
        nint context = OpenSsl.NewContext(_key, 0);
        try
        {
            bool good;
            fixed (byte* to = made, from = message.Length == 0 ? [0] : message)
            {
                good = (encrypt ? OpenSsl.StartEncrypt(context) : OpenSsl.StartDecrypt(context)) == 1
                    && SetPadding(context, transform, signs: false)
                    && (encrypt
                        ? OpenSsl.Encrypt(context, to, &length, from, (nuint)message.Length)
                        : OpenSsl.Decrypt(context, to, &length, from, (nuint)message.Length)) == 1;
            }

            if (!good)
            {
                return encrypt ? OpStatus.InvalidArguments : OpStatus.AuthenticationFailed;
            }

            written = (int)length;
            if (written > room.Length)
            {
                return OpStatus.InvalidArguments;
            }

            made.AsSpan(0, written).CopyTo(room);
            return OpStatus.Success;
        }
        finally
        {
            System.Security.Cryptography.CryptographicOperations.ZeroMemory(made);
            OpenSsl.ClearErrors();
            OpenSsl.FreeContext(context);
        }
    }

    // A public key in the raw form of its kind, or a SubjectPublicKeyInfo, which begins as a DER SEQUENCE; 0 where it is neither.
    private nint ReadPeer(AsymmetricTransform transform, ReadOnlySpan<byte> peer)
    {
        fixed (byte* first = peer.Length == 0 ? [0] : peer)
        {
            bool raw = transform.Algorithm switch
            {
                AsymmetricAlgorithm.Ecdh => peer.Length > 0 && peer[0] is 2 or 3 or 4,
                AsymmetricAlgorithm.X25519 => peer.Length == 32,
                _ => peer.Length == OpenSsl.GetSize(_key),
            };
            if (!raw)
            {
                byte* at = first;
                nint read = OpenSsl.ReadPublicKey(0, &at, peer.Length);
                if (read != 0 && at != first + peer.Length)
                {
                    OpenSsl.FreeKey(read);
                    return 0;
                }

                return read;
            }

            nint key = OpenSsl.NewKey();
            if (OpenSsl.CopyParameters(key, _key) == 1 && OpenSsl.SetEncodedPublicKey(key, first, (nuint)peer.Length) == 1)
            {
                return key;
            }

            OpenSsl.FreeKey(key);
            return 0;
        }
    }
}
