using Outboard.Plugins.Mana.Adapter.Queues;
using Outboard.Plugins.Mana.Kernels.Checksum;
using Outboard.Plugins.Mana.Kernels.Toeplitz;
using Outboard.Plugins.Mana.Wires;
using Outboard.Simd;

namespace Outboard.Plugins.Mana.Adapter.Frames;

/// <summary>The adapter's data path, closed over its kernels when the adapter is made.</summary>
internal abstract unsafe class FrameEngine
{
    public abstract KernelChoice Checksum { get; }

    public abstract KernelChoice Toeplitz { get; }

    /// <summary>Sends every element announced on a queue. One thread a queue.</summary>
    public abstract void Send(SendElementQueue queue, FrameBatch batch, IFrameSink back);

    /// <summary>Puts frames into posted buffers.</summary>
    /// <param name="frames">Frames; may be the batch's own.</param>
    /// <param name="count">Frames, up to a batch.</param>
    /// <param name="batch">Working memory of the calling thread.</param>
    /// <param name="lost">Counters of the calling thread, for frames that reach no queue.</param>
    /// <param name="wait">Stop at the first frame without a buffer, instead of losing it.</param>
    /// <returns>Frames dealt with, a prefix.</returns>
    public abstract int Deliver(WireFrame* frames, int count, FrameBatch batch, VportCounters lost, bool wait);

    /// <summary>Closes the data path over the widest kernels that the selector allows.</summary>
    public static FrameEngine Create(IFrameEngineOwner owner, SimdSelector selector)
    {
        KernelChoice checksum = ChecksumKernels.Choose(selector);
        KernelChoice toeplitz = ToeplitzKernels.Choose(selector);
        return checksum.Width switch
        {
            SimdWidth.V512 => Close<ChecksumVector512>(owner, checksum, toeplitz),
            SimdWidth.V256 => Close<ChecksumVector256>(owner, checksum, toeplitz),
            SimdWidth.V128 => Close<ChecksumVector128>(owner, checksum, toeplitz),
            _ => Close<ChecksumScalar>(owner, checksum, toeplitz),
        };
    }

    private static FrameEngine Close<TChecksum>(IFrameEngineOwner owner, KernelChoice checksum, KernelChoice toeplitz)
        where TChecksum : struct, IChecksumKernel => toeplitz.Width switch
        {
            SimdWidth.V512 => new FrameEngine<TChecksum, ToeplitzVector512>(owner, checksum, toeplitz),
            SimdWidth.V256 => new FrameEngine<TChecksum, ToeplitzVector256>(owner, checksum, toeplitz),
            SimdWidth.V128 => new FrameEngine<TChecksum, ToeplitzVector128>(owner, checksum, toeplitz),
            _ => new FrameEngine<TChecksum, ToeplitzScalar>(owner, checksum, toeplitz),
        };
}
