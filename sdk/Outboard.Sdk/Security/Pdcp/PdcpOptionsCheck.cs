using System.Numerics;

namespace Outboard.Security.Pdcp;

/// <summary>What of a bearer's configuration makes no sense, before the device is asked for the rest.</summary>
internal static class PdcpOptionsCheck
{
    public static void Check(PdcpEntityOptions options)
    {
        ArgumentNullException.ThrowIfNull(options.Protection);
        bool signalling = options.Kind == PdcpBearerKind.Signalling, lte = options.System == PdcpSystem.Lte;
        CheckBits(options.SequenceNumberBits, nameof(options.SequenceNumberBits), signalling, lte);
        int receiveBits = options.ReceiveSequenceNumberBits == 0 ? options.SequenceNumberBits : options.ReceiveSequenceNumberBits;
        CheckBits(receiveBits, nameof(options.ReceiveSequenceNumberBits), signalling, lte);
        Require(
            options.Kind != PdcpBearerKind.Acknowledged || options.SequenceNumberBits >= 12,
            $"SequenceNumberBits {options.SequenceNumberBits}: a status report has no form for less than 12");
        int window = 1 << (receiveBits - 1);
        int buffer = options.ReorderBufferCount;
        Require(
            buffer == 0 || (buffer >= 16 && buffer <= window && BitOperations.IsPow2(buffer)),
            $"ReorderBufferCount {buffer} is not 0 or a power of two from 16 to the window of {window}");
        Require(
            options.TransmitBufferCount is >= 1 and <= 1 << 20 && BitOperations.IsPow2(options.TransmitBufferCount),
            $"TransmitBufferCount {options.TransmitBufferCount} is not a power of two from 1 to {1 << 20}");
        Require(
            options.ReorderingTime is not { } reordering || reordering >= TimeSpan.Zero,
            $"ReorderingTime {options.ReorderingTime} is negative");
        Require(
            options.DiscardTime is not { } discard || (discard > TimeSpan.Zero && !signalling),
            $"DiscardTime {options.DiscardTime} is not above zero, or the bearer is a signalling one");
        Require(
            !signalling || options.Protection.Integrity != PdcpIntegrity.None,
            "a signalling bearer has a MAC-I; without integrity it is Nia0");
        Require(
            options.Kind != PdcpBearerKind.Acknowledged || options.PduPool is not null,
            "PduPool is needed by an acknowledged bearer, which keeps its SDUs");
        int header = PdcpFormat.HeaderLength(options.SequenceNumberBits);
        Require(
            options.PduPool is not { } pool || (pool.Headroom >= header && pool.DataRoomSize >= pool.Headroom + PdcpFormat.CodeLength),
            $"PduPool needs {header} bytes of headroom and {PdcpFormat.CodeLength} of data room");
    }

    private static void CheckBits(int bits, string name, bool signalling, bool lte)
    {
        bool known = (signalling, lte) switch
        {
            (true, false) => bits == 12,
            (true, true) => bits == 5,
            (false, false) => bits is 12 or 18,
            (false, true) => bits is 7 or 12 or 15 or 18,
        };
        Require(known, $"{name} {bits} is not a length of {(lte ? "an LTE" : "an NR")} {(signalling ? "signalling" : "data")} bearer");
    }

    private static void Require(bool condition, string message)
    {
        if (!condition)
        {
            throw new ArgumentException($"PDCP entity: {message}.");
        }
    }
}
