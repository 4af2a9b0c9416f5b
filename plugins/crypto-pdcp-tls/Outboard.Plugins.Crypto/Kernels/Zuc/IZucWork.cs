using Outboard.Plugins.Crypto.Engine;

namespace Outboard.Plugins.Crypto.Kernels.Zuc;

/// <summary>What an algorithm does with the keystream of a message, 64 bytes at a time.</summary>
internal unsafe interface IZucWork
{
    /// <summary>Takes a message into a lane: sets all fields but the job's.</summary>
    static abstract void Begin(ZucLane* lane, CryptoJob* job);

    /// <summary>Uses a block of keystream, which stands in the lane; <see cref="ZucLane.BlocksLeft"/> says how many come after it.</summary>
    static abstract void Block<TLanes, TVector>(ZucLane* lane)
        where TLanes : struct, IZucLanes<TVector>
        where TVector : unmanaged;
}
