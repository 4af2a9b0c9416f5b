using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Kernels.AesCbc;

/// <summary>CBC encryption of many messages side by side: state = E(state ^ source), and the state is stored or only kept.</summary>
/// <remarks>
/// One message is a chain of dependent rounds, so lanes go across messages. It is the whole of CBC encryption (SP 800-38A 6.2) and
/// all but the ends of CMAC, XCBC-MAC and the code of CCM. <see cref="AesChain{TKernel}"/> hands messages to lanes.
/// </remarks>
internal unsafe interface IAesChainKernel : ISimdKernel
{
    /// <summary>Does beforehand what would delay the first message. The control path.</summary>
    static virtual void Prepare()
    {
    }

    /// <summary>How many lanes step together, at most <see cref="ChainLanes.LaneMax"/>.</summary>
    static abstract int LaneCount { get; }

    /// <summary>Whether lanes may have different keys, of one size. If not, all lanes have one key.</summary>
    static abstract bool MixesKeys { get; }

    /// <summary>Most messages that a narrower kernel does as fast, since a step lasts as long as one block takes; 0 if there is none.</summary>
    static virtual int FewMax => 0;

    /// <summary>Chains at most <see cref="FewMax"/> messages in that kernel.</summary>
    static virtual void RunFew(ChainJob* jobs, int count, bool store, byte* scratch)
    {
    }

    /// <summary>Moves every lane on by the same number of blocks.</summary>
    /// <param name="lanes">The lanes; each names as many blocks as the call says, live or not.</param>
    /// <param name="rounds">10, 12 or 14.</param>
    /// <param name="sharedKey">Whether all lanes have one key. If not, the keys stand round by round, lane by lane.</param>
    /// <param name="store">Whether each block made is written to the lane's destination.</param>
    static abstract void Run(ChainLanes* lanes, int rounds, bool sharedKey, bool store);
}
