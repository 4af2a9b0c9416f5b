using System.Numerics;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Outboard.Plugins.Crypto.Engine;
using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Kernels.TripleDes;

/// <summary>TDEA in cipher block chaining (SP 800-67, SP 800-38A 6.2): keys of 24, 16 or 8 bytes, an 8-byte vector, whole blocks of 8.</summary>
internal abstract unsafe class TripleDesCbcUnit(KernelChoice choice) : CryptoUnit(choice)
{
    /// <summary>Bytes of a block and of the initialisation vector.</summary>
    public const int BlockLength = 8;

    public override int KeyLength => DesKeySchedule.Length;

    /// <summary>Makes the unit of the widest kernel allowed.</summary>
    public static CryptoUnit Build(SimdSelector selector, bool emit) => UnitRow.Choose(
        selector,
        emit,
        "3des-cbc",
        UnitRow.Of<TripleDesVector512>(choice => new TripleDesCbcUnit<TripleDesVector512>(choice)),
        UnitRow.Of<TripleDesVector256>(choice => new TripleDesCbcUnit<TripleDesVector256>(choice)),
        UnitRow.Of<TripleDesVector128>(choice => new TripleDesCbcUnit<TripleDesVector128>(choice)),
        UnitRow.Of<TripleDesScalar>(choice => new TripleDesCbcUnit<TripleDesScalar>(choice)));

    public override void ExpandKey(ReadOnlySpan<byte> key, byte* expanded) => DesKeySchedule.Expand(key, expanded);

    /// <summary>SP 800-67 Appendix B.1, a block of CBC with a vector of zeros at a time, since the standard's example is ECB.</summary>
    public override string? SelfTest(UnitSelfTest test)
    {
        byte[] key = Convert.FromHexString("0123456789ABCDEF23456789ABCDEF01456789ABCDEF0123");
        byte[] plain = "The qufck brown fox jump"u8.ToArray();
        byte[] cipher = Convert.FromHexString("A826FD8CE53B855FCCE21C8112256FE668D5C05DD9B6B900");
        for (int i = 0; i < plain.Length; i += BlockLength)
        {
            byte[] text = plain[i..(i + BlockLength)], block = cipher[i..(i + BlockLength)];
            string? failure = test.Check(this, key, new byte[BlockLength], [], text, 64, encrypt: true, block, [])
                ?? test.Check(this, key, new byte[BlockLength], [], block, 64, encrypt: false, text, []);
            if (failure is not null)
            {
                return failure;
            }
        }

        return null;
    }
}

