using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Outboard.Crypto;

/// <summary>One transform that an op carries itself, in native memory; wiped when the op is freed.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct SessionlessTransform
{
    /// <summary>The longest key, in bytes: HMAC-SHA512's block.</summary>
    public const int KeyLengthMax = 128;

    private KeyBytes _key;

    /// <summary>Cipher, authentication or AEAD.</summary>
    public SessionlessTransformKind Kind { get; private set; }

    /// <summary>The algorithm, as the number of the kind's own enumeration.</summary>
    public byte Algorithm { get; private set; }

    /// <summary>The direction, as the number of the kind's own enumeration.</summary>
    public byte Operation { get; private set; }

    /// <summary>The key's length in bytes.</summary>
    public byte KeyLength { get; private set; }

    /// <summary>The IV's length in bytes.</summary>
    public ushort IvLength { get; private set; }

    /// <summary>The digest's or tag's length in bytes.</summary>
    public byte DigestLength { get; private set; }

    /// <summary>The length of associated data in bytes.</summary>
    public ushort AadLength { get; private set; }

    /// <inheritdoc cref="AeadTransform.IvIsCounterBlock"/>
    public bool IvIsCounterBlock { get; private set; }

    /// <summary>The key.</summary>
    [System.Diagnostics.CodeAnalysis.UnscopedRef]
    public readonly ReadOnlySpan<byte> Key => MemoryMarshal.CreateReadOnlySpan(in _key[0], KeyLength);

    internal void Set(CryptoTransform transform)
    {
        this = default;
        ReadOnlyMemory<byte> key;
        switch (transform)
        {
            case CipherTransform cipher:
                (Kind, Algorithm, Operation, key) =
                    (SessionlessTransformKind.Cipher, (byte)cipher.Algorithm, (byte)cipher.Operation, cipher.Key);
                IvLength = checked((ushort)cipher.IvLength);
                break;
            case AuthTransform auth:
                (Kind, Algorithm, Operation, key) =
                    (SessionlessTransformKind.Auth, (byte)auth.Algorithm, (byte)auth.Operation, auth.Key);
                IvLength = checked((ushort)auth.IvLength);
                DigestLength = checked((byte)auth.DigestLength);
                break;
            case AeadTransform aead:
                (Kind, Algorithm, Operation, key) =
                    (SessionlessTransformKind.Aead, (byte)aead.Algorithm, (byte)aead.Operation, aead.Key);
                IvLength = checked((ushort)aead.IvLength);
                DigestLength = checked((byte)aead.DigestLength);
                AadLength = checked((ushort)aead.AadLength);
                IvIsCounterBlock = aead.IvIsCounterBlock;
                break;
            default:
                throw new ArgumentException($"{transform.GetType().Name} cannot be carried by an op.", nameof(transform));
        }

        if (key.Length > KeyLengthMax)
        {
            throw new ArgumentException($"A key carried by an op is at most {KeyLengthMax} bytes, not {key.Length}.");
        }

        KeyLength = (byte)key.Length;
        key.Span.CopyTo(MemoryMarshal.CreateSpan(ref _key[0], KeyLengthMax));
    }

    [InlineArray(KeyLengthMax)]
    private struct KeyBytes
    {
        private byte _first;
    }
}
