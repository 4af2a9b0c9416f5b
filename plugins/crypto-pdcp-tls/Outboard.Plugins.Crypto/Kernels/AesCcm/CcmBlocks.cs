using System.Buffers.Binary;
using System.Runtime.Intrinsics;
using Outboard.Plugins.Crypto.Engine;
using Outboard.Plugins.Crypto.Kernels.AesCmac;

namespace Outboard.Plugins.Crypto.Kernels.AesCcm;

/// <summary>The blocks that CCM makes of what it is told (SP 800-38C appendix A).</summary>
internal static unsafe class CcmBlocks
{
    // From here on the length of associated data takes six bytes.
    private const int ShortAadEnd = 0xFF00;

    /// <summary>Counter block i: the size of the count, the nonce, the count.</summary>
    public static void WriteCounter(byte* block, ref CryptoJob job, byte count)
    {
        Vector128<byte>.Zero.Store(block);
        block[0] = (byte)(14 - job.IvLength);
        ShortCopy.Copy(block + 1, job.Iv, job.IvLength);
        block[15] = count;
    }

    /// <summary>The first block of the chain: flags, the nonce, and the length of the message over the last bytes.</summary>
    public static void WriteFirst(byte* block, ref CryptoJob job)
    {
        // The length goes first: what does not fit beside the nonce is zero.
        Vector128<byte>.Zero.Store(block);
        *(ulong*)(block + 8) = BinaryPrimitives.ReverseEndianness((ulong)job.Length);
        ShortCopy.Copy(block + 1, job.Iv, job.IvLength);
        block[0] = (byte)((job.AadLength != 0 ? 0x40 : 0) | ((job.CodeLength - 2) << 2) | (14 - job.IvLength));
    }

    /// <summary>The block in which associated data begin: their length in two or six bytes, then themselves.</summary>
    /// <returns>How many bytes of them it took.</returns>
    public static int WriteAadStart(byte* block, ref CryptoJob job)
    {
        Vector128<byte>.Zero.Store(block);
        int at = 2;
        if (job.AadLength < ShortAadEnd)
        {
            *(ushort*)block = BinaryPrimitives.ReverseEndianness((ushort)job.AadLength);
        }
        else
        {
            block[0] = 0xFF;
            block[1] = 0xFE;
            *(uint*)(block + 2) = BinaryPrimitives.ReverseEndianness((uint)job.AadLength);
            at = 6;
        }

        int taken = Math.Min(job.AadLength, 16 - at);
        ShortCopy.Copy(block + at, job.Aad, taken);
        return taken;
    }

    /// <summary>How many bytes of the associated data the block takes in which they begin.</summary>
    public static int AadInStart(int aadLength) => Math.Min(aadLength, aadLength < ShortAadEnd ? 14 : 10);

    /// <summary>A last block: bytes, and zeroes behind them.</summary>
    public static void WriteLast(byte* block, byte* from, int length)
    {
        Vector128<byte>.Zero.Store(block);
        ShortCopy.Copy(block, from, length);
    }
}
