using System.Runtime.CompilerServices;
using Outboard.Plugins.Crypto.Engine;

namespace Outboard.Plugins.Crypto.Kernels.Zuc;

/// <summary>The keystream is added to the message, bit by bit (128-EEA3 3.6).</summary>
internal unsafe struct ZucCipher : IZucWork
{
    public static void Begin(ZucLane* lane, CryptoJob* job)
    {
        lane->Source = job->Source;
        lane->Destination = job->Destination;
        lane->BitsLeft = job->BitLength;
        lane->BlocksLeft = (uint)((job->BitLength + 511) >> 9);
        lane->LastWords = (int)((((job->BitLength - 1) & 511) >> 5) + 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Block<TLanes, TVector>(ZucLane* lane)
        where TLanes : struct, IZucLanes<TVector>
        where TVector : unmanaged
    {
        uint* words = (uint*)lane + ZucLane.CurrentWord;
        if (lane->BitsLeft >= 512)
        {
            TLanes.XorBlock(lane->Source, words, lane->Destination);
            lane->Source += 64;
            lane->Destination += 64;
            lane->BitsLeft -= 512;
            return;
        }

        ZucTail.Xor(lane->Source, words, lane->Destination, lane->BitsLeft);
    }
}
