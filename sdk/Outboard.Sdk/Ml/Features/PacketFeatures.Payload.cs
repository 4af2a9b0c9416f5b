using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Outboard.Ml.Features;

/// <content>Payload statistics.</content>
public static partial class PacketFeatures
{
    private const int FirstShare = 32;
    private const int ShareCount = 20;

    // Where the runs of one byte, and of letters and digits, are cut off.
    private const int RunMax = 64;

    // n log2 n for every count a byte value can have, so that the entropy is additions only.
    private static readonly float[] s_countLogs = MakeCountLogs();

    // Which of the 20 shares a byte counts for.
    private static readonly byte[] s_byteClasses = MakeByteClasses();

    // Four questions about a byte, an answer in the lowest bit of each 16: a letter or digit, a full stop, %, a hex digit.
    private static readonly ulong[] s_byteTraits = MakeByteTraits();

    // The histogram takes its bytes one by one at any width, and what else is asked fits beside it; so there is no branch
    // that depends on a byte, and the answers are gathered as bits to be counted 64 at a time.
    private static void WriteStatistics(ReadOnlySpan<byte> payload, Span<float> features)
    {
        Span<ushort> histogram = stackalloc ushort[256];
        Span<byte> order = stackalloc byte[256];
        Span<int> shares = stackalloc int[ShareCount];
        histogram.Clear();
        shares.Clear();
        WriteStatistics(payload, ref histogram[0], ref order[0], ref shares[0], features);
    }

    // Without stackalloc, which the runtime compiles once and for all: then it would never know that the tables are constant.
    private static void WriteStatistics(
        ReadOnlySpan<byte> payload, ref ushort histogram, ref byte order, ref int shares, Span<float> features)
    {
        PayloadBits words = default, repeats = default, stops = default, percents = default, hexes = default;
        ref ulong traits = ref MemoryMarshal.GetArrayDataReference(s_byteTraits);
        int distinct = 0;
        int previous = -1;
        for (int first = 0; first < payload.Length; first += 16)
        {
            ReadOnlySpan<byte> part = payload.Slice(first, Math.Min(16, payload.Length - first));
            ulong answers = 0;
            uint same = 0;
            for (int i = 0; i < part.Length; i++)
            {
                int value = part[i];
                int count = Unsafe.Add(ref histogram, value);
                Unsafe.Add(ref histogram, value) = (ushort)(count + 1);

                // Stays only if the value is new; at most 255 are before it.
                Unsafe.Add(ref order, distinct) = (byte)value;
                distinct += count == 0 ? 1 : 0;
                answers |= Unsafe.Add(ref traits, value) << i;
                same |= (value == previous ? 1u : 0u) << i;
                previous = value;
            }
            words.Add(first, (ushort)answers);
            stops.Add(first, (ushort)(answers >> 16));
            percents.Add(first, (ushort)(answers >> 32));
            hexes.Add(first, (ushort)(answers >> 48));
            repeats.Add(first, (ushort)same);
        }
        float scale = 1f / payload.Length;
        float logs = 0f;
        float[] countLogs = s_countLogs;
        byte[] classes = s_byteClasses;
        for (int i = 0; i < distinct; i++)
        {
            byte value = Unsafe.Add(ref order, i);
            int count = Unsafe.Add(ref histogram, value);
            Unsafe.Add(ref shares, classes[value]) += count;
            logs += countLogs[count];
        }
        for (int i = 0; i < ShareCount; i++)
        {
            features[FirstShare + i] = Unsafe.Add(ref shares, i) * scale;
        }

        // H = log2 n - (1/n) sum c log2 c.
        features[52] = Math.Max(0f, MathF.Log2(payload.Length) - (logs * scale)) / 8f;
        features[53] = distinct / 256f;
        features[54] = (1 + repeats.LongestRun(RunMax - 1)) / (float)RunMax;
        features[55] = words.LongestRun(RunMax) / (float)RunMax;
        features[56] = PayloadBits.CountSequences(percents, hexes, hexes) * 3 * scale;
        features[57] = Math.Min(PayloadBits.CountPairs(stops) / 8f, 1f);
    }

    private static void WriteBeginning(ReadOnlySpan<byte> payload, int transport, Span<float> features)
    {
        features[58] = payload.Length >= 5 && payload[0] is >= 20 and <= 24
            && ((payload[1] == 3 && payload[2] <= 4) || (payload[1] == 0xFE && payload[2] >= 0xFD)) ? 1f : 0f;
        bool isHttp = IsHttp(payload);
        features[59] = isHttp ? 1f : 0f;
        features[60] = payload.Length >= 4 && IsDigit(payload[0]) && IsDigit(payload[1]) && IsDigit(payload[2])
            && payload[3] is (byte)' ' or (byte)'-' ? 1f : 0f;
        features[61] = IsDnsHeader(transport == 6 && payload.Length > 2 ? payload[2..] : payload) ? 1f : 0f;
        features[62] = IsMailboxLine(payload) ? 1f : 0f;
        features[63] = !isHttp && IsCommand(payload) ? 1f : 0f;
    }

