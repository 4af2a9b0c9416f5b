using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Outboard.Simd;
using Aes = System.Runtime.Intrinsics.X86.Aes;

namespace Outboard.Plugins.Crypto.Kernels.AesCbc;

/// <summary>Chains with AES-NI, eight messages with interleaved rounds: as many as hide the latency of one.</summary>
/// <remarks>
/// The rounds are written out because the JIT does not unroll. Keys of different messages lie side by side, round by round, so that
/// one register reaches them all.
/// </remarks>
internal readonly struct AesChainVector128 : IAesChainKernel
{
    private const int Lanes = 8;

    public static SimdWidth Width => SimdWidth.V128;

    public static string Name => "aesni-8-lanes";

    public static bool IsSupported => Aes.IsSupported;

    public static bool IsAccelerated => IsSupported;

    public static int LaneCount => Lanes;

    public static bool MixesKeys => true;

    public static unsafe void Run(ChainLanes* lanes, int rounds, bool sharedKey, bool store)
    {
        if (sharedKey)
        {
            Run<OneKey>(lanes, rounds, store);
        }
        else
        {
            Run<KeyOfEachLane>(lanes, rounds, store);
        }
    }

    private static unsafe void Run<TKeys>(ChainLanes* lanes, int rounds, bool store)
        where TKeys : struct, ILaneKeys
    {
        // SAFETY: every lane names as many blocks as the call says behind its source and, to store, its destination.
        byte* keys = lanes->Keys;
        Vector128<byte>* states = (Vector128<byte>*)lanes->States;
        Vector128<byte> s0 = states[0];
        Vector128<byte> s1 = states[1];
        Vector128<byte> s2 = states[2];
        Vector128<byte> s3 = states[3];
        Vector128<byte> s4 = states[4];
        Vector128<byte> s5 = states[5];
        Vector128<byte> s6 = states[6];
        Vector128<byte> s7 = states[7];
        ulong end = lanes->Offset + (16 * lanes->BlockCount);
        for (ulong offset = lanes->Offset; offset != end; offset += 16)
        {
            s0 ^= TKeys.Of(keys, 0, 0) ^ Vector128.Load((byte*)(lanes->Sources[0] + offset));
            s1 ^= TKeys.Of(keys, 0, 1) ^ Vector128.Load((byte*)(lanes->Sources[1] + offset));
            s2 ^= TKeys.Of(keys, 0, 2) ^ Vector128.Load((byte*)(lanes->Sources[2] + offset));
            s3 ^= TKeys.Of(keys, 0, 3) ^ Vector128.Load((byte*)(lanes->Sources[3] + offset));
            s4 ^= TKeys.Of(keys, 0, 4) ^ Vector128.Load((byte*)(lanes->Sources[4] + offset));
            s5 ^= TKeys.Of(keys, 0, 5) ^ Vector128.Load((byte*)(lanes->Sources[5] + offset));
            s6 ^= TKeys.Of(keys, 0, 6) ^ Vector128.Load((byte*)(lanes->Sources[6] + offset));
            s7 ^= TKeys.Of(keys, 0, 7) ^ Vector128.Load((byte*)(lanes->Sources[7] + offset));
            Round<TKeys>(keys, 1, ref s0, ref s1, ref s2, ref s3, ref s4, ref s5, ref s6, ref s7);
            Round<TKeys>(keys, 2, ref s0, ref s1, ref s2, ref s3, ref s4, ref s5, ref s6, ref s7);
            Round<TKeys>(keys, 3, ref s0, ref s1, ref s2, ref s3, ref s4, ref s5, ref s6, ref s7);
            Round<TKeys>(keys, 4, ref s0, ref s1, ref s2, ref s3, ref s4, ref s5, ref s6, ref s7);
            Round<TKeys>(keys, 5, ref s0, ref s1, ref s2, ref s3, ref s4, ref s5, ref s6, ref s7);
            Round<TKeys>(keys, 6, ref s0, ref s1, ref s2, ref s3, ref s4, ref s5, ref s6, ref s7);
            Round<TKeys>(keys, 7, ref s0, ref s1, ref s2, ref s3, ref s4, ref s5, ref s6, ref s7);
            Round<TKeys>(keys, 8, ref s0, ref s1, ref s2, ref s3, ref s4, ref s5, ref s6, ref s7);
            Round<TKeys>(keys, 9, ref s0, ref s1, ref s2, ref s3, ref s4, ref s5, ref s6, ref s7);
            if (rounds > 10)
            {
                Round<TKeys>(keys, 10, ref s0, ref s1, ref s2, ref s3, ref s4, ref s5, ref s6, ref s7);
                Round<TKeys>(keys, 11, ref s0, ref s1, ref s2, ref s3, ref s4, ref s5, ref s6, ref s7);
                if (rounds > 12)
                {
                    Round<TKeys>(keys, 12, ref s0, ref s1, ref s2, ref s3, ref s4, ref s5, ref s6, ref s7);
                    Round<TKeys>(keys, 13, ref s0, ref s1, ref s2, ref s3, ref s4, ref s5, ref s6, ref s7);
                }
            }

            s0 = Aes.EncryptLast(s0, TKeys.Of(keys, rounds, 0));
            s1 = Aes.EncryptLast(s1, TKeys.Of(keys, rounds, 1));
            s2 = Aes.EncryptLast(s2, TKeys.Of(keys, rounds, 2));
            s3 = Aes.EncryptLast(s3, TKeys.Of(keys, rounds, 3));
            s4 = Aes.EncryptLast(s4, TKeys.Of(keys, rounds, 4));
            s5 = Aes.EncryptLast(s5, TKeys.Of(keys, rounds, 5));
            s6 = Aes.EncryptLast(s6, TKeys.Of(keys, rounds, 6));
            s7 = Aes.EncryptLast(s7, TKeys.Of(keys, rounds, 7));
            if (store)
            {
                s0.Store((byte*)(lanes->Destinations[0] + offset));
                s1.Store((byte*)(lanes->Destinations[1] + offset));
                s2.Store((byte*)(lanes->Destinations[2] + offset));
                s3.Store((byte*)(lanes->Destinations[3] + offset));
                s4.Store((byte*)(lanes->Destinations[4] + offset));
                s5.Store((byte*)(lanes->Destinations[5] + offset));
                s6.Store((byte*)(lanes->Destinations[6] + offset));
                s7.Store((byte*)(lanes->Destinations[7] + offset));
            }
        }

        states[0] = s0;
        states[1] = s1;
        states[2] = s2;
        states[3] = s3;
        states[4] = s4;
        states[5] = s5;
        states[6] = s6;
        states[7] = s7;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe void Round<TKeys>(
        byte* keys,
        int round,
        ref Vector128<byte> s0,
        ref Vector128<byte> s1,
        ref Vector128<byte> s2,
        ref Vector128<byte> s3,
        ref Vector128<byte> s4,
        ref Vector128<byte> s5,
        ref Vector128<byte> s6,
        ref Vector128<byte> s7)
        where TKeys : struct, ILaneKeys
    {
        s0 = Aes.Encrypt(s0, TKeys.Of(keys, round, 0));
        s1 = Aes.Encrypt(s1, TKeys.Of(keys, round, 1));
        s2 = Aes.Encrypt(s2, TKeys.Of(keys, round, 2));
        s3 = Aes.Encrypt(s3, TKeys.Of(keys, round, 3));
        s4 = Aes.Encrypt(s4, TKeys.Of(keys, round, 4));
        s5 = Aes.Encrypt(s5, TKeys.Of(keys, round, 5));
        s6 = Aes.Encrypt(s6, TKeys.Of(keys, round, 6));
        s7 = Aes.Encrypt(s7, TKeys.Of(keys, round, 7));
    }

    /// <summary>Where the round key of a lane lies.</summary>
    private interface ILaneKeys
    {
        static abstract unsafe Vector128<byte> Of(byte* keys, int round, int lane);
    }

    private readonly struct OneKey : ILaneKeys
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static unsafe Vector128<byte> Of(byte* keys, int round, int lane) => Vector128.Load(keys + (16 * round));
    }

    private readonly struct KeyOfEachLane : ILaneKeys
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static unsafe Vector128<byte> Of(byte* keys, int round, int lane) =>
            Vector128.Load(keys + (16 * ((Lanes * round) + lane)));
    }
}
