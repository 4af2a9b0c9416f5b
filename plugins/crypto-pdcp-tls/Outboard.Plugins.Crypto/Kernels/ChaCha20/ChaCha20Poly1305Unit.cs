using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Outboard.Plugins.Crypto.Engine;
using Outboard.Plugins.Crypto.Kernels.Poly1305;
using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Kernels.ChaCha20;

/// <summary>The AEAD of RFC 8439 2.8: a 32-byte key, a 12-byte nonce, associated data of any length, a 16-byte code.</summary>
/// <remarks>At 128 bits Poly1305 runs in 64-bit words: two products a vector multiplication are fewer than the one of 128 bits that those have.</remarks>
internal abstract unsafe class ChaCha20Poly1305Unit(KernelChoice choice) : CryptoUnit(choice)
{
    public override int KeyLength => ChaCha20.KeyLength;

    /// <summary>Makes the unit of the widest kernels allowed.</summary>
    public static CryptoUnit Build(SimdSelector selector, bool emit) => UnitRow.Choose(
        selector,
        emit,
        "chacha20-poly1305",
        Row<ChaCha20Vector512, Poly1305Lanes<Poly1305Vector512>>(),
        Row<ChaCha20Vector256, Poly1305Lanes<Poly1305Vector256>>(),
        Row<ChaCha20Vector128, Poly1305Scalar>(),
        Row<ChaCha20Scalar, Poly1305Scalar>());

    public override void ExpandKey(ReadOnlySpan<byte> key, byte* expanded) => key.CopyTo(new Span<byte>(expanded, KeyLength));

    public override string? SelfTest(UnitSelfTest test) => ChaCha20Answers.CheckAead(this, test);

    private static UnitRow Row<TCipher, TCode>()
        where TCipher : struct, IChaCha20Kernel
        where TCode : struct, IPoly1305Kernel
    {
        KernelDescriptor kernel = KernelDescriptor.Of<TCipher>();
        kernel = kernel with { Name = $"{kernel.Name}+{TCode.Name}", IsSupported = kernel.IsSupported && TCode.IsSupported };
        return new UnitRow(kernel, choice => new ChaCha20Poly1305Unit<TCipher, TCode>(choice), IsEmitted: false);
    }
}

/// <summary>The AEAD closed over its kernels.</summary>
/// <remarks>
/// Messages go in groups, so that the code reads what the cipher wrote a little while ago. A group takes up to three steps:
/// keystream block 0 of every message, which is its one-time key, with the data of those to be encrypted behind it; the codes; the
/// data of those to be decrypted, whose text the codes needed first.
/// </remarks>
internal sealed unsafe class ChaCha20Poly1305Unit<TCipher, TCode>(KernelChoice choice) : ChaCha20Poly1305Unit(choice)
    where TCipher : struct, IChaCha20Kernel
    where TCode : struct, IPoly1305Kernel
{
    // A group has at least this many bytes and fills the lanes of the widest code: sixteen long messages leave the first-level
    // cache, and are quicker than fewer that stay in it.
    private const nuint GroupLength = 16 * 1024;
    private const int GroupLanes = 16;

    // The scratch: keys, the padded ends of texts, messages of the code, then what the kernels want.
    private const int EndLength = 3 * Poly1305State.BlockLength;
    private const int EndsOffset = JobMax * Poly1305State.KeyLength;
    private const int MessagesOffset = EndsOffset + (JobMax * EndLength);
    private const int PackerOffset = MessagesOffset + (JobMax * Poly1305Message.Size);
    private const int CodeOffset = (PackerOffset + ChaCha20Packer<TCipher>.ScratchLength + 63) & ~63;

    [SkipLocalsInit]
    public override void Run(CryptoJob* jobs, int count, byte* scratch)
    {
        var packer = new ChaCha20Packer<TCipher>(scratch + PackerOffset);
        for (int i = 0; i < count;)
        {
            int first = i;
            nuint length = 0;
            while (i < count && (length < GroupLength || (i - first) % GroupLanes != 0))
            {
                length += jobs[i++].Length;
            }

            RunGroup(ref packer, jobs + first, i - first, scratch);
        }

        packer.Finish();
        CryptographicOperations.ZeroMemory(new Span<byte>(scratch, count * Poly1305State.KeyLength));
    }

    private static void RunGroup(ref ChaCha20Packer<TCipher> packer, CryptoJob* jobs, int count, byte* scratch)
    {
        bool decrypts = false;
        for (int i = 0; i < count; i++)
        {
            CryptoJob* job = jobs + i;
            decrypts |= !job->Encrypt;
            packer.Add(
                job->Key,
                ChaCha20.FirstBlock(job, counter: 0),
                job->Source,
                job->Destination,
                job->Encrypt ? job->Length : 0,
                scratch + (i * Poly1305State.KeyLength));
        }

        packer.Complete();
        var messages = (Poly1305Message*)(scratch + MessagesOffset);
        for (int i = 0; i < count; i++)
        {
            Lay(jobs + i, messages + i, scratch + (i * Poly1305State.KeyLength), scratch + EndsOffset + (i * EndLength));
        }

        TCode.Run(messages, count, scratch + CodeOffset);
        if (decrypts)
        {
            for (CryptoJob* job = jobs, end = jobs + count; job != end; job++)
            {
                if (!job->Encrypt)
                {
                    packer.Add(job->Key, ChaCha20.FirstBlock(job, ChaCha20.FirstCounter), job->Source, job->Destination, job->Length);
                }
            }

            packer.Complete();
        }
    }

    // RFC 8439 2.8: associated data and text, each padded with zeros to whole blocks, then both lengths.
    private static void Lay(CryptoJob* job, Poly1305Message* message, byte* key, byte* ends)
    {
        const int Block = Poly1305State.BlockLength;
        byte* text = job->Encrypt ? job->Destination : job->Source;
        nuint length = job->Length;
        nuint aadBlocks = (nuint)job->AadLength / Block;
        nuint blocks = length / Block;
        *message = default;
        message->Key = key;
        message->Code = job->Code;
        message->Add(job->Aad, aadBlocks);
        if (job->AadLength % Block != 0)
        {
            Pad(ends, job->Aad + (aadBlocks * Block), job->AadLength % Block);
            message->Add(ends, 1);
        }

        message->Add(text, blocks);
        byte* last = ends + (2 * Block);
        Unsafe.WriteUnaligned(last, (ulong)job->AadLength);
        Unsafe.WriteUnaligned(last + 8, (ulong)length);
        bool ragged = length % Block != 0;
        if (ragged)
        {
            Pad(ends + Block, text + (blocks * Block), (int)(length % Block));
        }

        message->Add(ragged ? ends + Block : last, ragged ? 2u : 1u);
    }

    private static void Pad(byte* block, byte* bytes, int count)
    {
        Unsafe.InitBlockUnaligned(block, 0, Poly1305State.BlockLength);
        Unsafe.CopyBlockUnaligned(block, bytes, (uint)count);
    }
}