    private static bool IsHttp(ReadOnlySpan<byte> payload)
        => payload[0] is >= (byte)'C' and <= (byte)'P' && (payload.StartsWith("HTTP/"u8) || payload.StartsWith("GET "u8) || payload.StartsWith("POST "u8)
            || payload.StartsWith("HEAD "u8) || payload.StartsWith("PUT "u8) || payload.StartsWith("OPTIONS "u8)
            || payload.StartsWith("DELETE "u8) || payload.StartsWith("CONNECT "u8) || payload.StartsWith("PATCH "u8)
            || payload.StartsWith("PRI * "u8));

    // Twelve bytes: one question or none, few answers, opcode 0, a reply code that exists.
    private static bool IsDnsHeader(ReadOnlySpan<byte> payload)
        => payload.Length >= 17 && (payload[2] & 0x78) == 0 && (payload[3] & 0x4F) <= 10
            && payload[4] == 0 && payload[5] <= 4 && payload[6] == 0 && payload[8] == 0 && payload[10] == 0
            && payload[5] + payload[7] + payload[9] + payload[11] != 0;

    private static bool IsMailboxLine(ReadOnlySpan<byte> payload)
    {
        if (payload.StartsWith("+OK"u8) || payload.StartsWith("-ERR"u8) || payload.StartsWith("* "u8)
            || payload.StartsWith("+ "u8))
        {
            return true;
        }

        // A tag of up to eight letters and digits, a space, then a word in capitals.
        int at = 0;
        while (at < Math.Min(8, payload.Length) && IsLetterOrDigit(payload[at]))
        {
            at++;
        }
        bool digit = at > 0 && IsDigit(payload[at - 1]);
        return digit && at + 3 < payload.Length && payload[at] == ' ' && IsUpper(payload[at + 1]) && IsUpper(payload[at + 2]);
    }

    private static bool IsCommand(ReadOnlySpan<byte> payload)
    {
        int at = 0;
        while (at < Math.Min(8, payload.Length) && IsUpper(payload[at]))
        {
            at++;
        }
        return at >= 3 && at < payload.Length && payload[at] is (byte)' ' or (byte)'\r';
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsLetterOrDigit(byte value) => IsDigit(value) || (uint)((value | 0x20) - 'a') < 26;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsDigit(byte value) => (uint)(value - '0') < 10;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsUpper(byte value) => (uint)(value - 'A') < 26;

    private static bool IsHex(byte value) => IsDigit(value) || (uint)((value | 0x20) - 'a') < 6;

    private static float[] MakeCountLogs()
    {
        float[] logs = new float[PayloadBytesMax + 1];
        for (int i = 1; i < logs.Length; i++)
        {
            logs[i] = i * MathF.Log2(i);
        }
        return logs;
    }

    private static ulong[] MakeByteTraits()
    {
        ulong[] traits = new ulong[256];
        for (int value = 0; value < 256; value++)
        {
            traits[value] = (IsLetterOrDigit((byte)value) ? 1UL : 0) | (value == '.' ? 1UL << 16 : 0)
                | (value == '%' ? 1UL << 32 : 0) | (IsHex((byte)value) ? 1UL << 48 : 0);
        }
        return traits;
    }

    private static byte[] MakeByteClasses()
    {
        byte[] classes = new byte[256];
        for (int value = 0; value < 256; value++)
        {
            classes[value] = (byte)value switch
            {
                0 => 0,
                9 or 10 or 13 => 2,
                < 32 or 127 => 1,
                (byte)' ' => 3,
                >= (byte)'0' and <= (byte)'9' => 4,
                >= (byte)'A' and <= (byte)'Z' => 5,
                >= (byte)'a' and <= (byte)'z' => 6,
                >= 0x80 => 7,
                (byte)'%' => 8,
                (byte)'\'' or (byte)'"' or (byte)'`' => 9,
                (byte)'<' or (byte)'>' => 10,
                (byte)'(' or (byte)')' => 11,
                (byte)'{' or (byte)'}' or (byte)'[' or (byte)']' or (byte)'$' => 12,
                (byte)';' or (byte)'|' or (byte)'&' => 13,
                (byte)'.' => 14,
                (byte)'/' or (byte)'\\' => 15,
                (byte)'=' or (byte)'?' => 16,
                (byte)'-' or (byte)'_' or (byte)'+' => 17,
                (byte)':' or (byte)',' or (byte)'@' => 18,
                _ => 19,
            };
        }
        return classes;
    }
}
