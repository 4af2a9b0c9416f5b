using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Outboard.Plugins.Crypto.Engine;
using Outboard.Plugins.Crypto.Keys;

namespace Outboard.Plugins.Crypto.Kernels.AesGcm;

/// <summary>A whole GCM message (SP 800-38D 7.1, 7.2) out of the steps of a kernel made of intrinsics or of plain code.</summary>
internal static unsafe class GcmJob<TKernel>
    where TKernel : struct, IAesGcmKernel
{
    /// <summary>Does one message and writes all sixteen bytes of the tag.</summary>
    /// <param name="job">The message.</param>
    /// <param name="associatedIsReady">Whether <see cref="GcmPreparation{TKernel}"/> has hashed the associated data.</param>
    [SkipLocalsInit]
    public static void Run(CryptoJob* job, bool associatedIsReady)
    {
        ref AesKey key = ref *(AesKey*)job->Key;
        byte* blocks = stackalloc byte[80];
        byte* counter = blocks, mask = blocks + 16, hash = blocks + 32, last = blocks + 48;
        if (job->IvLength == 12)
        {
            Unsafe.CopyBlockUnaligned(counter, job->Iv, 12);
            Unsafe.WriteUnaligned(counter + 12, BinaryPrimitives.ReverseEndianness(1));
        }
        else
        {
            if (job->IvLength != 0)
            {
                GcmPreparation<TKernel>.HashIv(job, counter);
            }

            Unsafe.CopyBlockUnaligned(mask, job->Iv, 16);
            Unsafe.CopyBlockUnaligned(counter, mask, 16);
        }

        nuint length = job->Length;
        if (!associatedIsReady && length <= GcmShort<TKernel>.DataLengthMax && job->AadLength <= GcmShort<TKernel>.AssociatedLengthMax)
        {
            GcmShort<TKernel>.Apply(
                ref key,
                job->Encrypt,
                ref *counter,
                new ReadOnlySpan<byte>(job->Aad, job->AadLength),
                ref *job->Source,
                ref *job->Destination,
                (int)length,
                ref *job->Code);
            return;
        }

        Unsafe.InitBlockUnaligned(mask, 0, 64);
        TKernel.Apply(ref key, ref *counter, ref *mask, ref *mask, 16);
        if (job->AadLength != 0)
        {
            if (!associatedIsReady)
            {
                GcmPreparation<TKernel>.HashAssociated(job, last);
            }

            TKernel.Hash(ref key, ref *hash, ref *job->Aad, 1);
        }

        nuint whole = length / 16, rest = length % 16;
        byte* source = job->Source, destination = job->Destination;
        if (job->Encrypt)
        {
            TKernel.Encrypt(ref key, ref *counter, ref *hash, ref *source, ref *destination, whole);
        }
        else
        {
            TKernel.Decrypt(ref key, ref *counter, ref *hash, ref *source, ref *destination, whole);
        }

        // The last block, if it is not whole, and the lengths are hashed in one go.
        byte* lengths = last;
        if (rest != 0)
        {
            lengths += 16;
            Unsafe.InitBlockUnaligned(last, 0, 16);
            Unsafe.CopyBlockUnaligned(last, source + (16 * whole), (uint)rest);
            TKernel.Apply(ref key, ref *counter, ref source[16 * whole], ref destination[16 * whole], rest);
            if (job->Encrypt)
            {
                Unsafe.CopyBlockUnaligned(last, destination + (16 * whole), (uint)rest);
            }
        }

        Unsafe.WriteUnaligned(lengths, BinaryPrimitives.ReverseEndianness((ulong)job->AadLength * 8));
        Unsafe.WriteUnaligned(lengths + 8, BinaryPrimitives.ReverseEndianness((ulong)job->BitLength));
        TKernel.Hash(ref key, ref *hash, ref *last, rest != 0 ? 2u : 1u);
        Unsafe.WriteUnaligned(job->Code, Unsafe.ReadUnaligned<UInt128>(hash) ^ Unsafe.ReadUnaligned<UInt128>(mask));
    }
}
