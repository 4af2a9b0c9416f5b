using Outboard.Plugins.Crypto.Engine;
using Outboard.Plugins.Crypto.Kernels.Zuc;
using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Kernels.Zuc256;

/// <summary>The cipher from byte 48 of the keystream on, and the code of associated data and ciphertext. Lengths: ciphertext, then associated data.</summary>
internal unsafe struct Zuc256Sealer : IZucWork
{
    // The first block of keystream has this much left for the message.
    private const uint FirstBits = 512 - (Zuc256Code.KeyWords * 32);

    public static void Begin(ZucLane* lane, CryptoJob* job)
    {
        ZucCipher.Begin(lane, job);
        nuint words = Zuc256Code.KeyWords + ((job->BitLength + 31) >> 5);
        lane->BlocksLeft = (uint)((words + 15) >> 4);
        lane->LastWords = (int)((words - 1) & 15) + 1;
        lane->BlocksDone = 0;
    }

    public static void Block<TLanes, TVector>(ZucLane* lane)
        where TLanes : struct, IZucLanes<TVector>
        where TVector : unmanaged
    {
        CryptoJob* job = lane->Job;
        if (lane->BlocksDone++ != 0)
        {
            ZucCipher.Block<TLanes, TVector>(lane);
        }
        else
        {
            Zuc256Code.Start(lane);
            if (!job->Encrypt)
            {
                // Before the ciphertext goes, where it is deciphered in place.
                Authenticate<TLanes>(lane, job->Source);
            }

            nuint bits = Math.Min(lane->BitsLeft, FirstBits);
            ZucTail.Xor(lane->Source, (uint*)lane + ZucLane.CurrentWord + Zuc256Code.KeyWords, lane->Destination, bits);
            lane->Source += FirstBits / 8;
            lane->Destination += FirstBits / 8;
            lane->BitsLeft -= bits;
        }

        if (lane->BlocksLeft == 0 && job->Encrypt)
        {
            Authenticate<TLanes>(lane, job->Destination);
        }
    }

    private static void Authenticate<TLanes>(ZucLane* lane, byte* ciphertext)
        where TLanes : struct, ISimdKernel
    {
        CryptoJob* job = lane->Job;
        Zuc256Code.Absorb<TLanes>(lane, job->Aad, (nuint)job->AadLength * 8);
        Zuc256Code.Absorb<TLanes>(lane, ciphertext, job->BitLength);
        Zuc256Code.Finish<TLanes>(lane, job->BitLength, (ulong)job->AadLength * 8);
    }
}