/// <summary>The cipher closed over a kernel.</summary>
/// <remarks>Encryption has a message a lane, for a block waits for the one before it; decryption a block a lane, whosever it is.</remarks>
internal sealed unsafe class TripleDesCbcUnit<TKernel>(KernelChoice choice) : TripleDesCbcUnit(choice)
    where TKernel : struct, ITripleDesKernel
{
    // The scratch.
    private const int LaneLength = 64 * sizeof(ulong);
    private const int BlocksOffset = ITripleDesKernel.KeysLength;
    private const int ChainsOffset = BlocksOffset + LaneLength;
    private const int WorkOffset = ChainsOffset + LaneLength;
    private const int SecretLength = WorkOffset + ITripleDesKernel.WorkLength;
    private const int SourcesOffset = SecretLength;
    private const int DestinationsOffset = SourcesOffset + LaneLength;
    private const int HeldOffset = DestinationsOffset + LaneLength;
    private const int WantedOffset = HeldOffset + LaneLength;

    public override void Run(CryptoJob* jobs, int count, byte* scratch)
    {
        // Encryptions to the front: the caller reads no job afterwards.
        int encryptions = 0;
        for (int i = 0; i < count; i++)
        {
            if (jobs[i].Encrypt)
            {
                (jobs[i], jobs[encryptions]) = (jobs[encryptions], jobs[i]);
                encryptions++;
            }
        }

        Unsafe.InitBlockUnaligned(scratch + HeldOffset, 0, 2 * LaneLength);
        if (encryptions != 0)
        {
            Encrypt(jobs, encryptions, scratch);
        }

        Decrypt(jobs + encryptions, count - encryptions, scratch);
        CryptographicOperations.ZeroMemory(new Span<byte>(scratch, SecretLength));
    }

    [SkipLocalsInit]
    private static void Encrypt(CryptoJob* jobs, int count, byte* scratch)
    {
        var blocks = (ulong*)(scratch + BlocksOffset);
        var chains = (ulong*)(scratch + ChainsOffset);
        var sources = (byte**)(scratch + SourcesOffset);
        var destinations = (byte**)(scratch + DestinationsOffset);
        var wanted = (byte**)(scratch + WantedOffset);
        Unsafe.SkipInit(out LaneSchedule schedule);
        schedule.Start(jobs, count, TKernel.Lanes);
        while (true)
        {
            while (schedule.TryFill(out int lane, out int index))
            {
                CryptoJob* job = jobs + index;
                wanted[lane] = job->Key;
                chains[lane] = Unsafe.ReadUnaligned<ulong>(job->Iv);
                sources[lane] = job->Source;
                destinations[lane] = job->Destination;
                schedule.SetSteps(lane, (uint)(job->Length / BlockLength));
            }

            ulong live = schedule.Live;
            if (live == 0)
            {
                return;
            }

            SetKeys(live, scratch);
            for (uint steps = schedule.Advance(out _); steps != 0; steps--)
            {
                for (ulong left = live; left != 0; left &= left - 1)
                {
                    int lane = BitOperations.TrailingZeroCount(left);
                    blocks[lane] = Unsafe.ReadUnaligned<ulong>(sources[lane]) ^ chains[lane];
                    sources[lane] += BlockLength;
                }

                TKernel.Blocks(scratch, blocks, decrypt: false, scratch + WorkOffset);
                for (ulong left = live; left != 0; left &= left - 1)
                {
                    int lane = BitOperations.TrailingZeroCount(left);
                    chains[lane] = blocks[lane];
                    Unsafe.WriteUnaligned(destinations[lane], blocks[lane]);
                    destinations[lane] += BlockLength;
                }
            }
        }
    }

    private static void Decrypt(CryptoJob* jobs, int count, byte* scratch)
    {
        var blocks = (ulong*)(scratch + BlocksOffset);
        var chains = (ulong*)(scratch + ChainsOffset);
        var destinations = (byte**)(scratch + DestinationsOffset);
        var wanted = (byte**)(scratch + WantedOffset);
        int lanes = 0;
        for (CryptoJob* job = jobs, end = jobs + count; job != end; job++)
        {
            // The block before is kept, for where the text is in place it is gone when it is needed.
            ulong chain = Unsafe.ReadUnaligned<ulong>(job->Iv);
            nuint length = job->Length;
            for (nuint at = 0; at < length; at += BlockLength)
            {
                blocks[lanes] = Unsafe.ReadUnaligned<ulong>(job->Source + at);
                chains[lanes] = chain;
                chain = blocks[lanes];
                destinations[lanes] = job->Destination + at;
                wanted[lanes] = job->Key;
                if (++lanes == TKernel.Lanes)
                {
                    DecryptLanes(lanes, scratch);
                    lanes = 0;
                }
            }
        }

        if (lanes != 0)
        {
            DecryptLanes(lanes, scratch);
        }
    }

    private static void DecryptLanes(int lanes, byte* scratch)
    {
        var blocks = (ulong*)(scratch + BlocksOffset);
        var chains = (ulong*)(scratch + ChainsOffset);
        var destinations = (byte**)(scratch + DestinationsOffset);
        SetKeys(ulong.MaxValue >> (64 - lanes), scratch);
        TKernel.Blocks(scratch, blocks, decrypt: true, scratch + WorkOffset);
        for (int lane = 0; lane < lanes; lane++)
        {
            Unsafe.WriteUnaligned(destinations[lane], blocks[lane] ^ chains[lane]);
        }
    }

    // Lanes that want another key than they hold get it, all that want the same together. Which key it is is public.
    private static void SetKeys(ulong lanes, byte* scratch)
    {
        var held = (byte**)(scratch + HeldOffset);
        var wanted = (byte**)(scratch + WantedOffset);
        ulong stale = 0;
        for (ulong left = lanes; left != 0; left &= left - 1)
        {
            int lane = BitOperations.TrailingZeroCount(left);
            stale |= held[lane] != wanted[lane] ? 1UL << lane : 0;
        }

        while (stale != 0)
        {
            byte* key = wanted[BitOperations.TrailingZeroCount(stale)];
            ulong same = 0;
            for (ulong left = stale; left != 0; left &= left - 1)
            {
                int lane = BitOperations.TrailingZeroCount(left);
                if (wanted[lane] == key)
                {
                    same |= 1UL << lane;
                    held[lane] = key;
                }
            }

            TKernel.SetKey(scratch, same, key);
            stale &= ~same;
        }
    }
}
