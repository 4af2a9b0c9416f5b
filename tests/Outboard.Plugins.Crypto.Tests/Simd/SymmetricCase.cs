using Outboard.Crypto;

namespace Outboard.Plugins.Crypto.Tests.Simd;

/// <summary>A piece of symmetric work made up at random from what a device says it takes, to be done by several devices alike.</summary>
internal sealed record SymmetricCase(
    CryptoTransform Forward,
    CryptoTransform Backward,
    byte[] Data,
    byte[] Iv,
    byte[] AuthIv,
    byte[] Aad,
    int DigestLength,
    DigestPlace Place,
    bool InBits,
    bool OutOfPlace,
    int CipherOffset,
    int CipherLength,
    int AuthOffset,
    int AuthLength,
    int Cuts)
{
    /// <summary>Whether there is a cipher, so that something is written.</summary>
    public bool Writes => Forward is not AuthTransform || Forward.Next is not null;

    /// <summary>Whether there is a code, so that something is verified.</summary>
    public bool Verifies => Forward is AeadTransform || DigestLength != 0;

    /// <summary>Whether the code depends on the message: not that of the null algorithm.</summary>
    public bool IsAuthenticated => Verifies
        && Forward is not AuthTransform { Algorithm: AuthAlgorithm.Null }
        && Forward.Next is not AuthTransform { Algorithm: AuthAlgorithm.Null };

    /// <summary>Whether the keys fit into an op.</summary>
    public bool FitsAnOp => KeyLength(Forward) <= SessionlessTransform.KeyLengthMax
        && (Forward.Next is null || KeyLength(Forward.Next) <= SessionlessTransform.KeyLengthMax);

    /// <summary>A case of one algorithm.</summary>
    public static SymmetricCase Make(Random random, CryptoCapability capability, bool countsBits) => capability switch
    {
        CipherCapability cipher => Fill(random, Cipher(random, cipher), cipher.BlockSize, null, countsBits, countsBits),
        AuthCapability auth => Fill(random, null, 1, Auth(random, auth), countsBits, countsBits),
        _ => MakeAead(random, (AeadCapability)capability),
    };

    /// <summary>A chain of two algorithms.</summary>
    public static SymmetricCase MakeChain(
        Random random, CipherCapability cipher, bool cipherBits, AuthCapability auth, bool authBits) =>
        Fill(random, Cipher(random, cipher), cipher.BlockSize, Auth(random, auth), cipherBits, authBits);

    private static int KeyLength(CryptoTransform transform) => transform switch
    {
        CipherTransform cipher => cipher.Key.Length,
        AuthTransform auth => auth.Key.Length,
        _ => ((AeadTransform)transform).Key.Length,
    };

    private static int Size(Random random, SizeRange range, int most)
    {
        int end = Math.Max(range.Minimum, Math.Min(range.Maximum, most));
        return range.Increment == 0 ? range.Minimum : range.Minimum + (range.Increment * random.Next(((end - range.Minimum) / range.Increment) + 1));
    }

    private static CipherTransform Cipher(Random random, CipherCapability cipher) => new(
        cipher.Algorithm,
        CipherOperation.Encrypt,
        Bench.Random(random, Size(random, cipher.KeySizes, 64)),
        Size(random, cipher.IvSizes, 64));

    private static AuthTransform Auth(Random random, AuthCapability auth) => new(
        auth.Algorithm,
        AuthOperation.Generate,
        Bench.Random(random, Size(random, auth.KeySizes, random.Next(8) == 0 ? 1024 : 100)),
        Size(random, auth.IvSizes, random.Next(4) == 0 ? 1024 : 16),
        random.Next(2) == 0 ? auth.DigestSizes.Maximum : Size(random, auth.DigestSizes, 64));

    private static int Length(Random random) => random.Next(12) switch
    {
        0 => random.Next(4),
        1 => random.Next(5000),
        < 6 => random.Next(64),
        _ => random.Next(700),
    };

    private static SymmetricCase MakeAead(Random random, AeadCapability aead)
    {
        int aadLength = Size(random, aead.AadSizes, random.Next(4) == 0 ? 400 : 64), length = Length(random), offset = random.Next(30);
        var forward = new AeadTransform(
            aead.Algorithm,
            CipherOperation.Encrypt,
            Bench.Random(random, Size(random, aead.KeySizes, 64)),
            random.Next(2) == 0 ? Size(random, aead.IvSizes, 1) : Size(random, aead.IvSizes, random.Next(4) == 0 ? 1024 : 24),
            random.Next(2) == 0 ? aead.DigestSizes.Maximum : Size(random, aead.DigestSizes, 64),
            aadLength);
        return new SymmetricCase(
            forward,
            forward with { Operation = CipherOperation.Decrypt },
            Bench.Random(random, offset + length + random.Next(30)),
            Bench.Random(random, Math.Max(24, forward.IvLength)),
            new byte[16],
            Bench.Random(random, aadLength),
            forward.DigestLength,
            (DigestPlace)random.Next(3),
            InBits: false,
            OutOfPlace: random.Next(3) == 0,
            offset,
            length,
            0,
            0,
            random.Next(3) == 0 ? 0 : random.Next(1, int.MaxValue));
    }

    private static SymmetricCase Fill(
        Random random, CipherTransform? cipher, int block, AuthTransform? auth, bool cipherBits, bool authBits)
    {
        bool authFirst = cipher is not null && auth is not null && random.Next(2) == 0;
        bool inBits = random.Next(2) == 0 && (cipher is null || cipherBits) && (auth is null || authBits);
        int unit = inBits ? 8 : 1;
        DigestPlace place = auth is null || inBits ? DigestPlace.InOp : (DigestPlace)random.Next(authFirst ? 4 : 3);
        int digest = auth?.DigestLength ?? 0;
        int bytes = Length(random) + 16;
        int cipherLength = inBits ? random.Next(bytes * 8) : random.Next(bytes) / block * block, cipherOffset;
        int authOffset = random.Next(20 * unit), authLength = inBits ? random.Next(bytes * 8) : random.Next(bytes);
        if (place == DigestPlace.Encrypted)
        {
            // The digest stands behind what is authenticated, and the cipher goes over its end.
            authLength = Math.Max(authLength, block);
            cipherLength = (random.Next(authLength) + digest) / block * block;
            if (cipherLength < digest)
            {
                cipherLength += block;
            }

            cipherOffset = authOffset + authLength + digest - cipherLength;
            if (cipherOffset < 0)
            {
                authOffset -= cipherOffset;
                cipherOffset = 0;
            }

            bytes = authOffset + authLength;
        }
        else
        {
            cipherOffset = random.Next(20 * unit);
            bytes = Math.Max(cipherOffset + cipherLength, authOffset + authLength);
            bytes = ((bytes + unit - 1) / unit) + random.Next(20);
        }

        CryptoTransform forward, backward;
        CipherTransform? decrypt = cipher is null ? null : cipher with { Operation = CipherOperation.Decrypt };
        AuthTransform? verify = auth is null ? null : auth with { Operation = AuthOperation.Verify };
        if (cipher is null || auth is null)
        {
            forward = (CryptoTransform?)cipher ?? auth!;
            backward = (CryptoTransform?)decrypt ?? verify!;
        }
        else
        {
            forward = authFirst ? auth with { Next = cipher } : cipher with { Next = auth };
            backward = authFirst ? decrypt! with { Next = verify } : verify! with { Next = decrypt };
        }

        return new SymmetricCase(
            forward,
            backward,
            Bench.Random(random, bytes),
            Bench.Random(random, Math.Max(24, cipher?.IvLength ?? 0)),
            Bench.Random(random, Math.Max(16, auth?.IvLength ?? 0)),
            [],
            digest,
            place,
            inBits,
            cipher is not null && random.Next(3) == 0,
            cipherOffset,
            cipherLength,
            authOffset,
            authLength,
            random.Next(3) == 0 ? 0 : random.Next(1, int.MaxValue));
    }
}
