using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Outboard.Plugins.Crypto.Engine;

namespace Outboard.Plugins.Crypto.Kernels.Zuc;

/// <summary>The sum of the 32-bit windows of keystream that begin at a message's ones (128-EIA3 4.5).</summary>
/// <remarks>
/// 1. The window at the message's end, which is always added, is the one that a 1 behind the last bit would choose; so the message is
///    taken with that bit, and zeros to whole blocks.
/// 2. A window may reach into the next block of keystream: a block of the message is taken when the keystream behind it is there, and
///    the last one at once where all it needs stands in its own block.
/// 3. The code is the sum plus the last word of keystream: word ceil(n / 32) + 1 for n bits.
/// </remarks>
internal unsafe struct ZucAuthenticator : IZucWork
{
    public static void Begin(ZucLane* lane, CryptoJob* job)
    {
        nuint bits = job->BitLength + ((nuint)job->AadLength << 3);
        nuint words = ((bits + 31) >> 5) + 2;
        lane->Source = job->Source - job->AadLength;
        lane->PrefixLength = job->AadLength;
        lane->BitsLeft = bits;
        lane->BlocksLeft = (uint)((words + 15) >> 4);
        lane->LastWords = (int)((words - 1) & 15) + 1;
        lane->BlocksDone = 0;
        lane->Ended = false;
        new Span<byte>((byte*)lane + ZucLane.SumOffset, 64).Clear();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Block<TLanes, TVector>(ZucLane* lane)
        where TLanes : struct, IZucLanes<TVector>
        where TVector : unmanaged
    {
        uint* before = (uint*)lane, current = before + ZucLane.CurrentWord;
        if (lane->BlocksDone++ != 0)
        {
            if (lane->BitsLeft >= 512 && lane->PrefixLength == 0)
            {
                TLanes.Digest(lane->Source, before, (byte*)lane + ZucLane.SumOffset);
                lane->Source += 64;
                lane->BitsLeft -= 512;
            }
            else
            {
                DigestPiece<TLanes, TVector>(lane, before);
            }
        }

        if (lane->BlocksLeft == 0)
        {
            Finish<TLanes, TVector>(lane, before, current);
        }
        else
        {
            Unsafe.CopyBlock(before, current, 64);
        }
    }

    // Blocks that do not lie whole in memory: the one that begins with the prefix, and the last.
    private static void DigestPiece<TLanes, TVector>(ZucLane* lane, uint* words)
        where TLanes : struct, IZucLanes<TVector>
        where TVector : unmanaged
    {
        if (lane->BitsLeft == 0)
        {
            // The bit behind the end alone.
            lane->Ended = true;
            ((uint*)((byte*)lane + ZucLane.SumOffset))[1] ^= words[0];
            return;
        }

        var piece = new Span<byte>((byte*)lane + ZucLane.PieceOffset, 64);
        piece.Clear();
        int prefix = lane->PrefixLength, bits = (int)Math.Min(lane->BitsLeft, 512);
        new ReadOnlySpan<byte>(lane->Job->Aad, prefix).CopyTo(piece);
        new ReadOnlySpan<byte>(lane->Source + prefix, ((bits + 7) >> 3) - prefix).CopyTo(piece[prefix..]);
        if (bits < 512)
        {
            int last = bits >> 3;
            lane->Ended = true;
            piece[last] = (byte)((piece[last] & ~(0xFF >> (bits & 7))) | (0x80 >> (bits & 7)));
        }

        TLanes.Digest((byte*)lane + ZucLane.PieceOffset, words, (byte*)lane + ZucLane.SumOffset);
        lane->PrefixLength = 0;
        lane->Source += 64;
        lane->BitsLeft -= (nuint)bits;
    }

    private static void Finish<TLanes, TVector>(ZucLane* lane, uint* before, uint* current)
        where TLanes : struct, IZucLanes<TVector>
        where TVector : unmanaged
    {
        if (!lane->Ended)
        {
            DigestPiece<TLanes, TVector>(lane, current);
        }

        uint* sum = (uint*)((byte*)lane + ZucLane.SumOffset);
        BinaryPrimitives.WriteUInt32BigEndian(
            new Span<byte>(lane->Job->Code, 4), sum[1] ^ sum[5] ^ sum[9] ^ sum[13] ^ current[lane->LastWords - 1]);
    }
}
