using Outboard.Plugins.Crypto.Engine;
using Outboard.Plugins.Crypto.Kernels.Zuc;

namespace Outboard.Plugins.Crypto.Kernels.Zuc256;

/// <summary>Twelve words of keystream, and the code of the message under them. Lengths: 0, then the message's bits.</summary>
internal unsafe struct Zuc256Authenticator : IZucWork
{
    public static void Begin(ZucLane* lane, CryptoJob* job)
    {
        lane->BlocksLeft = 1;
        lane->LastWords = Zuc256Code.KeyWords;
    }

    public static void Block<TLanes, TVector>(ZucLane* lane)
        where TLanes : struct, IZucLanes<TVector>
        where TVector : unmanaged
    {
        CryptoJob* job = lane->Job;
        Zuc256Code.Start(lane);
        Zuc256Code.Absorb<TLanes>(lane, job->Aad, job->AadLength, job->Source, job->BitLength);
        Zuc256Code.Finish<TLanes>(lane, 0, job->BitLength + ((ulong)job->AadLength * 8));
    }
}
