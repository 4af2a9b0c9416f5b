namespace Outboard.Plugins.Mana.Bus;

/// <summary>
/// What lies between the driver and an adapter: registers, doorbells, DMA mappings and interrupt vectors, and nothing
/// else.
/// </summary>
/// <remarks>
/// The driver speaks to hardware through these calls only, so an adapter may do its work on the caller's core inside
/// <see cref="RingDoorbell"/> (as the software adapter does), on a thread of its own, in another process, or be a
/// mapped BAR, without a change in the driver. A doorbell carries exactly the 64-bit value that hardware would be sent.
/// </remarks>
internal abstract unsafe class AdapterBus : IDisposable
{
    /// <summary>Reads a 32-bit register of BAR0. An adapter that is gone answers with all ones.</summary>
    public abstract uint ReadRegister32(uint offset);

    /// <summary>Reads a 64-bit register of BAR0. An adapter that is gone answers with all ones.</summary>
    public abstract ulong ReadRegister64(uint offset);

    /// <summary>Writes a 32-bit register of BAR0.</summary>
    public abstract void WriteRegister32(uint offset, uint value);

    /// <summary>
    /// Stores a doorbell value at <paramref name="offset"/> of doorbell page <paramref name="page"/>. The caller has
    /// finished every store that the doorbell announces.
    /// </summary>
    public abstract void RingDoorbell(uint page, uint offset, ulong value);

    /// <summary>
    /// Gives an adapter without a thread of its own the chance to take in frames on the caller's core for the
    /// completion queue about to be read; an adapter that runs by itself does nothing here.
    /// </summary>
    /// <param name="page">Doorbell page of the queue.</param>
    /// <param name="completionQueue">Id of the completion queue.</param>
    /// <param name="budget">Completions that the caller has room for.</param>
    public abstract void Poll(uint page, uint completionQueue, int budget);

    /// <summary>Lets the adapter reach native memory. Its DMA address is its virtual address.</summary>
    public abstract void MapMemory(byte* address, nuint byteCount);

    /// <summary>Takes memory away from the adapter; every later access to it fails.</summary>
    public abstract void UnmapMemory(byte* address);

    /// <summary>Number of interrupt vectors.</summary>
    public abstract int VectorCount { get; }

    /// <summary>Sets what an interrupt vector raises; <see langword="null"/> masks it.</summary>
    public abstract void ConnectVector(int vector, IInterruptSink? sink);

    /// <inheritdoc/>
    public abstract void Dispose();
}
