using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Outboard.Plugins.Crypto.Engine;
using Outboard.Plugins.Crypto.Keys;

namespace Outboard.Plugins.Crypto.Kernels.AesGcm;

/// <summary>Makes ready what is unusual about a GCM message, so that kernels see a counter block and at most one block of associated data.</summary>
internal static unsafe class GcmPreparation<TKernel>
    where TKernel : struct, IAesGcmKernel
{
    /// <summary>Hashes an IV of any length but twelve bytes to a counter block (SP 800-38D 7.1 step 2), which the job has instead.</summary>
    /// <param name="job">The message.</param>
    /// <param name="block">Sixteen bytes that stay as long as the job does.</param>
    public static void HashIv(CryptoJob* job, byte* block)
    {
        ref AesKey key = ref *(AesKey*)job->Key;
        UInt128 last = default;
        Unsafe.InitBlockUnaligned(block, 0, 16);
        int whole = job->IvLength / 16, rest = job->IvLength % 16;
        TKernel.Hash(ref key, ref *block, ref *job->Iv, (nuint)whole);
        if (rest != 0)
        {
            Unsafe.CopyBlockUnaligned(&last, job->Iv + (16 * whole), (uint)rest);
            TKernel.Hash(ref key, ref *block, ref *(byte*)&last, 1);
        }

        last = 0;
        Unsafe.WriteUnaligned((byte*)&last + 8, BinaryPrimitives.ReverseEndianness((ulong)job->IvLength * 8));
        TKernel.Hash(ref key, ref *block, ref *(byte*)&last, 1);
        job->Iv = block;
        job->IvLength = 0;
    }

    /// <summary>Hashes associated data but for its last block, which is xored to the sum; that is what the job has instead, its length as it was.</summary>
    /// <param name="job">The message.</param>
    /// <param name="block">Sixteen bytes that stay as long as the job does.</param>
    public static void HashAssociated(CryptoJob* job, byte* block)
    {
        Hash(ref *(AesKey*)job->Key, null, 0, job->Aad, (nuint)job->AadLength, block);
        job->Aad = block;
    }

    /// <summary>Turns a message that is only authenticated, and its prefix, into associated data, hashed as above.</summary>
    /// <param name="job">The message.</param>
    /// <param name="block">Sixteen bytes that stay as long as the job does.</param>
    public static void HashMessage(CryptoJob* job, byte* block)
    {
        nuint length = job->Length;
        Hash(ref *(AesKey*)job->Key, job->Aad, job->AadLength, job->Source, length, block);
        job->Aad = block;
        job->AadLength += (int)length;
        job->BitLength = 0;
    }

    /// <summary>Wipes blocks that were made.</summary>
    public static void Wipe(byte* blocks, int byteCount) => CryptographicOperations.ZeroMemory(new Span<byte>(blocks, byteCount));

    // The prefix has at most sixteen bytes; it and the data may be empty.
    private static void Hash(ref AesKey key, byte* prefix, int prefixLength, byte* data, nuint length, byte* block)
    {
        Unsafe.InitBlockUnaligned(block, 0, 16);
        Unsafe.CopyBlockUnaligned(block, prefix, (uint)prefixLength);
        nuint head = Math.Min(length, (nuint)(16 - prefixLength));
        Unsafe.CopyBlockUnaligned(block + prefixLength, data, (uint)head);
        length -= head;
        if (length == 0)
        {
            return;
        }

        data += head;
        UInt128 sum = default;
        nuint whole = (length - 1) / 16;
        TKernel.Hash(ref key, ref *(byte*)&sum, ref *block, 1);
        TKernel.Hash(ref key, ref *(byte*)&sum, ref *data, whole);
        Unsafe.InitBlockUnaligned(block, 0, 16);
        Unsafe.CopyBlockUnaligned(block, data + (16 * whole), (uint)(length - (16 * whole)));
        Unsafe.WriteUnaligned(block, Unsafe.ReadUnaligned<UInt128>(block) ^ sum);
    }
}
