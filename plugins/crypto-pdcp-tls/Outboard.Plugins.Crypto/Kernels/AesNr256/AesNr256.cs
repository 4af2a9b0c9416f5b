using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Outboard.Plugins.Crypto.Engine;
using Outboard.Plugins.Crypto.Kernels.AesCtr;
using Outboard.Plugins.Crypto.Kernels.Zuc256;
using Outboard.Plugins.Crypto.Keys;
using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Kernels.AesNr256;

/// <summary>What NEA5, NIA5 and NCA5 are made of: AES-256 in counter mode, and a code whose three keys are its keystream.</summary>
/// <remarks>
/// The counter starts at the IV with its last four bytes zero. The keys H, Q and P of a code are three blocks of keystream from that
/// counter with the lowest bit of its first byte set; the code is ((POLYVAL with H of the data and its lengths) . Q) plus P.
/// In the scratch: jobs of counter mode, then a counter, three blocks and a room of two for each message.
/// </remarks>
internal static unsafe class AesNr256
{
    private const int KeyBlocks = 48;
    private const int CountersOffset = 64 * 80;
    private const int BlocksOffset = CountersOffset + (16 * CryptoUnit.JobMax);
    private const int RoomOffset = BlocksOffset + (KeyBlocks * CryptoUnit.JobMax);
    private const int SecretEnd = RoomOffset + 48;
    private const int TextScratchOffset = 16 * 1024;

    /// <summary>Enciphers or deciphers every message by counter mode.</summary>
    public static void Cipher(CryptoUnit text, CryptoJob* jobs, int count, byte* scratch)
    {
        var work = (CryptoJob*)scratch;
        for (int i = 0; i < count; i++)
        {
            work[i] = jobs[i];
            SetCounter(work + i, jobs[i].Iv, scratch + CountersOffset + (16 * i), 0);
        }

        text.Run(work, count, scratch + TextScratchOffset);
    }

    /// <summary>Makes H, Q and P of every message; they stay until <see cref="Wipe"/>.</summary>
    public static void MakeKeys(CryptoUnit text, CryptoJob* jobs, int count, byte* scratch)
    {
        var work = (CryptoJob*)scratch;
        byte* blocks = scratch + BlocksOffset;
        Unsafe.InitBlockUnaligned(blocks, 0, (uint)(KeyBlocks * count));
        for (int i = 0; i < count; i++)
        {
            byte* own = blocks + (KeyBlocks * i);
            work[i] = jobs[i] with { Source = own, Destination = own, BitLength = KeyBlocks * 8, Encrypt = true };
            SetCounter(work + i, jobs[i].Iv, scratch + CountersOffset + (16 * i), 1);
        }

        text.Run(work, count, scratch + TextScratchOffset);
    }

    /// <summary>Writes the code of a message: of associated data and ciphertext, each padded, or of a prefix and a message in one.</summary>
    /// <typeparam name="TWidth">Scalar, or any vector width.</typeparam>
    /// <param name="job">The message.</param>
    /// <param name="index">Its place among those whose keys were made.</param>
    /// <param name="data">Ciphertext, or the message.</param>
    /// <param name="isSealed">Whether it is ciphertext.</param>
    /// <param name="scratch">Holds the keys.</param>
    public static void Authenticate<TWidth>(CryptoJob* job, int index, byte* data, bool isSealed, byte* scratch)
        where TWidth : struct, ISimdKernel
    {
        byte* h = scratch + BlocksOffset + (KeyBlocks * index), q = h + 16, p = h + 32;
        byte* sum = scratch + RoomOffset, room = sum + 16, seam = sum + 32;
        Unsafe.InitBlockUnaligned(sum, 0, 16);
        ulong prefixBits = (ulong)job->AadLength * 8, bits = job->BitLength, first, second;
        if (isSealed)
        {
            Polyval.Absorb<TWidth>(sum, h, job->Aad, (nuint)prefixBits, room);
            Polyval.Absorb<TWidth>(sum, h, data, (nuint)bits, room);
            (first, second) = (bits, prefixBits);
        }
        else
        {
            (first, second) = (0, prefixBits + bits);
            if (prefixBits != 0)
            {
                nuint taken = (nuint)Math.Min(128 - prefixBits, bits);
                Unsafe.CopyBlockUnaligned(seam, job->Aad, (uint)job->AadLength);
                Unsafe.CopyBlockUnaligned(seam + job->AadLength, data, (uint)((taken + 7) >> 3));
                Polyval.Absorb<TWidth>(sum, h, seam, (nuint)prefixBits + taken, room);
                data += taken >> 3;
                bits -= taken;
            }

            Polyval.Absorb<TWidth>(sum, h, data, (nuint)bits, room);
        }

        ((ulong*)sum)[0] ^= first;
        ((ulong*)sum)[1] ^= second;
        Polyval.Multiply<TWidth>(sum, q);
        Unsafe.WriteUnaligned(job->Code, Unsafe.ReadUnaligned<UInt128>(sum) ^ Unsafe.ReadUnaligned<UInt128>(p));
    }

    /// <summary>Wipes what a burst left in the scratch.</summary>
    public static void Wipe(byte* scratch) => CryptographicOperations.ZeroMemory(new Span<byte>(scratch, SecretEnd));

    private static void SetCounter(CryptoJob* work, byte* iv, byte* counter, byte flag)
    {
        Unsafe.CopyBlockUnaligned(counter, iv, 12);
        Unsafe.WriteUnaligned(counter + 12, 0);
        *counter |= flag;
        work->Iv = counter;
        work->IvLength = 16;
    }
}

/// <summary>A unit on AES-256 in counter mode: the width is that of counter mode.</summary>
internal abstract unsafe class AesNr256Unit(string operation, CryptoUnit text)
    : CryptoUnit(text.Choice with { Operation = operation })
{
    /// <summary>Counter mode.</summary>
    protected CryptoUnit Text => text;

    /// <inheritdoc/>
    public override int KeyLength => AesKey.Size;

    /// <inheritdoc/>
    public override void ExpandKey(ReadOnlySpan<byte> key, byte* expanded) => text.ExpandKey(key, expanded);

    /// <summary>Writes the code of a message whose keys were made, in the width of the unit.</summary>
    protected void Authenticate(CryptoJob* job, int index, byte* data, bool isSealed, byte* scratch)
    {
        if (Choice.Width == SimdWidth.Scalar)
        {
            AesNr256.Authenticate<AesCtrScalar>(job, index, data, isSealed, scratch);
        }
        else
        {
            AesNr256.Authenticate<AesCtrVector128>(job, index, data, isSealed, scratch);
        }
    }
}
