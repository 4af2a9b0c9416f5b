using System.Numerics;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Kernels.Poly1305;

/// <summary>Many messages in the lanes of a vector, and long ones across all lanes of it.</summary>
/// <remarks>
/// 1. Messages beside each other: each lane has the r of its message, all step together as far as the nearest end of a part, and a
///    lane whose message is done takes the next.
/// 2. A long message among short ones, and one that would have the lanes for itself: with L lanes, lane i takes every L-th block from the i-th on and
///    multiplies by r^L; the last time by r^(L-i); the sum of the lanes is h. What is left over goes by 64-bit words.
/// Lengths are public, so is the way taken.
/// </remarks>
internal readonly unsafe struct Poly1305Lanes<TVector> : IPoly1305Kernel
    where TVector : struct, IPoly1305Vector
{
    // Blocks from which a message is long: worth its powers of r, unless as many others are that half the lanes would be full.
    private const nuint LongBlocks = 192;

    // Blocks from which powers are worth more than 64-bit words.
    private const nuint AloneBlocks = 32;

    private const int StagingLength = 1024;
    private const int RowsOffset = StagingLength;
    private const int LaneMax = 16;
    private const int HLength = IPoly1305Vector.LimbCount * LaneMax * sizeof(ulong);
    private const int RLength = IPoly1305Vector.FactorCount * LaneMax * sizeof(ulong);
    private const int LastOffset = RowsOffset + HLength + RLength;
    private const int ShortOffset = LastOffset + RLength;

    public static SimdWidth Width => TVector.Width;

    public static string Name => TVector.Name;

    public static bool IsSupported => TVector.IsSupported;

    public static bool IsAccelerated => TVector.IsAccelerated;

    public static int ScratchLength => ShortOffset + 64;

    private static int Lanes => 2 * TVector.Columns;

    public static void Run(Poly1305Message* messages, int count, byte* scratch)
    {
        int longCount = 0;
        for (int i = 0; i < count; i++)
        {
            longCount += messages[i].BlockCount >= LongBlocks ? 1 : 0;
        }

        byte* shorter = scratch + ShortOffset;
        int shorterCount = 0;
        for (int i = 0; i < count; i++)
        {
            if (messages[i].BlockCount >= LongBlocks && longCount < TVector.Columns)
            {
                RunLong(messages + i, scratch);
            }
            else
            {
                shorter[shorterCount++] = (byte)i;
            }
        }

        // With few lanes taken each message is quicker by itself.
        if (shorterCount >= 3)
        {
            RunLanes(messages, shorter, shorterCount, scratch);
            return;
        }

        for (int i = 0; i < shorterCount; i++)
        {
            Poly1305Message* message = messages + shorter[i];
            if (message->BlockCount >= AloneBlocks)
            {
                RunLong(message, scratch);
            }
            else
            {
                Poly1305Scalar.Run(message);
            }
        }
    }

    private static void RunLong(Poly1305Message* message, byte* scratch)
    {
        Poly1305State state = Poly1305Scalar.Start(message->Key);
        bool ready = false;
        for (int part = 0; part < message->PartCount; part++)
        {
            byte* data = message->Address(part);
            nuint blocks = message->Blocks(part);
            if (blocks >= AloneBlocks)
            {
                if (!ready)
                {
                    SetPowers(state, scratch);
                    ready = true;
                }

                nuint steps = blocks / (nuint)Lanes;
                Stride(ref state, data, steps, scratch);
                data += steps * (nuint)Lanes * Poly1305State.BlockLength;
                blocks %= (nuint)Lanes;
            }

            Poly1305Scalar.Absorb(ref state, data, blocks);
        }

        Poly1305Scalar.Finish(ref state, message->Key, message->Code);
        if (ready)
        {
            CryptographicOperations.ZeroMemory(new Span<byte>(scratch + RowsOffset, HLength + (2 * RLength)));
        }
    }

    // Fills one set of rows with r^L in each lane, and the last one's with the powers that go down from it.
    private static void SetPowers(Poly1305State state, byte* scratch)
    {
        var r = (ulong*)(scratch + RowsOffset + HLength);
        var last = (ulong*)(scratch + LastOffset);
        state.SetToR();
        for (int power = 1; ; power++)
        {
            state.GetLimbs(out ulong l0, out ulong l1, out ulong l2, out ulong l3, out ulong l4);
            SetFactor(last, IPoly1305Vector.LaneOf(Lanes - power, TVector.Columns), l0, l1, l2, l3, l4);
            if (power == Lanes)
            {
                SetAllFactors(r, l0, l1, l2, l3, l4);
                return;
            }

            state.Multiply();
        }
    }

    private static void Stride(ref Poly1305State state, byte* data, nuint steps, byte* scratch)
    {
        var h = (ulong*)(scratch + RowsOffset);
        Unsafe.InitBlockUnaligned(h, 0, HLength);
        state.GetLimbs(out ulong l0, out ulong l1, out ulong l2, out ulong l3, out ulong l4);
        SetLimbs(h, 0, l0, l1, l2, l3, l4);
        TVector.Stride(data, steps - 1, h, (ulong*)(scratch + RowsOffset + HLength));
        TVector.Stride(data + ((steps - 1) * (nuint)Lanes * Poly1305State.BlockLength), 1, h, (ulong*)(scratch + LastOffset));
        l0 = l1 = l2 = l3 = l4 = 0;
        for (int lane = 0; lane < Lanes; lane++)
        {
            ulong* at = Limb(h, lane, IPoly1305Vector.LimbCount);
            l0 += at[0];
            l1 += at[TVector.Columns];
            l2 += at[2 * TVector.Columns];
            l3 += at[3 * TVector.Columns];
            l4 += at[4 * TVector.Columns];
        }

        state.SetLimbs(l0, l1, l2, l3, l4);
    }

    [SkipLocalsInit]
    private static void RunLanes(Poly1305Message* messages, byte* order, int count, byte* scratch)
    {
        Unsafe.SkipInit(out LaneState lanes);
        var h = (ulong*)(scratch + RowsOffset);
        var r = (ulong*)(scratch + RowsOffset + HLength);
        byte** addresses = (byte**)lanes.Address;
        int next = 0;
        uint live = 0;
        for (int lane = 0; lane < Lanes; lane++)
        {
            if (next < count)
            {
                live |= 1u << lane;
                Load(ref lanes, lane, messages, order[next++], h, r);
            }
            else
            {
                // Works on its neighbour's blocks for nothing.
                addresses[lane] = addresses[0];
            }
        }

        while (live != 0)
        {
            ulong steps = ulong.MaxValue;
            for (uint left = live; left != 0; left &= left - 1)
            {
                steps = Math.Min(steps, lanes.Left[BitOperations.TrailingZeroCount(left)]);
            }

            TVector.Steps(addresses, (nuint)steps, h, r, scratch);
            for (uint left = live; left != 0; left &= left - 1)
            {
                int lane = BitOperations.TrailingZeroCount(left);
                lanes.Left[lane] -= steps;
                addresses[lane] += steps * Poly1305State.BlockLength;
                if (lanes.Left[lane] != 0)
                {
                    continue;
                }

                Poly1305Message* message = messages + lanes.Message[lane];
                if (++lanes.Part[lane] < message->PartCount)
                {
                    addresses[lane] = message->Address(lanes.Part[lane]);
                    lanes.Left[lane] = message->Blocks(lanes.Part[lane]);
                    continue;
                }

                Store(message, lane, h);
                if (next < count)
                {
                    Load(ref lanes, lane, messages, order[next++], h, r);
                }
                else
                {
                    live &= ~(1u << lane);
                }
            }

            if (live != 0)
            {
                byte* some = addresses[BitOperations.TrailingZeroCount(live)];
                for (int lane = 0; lane < Lanes; lane++)
                {
                    addresses[lane] = ((live >> lane) & 1) != 0 ? addresses[lane] : some;
                }
            }
        }

        CryptographicOperations.ZeroMemory(new Span<byte>(scratch + RowsOffset, HLength + RLength));
    }

    private static void Load(ref LaneState lanes, int lane, Poly1305Message* messages, int index, ulong* h, ulong* r)
    {
        Poly1305Message* message = messages + index;
        lanes.Message[lane] = (byte)index;
        lanes.Part[lane] = 0;
        lanes.Address[lane] = (ulong)message->Address(0);
        lanes.Left[lane] = message->Blocks(0);
        Poly1305State state = Poly1305Scalar.Start(message->Key);
        state.SetToR();
        state.GetLimbs(out ulong l0, out ulong l1, out ulong l2, out ulong l3, out ulong l4);
        SetFactor(r, lane, l0, l1, l2, l3, l4);
        SetLimbs(h, lane, 0, 0, 0, 0, 0);
    }

    private static void Store(Poly1305Message* message, int lane, ulong* h)
    {
        Poly1305State state = Poly1305Scalar.Start(message->Key);
        ulong* at = Limb(h, lane, IPoly1305Vector.LimbCount);
        int row = TVector.Columns;
        state.SetLimbs(at[0], at[row], at[2 * row], at[3 * row], at[4 * row]);
        Poly1305Scalar.Finish(ref state, message->Key, message->Code);
    }

    private static void SetLimbs(ulong* h, int lane, ulong l0, ulong l1, ulong l2, ulong l3, ulong l4)
    {
        ulong* at = Limb(h, lane, IPoly1305Vector.LimbCount);
        int row = TVector.Columns;
        at[0] = l0;
        at[row] = l1;
        at[2 * row] = l2;
        at[3 * row] = l3;
        at[4 * row] = l4;
    }

    private static void SetFactor(ulong* r, int lane, ulong l0, ulong l1, ulong l2, ulong l3, ulong l4)
    {
        ulong* at = Limb(r, lane, IPoly1305Vector.FactorCount);
        int row = TVector.Columns;
        at[0] = l0;
        at[row] = l1;
        at[2 * row] = l2;
        at[3 * row] = l3;
        at[4 * row] = l4;
        at[5 * row] = l1 * 5;
        at[6 * row] = l2 * 5;
        at[7 * row] = l3 * 5;
        at[8 * row] = l4 * 5;
    }

    private static void SetAllFactors(ulong* r, ulong l0, ulong l1, ulong l2, ulong l3, ulong l4)
    {
        for (int register = 0; register < 2; register++)
        {
            SetRow(ref r, l0);
            SetRow(ref r, l1);
            SetRow(ref r, l2);
            SetRow(ref r, l3);
            SetRow(ref r, l4);
            SetRow(ref r, l1 * 5);
            SetRow(ref r, l2 * 5);
            SetRow(ref r, l3 * 5);
            SetRow(ref r, l4 * 5);
        }
    }

    private static void SetRow(ref ulong* row, ulong value)
    {
        new Span<ulong>(row, TVector.Columns).Fill(value);
        row += TVector.Columns;
    }

    // The first row's element of a lane: registers are one behind the other, each with all its rows.
    private static ulong* Limb(ulong* rows, int lane, int rowCount) =>
        rows + (lane / TVector.Columns * rowCount * TVector.Columns) + (lane % TVector.Columns);

    private struct LaneState
    {
        public fixed ulong Address[LaneMax];
        public fixed ulong Left[LaneMax];
        public fixed byte Message[LaneMax];
        public fixed byte Part[LaneMax];
    }
}
