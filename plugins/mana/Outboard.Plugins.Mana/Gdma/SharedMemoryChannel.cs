using System.Diagnostics;
using Outboard.Plugins.Mana.Bus;

namespace Outboard.Plugins.Mana.Gdma;

/// <summary>The 32-byte mailbox in BAR0 over which the hardware channel is made and unmade (reference 1.1).</summary>
/// <remarks>
/// Dwords 0 to 6 go first; the header dword goes last, since its top bit passes ownership to the physical function.
/// </remarks>
internal sealed class SharedMemoryChannel(AdapterBus bus, uint offset, TimeSpan timeout)
{
    public const int DwordCount = 8;

    private const uint EstablishHwc = 1;
    private const uint DestroyHwc = 2;
    private const int StatusShift = 8;
    private const uint ResponseBit = 1u << 6;
    private const uint ResetFunctionBit = 1u << 24;
    private const uint OwnerIsPhysicalFunction = 1u << 31;

    /// <summary>Asks for a hardware channel over four boot pages.</summary>
    public void Establish(ulong eventPage, ulong completionPage, ulong receivePage, ulong sendPage, ushort msixIndex)
    {
        Span<uint> dwords = stackalloc uint[DwordCount];
        EncodeEstablish(dwords, eventPage, completionPage, receivePage, sendPage, msixIndex);
        Exchange(dwords, "establish the hardware channel");
    }

    /// <summary>Takes the hardware channel down and resets the function.</summary>
    public void Destroy()
    {
        Span<uint> dwords = stackalloc uint[DwordCount];
        dwords[7] = DestroyHwc | ResetFunctionBit | OwnerIsPhysicalFunction;
        Exchange(dwords, "destroy the hardware channel");
    }

    /// <summary>The message: four 48-bit page frame numbers, their top nibbles, the vector, the header.</summary>
    public static void EncodeEstablish(
        Span<uint> dwords, ulong eventPage, ulong completionPage, ulong receivePage, ulong sendPage, ushort msixIndex)
    {
        Span<byte> bytes = System.Runtime.InteropServices.MemoryMarshal.AsBytes(dwords);
        uint nibbles = 0;
        ReadOnlySpan<ulong> pages = [eventPage, completionPage, receivePage, sendPage];
        for (int i = 0; i < pages.Length; i++)
        {
            ulong frame = pages[i] >> 12;
            for (int b = 0; b < 6; b++)
            {
                bytes[(i * 6) + b] = (byte)(frame >> (8 * b));
            }

            nibbles |= (uint)((frame >> 48) & 0xF) << (4 * i);
        }

        dwords[6] = nibbles | ((uint)msixIndex << 16);
        dwords[7] = EstablishHwc | OwnerIsPhysicalFunction;
    }

    private void Exchange(ReadOnlySpan<uint> dwords, string purpose)
    {
        WaitForOwnership(purpose);
        for (int i = 0; i < DwordCount; i++)
        {
            bus.WriteRegister32(offset + ((uint)i * 4), dwords[i]);
        }

        uint header = WaitForOwnership(purpose);
        uint status = (header >> StatusShift) & 0xFF;
        if ((header & ResponseBit) == 0 || (header & 7) != (dwords[7] & 7) || status != 0)
        {
            throw new GdmaException(
                $"The adapter refused to {purpose}: header 0x{header:x8}, status {status}.", status);
        }
    }

    private uint WaitForOwnership(string purpose)
    {
        long started = Stopwatch.GetTimestamp();
        while (true)
        {
            uint header = bus.ReadRegister32(offset + 28);
            if (header == Registers.Gone)
            {
                throw new GdmaException($"The adapter is gone: cannot {purpose}.");
            }

            if ((header & OwnerIsPhysicalFunction) == 0)
            {
                return header;
            }

            if (Stopwatch.GetElapsedTime(started) > timeout)
            {
                throw new GdmaException(
                    $"The adapter did not answer within {timeout.TotalMilliseconds:F0} ms: cannot {purpose}.");
            }

            Thread.Sleep(1);
        }
    }
}
