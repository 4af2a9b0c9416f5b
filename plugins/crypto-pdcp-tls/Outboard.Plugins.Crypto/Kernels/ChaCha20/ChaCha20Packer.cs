using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Outboard.Plugins.Crypto.Kernels.ChaCha20;

/// <summary>Packs the blocks of many messages into the lanes of a kernel, so that no lane idles before the last pass of a burst.</summary>
/// <remarks>
/// A message takes a run of neighbouring lanes, in as many passes as it needs, and shares its first and last pass with its neighbours.
/// Block counters are public, and so is where a run begins and ends.
/// </remarks>
internal unsafe ref struct ChaCha20Packer<TKernel>
    where TKernel : struct, IChaCha20Kernel
{
    /// <summary>Bytes of scratch.</summary>
    public const int ScratchLength = RunsOffset + (IChaCha20Kernel.LaneMax * Run.Size);

    private const int KeystreamOffset = IChaCha20Kernel.StateLength;
    private const int RunsOffset = KeystreamOffset + (IChaCha20Kernel.LaneMax * ChaCha20.BlockLength);

    private readonly byte* _scratch;
    private int _lanes;
    private int _most;
    private int _runs;

    /// <summary>Starts with no lane taken.</summary>
    /// <param name="scratch"><see cref="ScratchLength"/> bytes aligned to 64; wiped by <see cref="Finish"/>.</param>
    public ChaCha20Packer(byte* scratch)
    {
        _scratch = scratch;
    }

    /// <summary>Takes a message on; it is done at the latest when <see cref="Finish"/> returns.</summary>
    /// <param name="key">32 bytes.</param>
    /// <param name="row">Counter and nonce of the first block.</param>
    /// <param name="source">The message.</param>
    /// <param name="destination">Where it goes: its source, or bytes that do not touch it.</param>
    /// <param name="length">Bytes.</param>
    /// <param name="first">If not null, the first block is no keystream of the message: 32 bytes of it go there.</param>
    public void Add(byte* key, CounterNonce row, byte* source, byte* destination, nuint length, byte* first = null)
    {
        nuint blocks = ((length + ChaCha20.BlockLength - 1) / ChaCha20.BlockLength) + (first is null ? 0u : 1u);
        bool filled = false;
        while (blocks != 0)
        {
            int lane = _lanes;
            int count = (int)nuint.Min(blocks, (nuint)(TKernel.Lanes - lane));
            if (filled && lane == 0)
            {
                TKernel.Next(_scratch);
            }
            else
            {
                TKernel.Fill(_scratch, lane, count, key, row);
                filled = lane == 0;
            }

            nuint bytes = nuint.Min(length, (nuint)(count - (first is null ? 0 : 1)) * ChaCha20.BlockLength);
            Run* run = (Run*)(_scratch + RunsOffset) + _runs++;
            run->Source = source;
            run->Destination = destination;
            run->Length = bytes;
            run->First = first;
            run->Lane = lane;
            source += bytes;
            destination += bytes;
            length -= bytes;
            blocks -= (nuint)count;
            row.Counter += (uint)count;
            first = null;
            _lanes = lane + count;
            if (_lanes == TKernel.Lanes)
            {
                Flush();
            }
        }
    }

    /// <summary>Does what is left and wipes the scratch.</summary>
    public void Finish()
    {
        Complete();
        CryptographicOperations.ZeroMemory(new Span<byte>(_scratch, KeystreamOffset + (_most * ChaCha20.BlockLength)));
    }

    /// <summary>Does what is left.</summary>
    public void Complete()
    {
        if (_lanes != 0)
        {
            Flush();
        }
    }

    private void Flush()
    {
        byte* keystream = _scratch + KeystreamOffset;
        TKernel.Blocks(_scratch, _lanes, keystream);

        // A kernel may make more than is wanted, up to the next power of two.
        _most = Math.Max(_most, (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(_lanes, Math.Min(16, TKernel.Lanes))));
        Run* run = (Run*)(_scratch + RunsOffset);
        for (Run* end = run + _runs; run != end; run++)
        {
            byte* at = keystream + (run->Lane * ChaCha20.BlockLength);
            if (run->First is not null)
            {
                Unsafe.CopyBlockUnaligned(run->First, at, 32);
                at += ChaCha20.BlockLength;
            }

            TKernel.Xor(run->Source, run->Destination, at, run->Length);
        }

        _lanes = 0;
        _runs = 0;
    }

    [StructLayout(LayoutKind.Sequential, Size = Size)]
    private struct Run
    {
        public const int Size = 40;

        public byte* Source;
        public byte* Destination;
        public nuint Length;
        public byte* First;
        public int Lane;
    }
}
