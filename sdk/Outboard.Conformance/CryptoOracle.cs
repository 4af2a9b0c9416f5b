using System.Security.Cryptography;
using Outboard.Crypto;

namespace Outboard.Conformance;

/// <summary>An algorithm that both the device and the platform's own cryptography have, with work for it.</summary>
internal abstract class CryptoOracle
{
    /// <summary>The forward direction.</summary>
    public abstract CryptoTransform Transform { get; }

    /// <summary>The first algorithm of the device that there is an oracle for, or null.</summary>
    public static CryptoOracle? Choose(CryptoDeviceInfo info)
    {
        if (info.Capabilities.OfType<AeadCapability>().Any(c => c.Algorithm == AeadAlgorithm.AesGcm && c.KeySizes.Contains(16)))
        {
            return new Gcm();
        }

        foreach (CipherAlgorithm algorithm in (CipherAlgorithm[])[CipherAlgorithm.AesCtr, CipherAlgorithm.AesCbc])
        {
            if (info.Capabilities.OfType<CipherCapability>().Any(c => c.Algorithm == algorithm && c.KeySizes.Contains(16)))
            {
                return new AesCipher(algorithm);
            }
        }

        return info.Capabilities.OfType<CipherCapability>().Any(c => c.Algorithm == CipherAlgorithm.Null) ? new NullCipher() : null;
    }

    /// <summary>Bytes that follow from a seed.</summary>
    public static byte[] Pattern(int length, int seed)
    {
        byte[] bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    /// <summary>The backward direction.</summary>
    public CryptoTransform Reverse() => Transform switch
    {
        CipherTransform cipher => cipher with { Operation = CipherOperation.Decrypt },
        AeadTransform aead => aead with { Operation = CipherOperation.Decrypt },
        var other => other,
    };

    /// <summary>The plaintext of a number.</summary>
    public byte[] Data(int number) => Pattern(Length(number), number);

    /// <summary>The IV of a number.</summary>
    public abstract byte[] Iv(int number);

    /// <summary>The associated data of a number.</summary>
    public virtual byte[] Aad(int number) => [];

    /// <summary>The right answer for a number.</summary>
    public abstract void Answer(int number, out byte[] data, out byte[] digest);

    protected virtual int Length(int number) => number * 37 % 701;

    private sealed class Gcm : CryptoOracle
    {
        private readonly byte[] _key = Pattern(16, 1000);

        public override CryptoTransform Transform => new AeadTransform(AeadAlgorithm.AesGcm, CipherOperation.Encrypt, _key, 12, 16, 13);

        public override byte[] Iv(int number) => Pattern(12, number + 1);

        public override byte[] Aad(int number) => Pattern(13, number + 2);

        public override void Answer(int number, out byte[] data, out byte[] digest)
        {
            byte[] plain = Data(number);
            data = new byte[plain.Length];
            digest = new byte[16];
            using var gcm = new AesGcm(_key, 16);
            gcm.Encrypt(Iv(number), plain, data, digest, Aad(number));
        }
    }

    private sealed class AesCipher(CipherAlgorithm algorithm) : CryptoOracle
    {
        private readonly byte[] _key = Pattern(16, 1000);

        public override CryptoTransform Transform => new CipherTransform(algorithm, CipherOperation.Encrypt, _key, 16);

        public override byte[] Iv(int number) => Pattern(16, number + 1);

        public override void Answer(int number, out byte[] data, out byte[] digest)
        {
            digest = [];
            using var aes = Aes.Create();
            aes.Key = _key;
            if (algorithm == CipherAlgorithm.AesCbc)
            {
                data = aes.EncryptCbc(Data(number), Iv(number), PaddingMode.None);
                return;
            }

            data = Data(number);
            byte[] counter = Iv(number);
            for (int at = 0; at < data.Length; at += 16)
            {
                byte[] stream = aes.EncryptEcb(counter, PaddingMode.None);
                for (int i = 0; i < 16 && at + i < data.Length; i++)
                {
                    data[at + i] ^= stream[i];
                }

                for (int i = 15; i >= 0 && ++counter[i] == 0; i--)
                {
                }
            }
        }

        protected override int Length(int number) =>
            algorithm == CipherAlgorithm.AesCbc ? 16 * (number % 40) : base.Length(number);
    }

    private sealed class NullCipher : CryptoOracle
    {
        public override CryptoTransform Transform => new CipherTransform(CipherAlgorithm.Null, CipherOperation.Encrypt, default, 0);

        public override byte[] Iv(int number) => [];

        public override void Answer(int number, out byte[] data, out byte[] digest) => (data, digest) = (Data(number), []);
    }
}
