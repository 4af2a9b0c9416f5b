using System.Runtime.InteropServices;
using Outboard.Crypto;
using Outboard.Devices;
using Outboard.Mbufs;

namespace Outboard.Plugins.Crypto.Tests.Simd;

/// <summary>A case on its way through a device.</summary>
internal sealed unsafe class SymmetricWork : IDisposable
{
    private const byte Blank = 0x5A;

    private readonly List<nint> _memory = [];
    private readonly SymmetricCase _case;
    private readonly byte[] _before;
    private readonly byte* _apart;

    public SymmetricWork(Bench bench, SymmetricCase one)
    {
        _case = one;
        CryptoOp op = bench.Bare(Packet(bench, one.Data, one.Cuts));
        Op = op;
        if (one.OutOfPlace)
        {
            byte[] blank = new byte[one.Data.Length];
            blank.AsSpan().Fill(Blank);
            op.Destination = Packet(bench, blank, one.Cuts == 0 ? 0 : one.Cuts - 1);
        }

        _before = Bench.Bytes(Target);
        op.InBits = one.InBits;
        (op.CipherOffset, op.CipherLength, op.AuthOffset, op.AuthLength) =
            (one.CipherOffset, one.CipherLength, one.AuthOffset, one.AuthLength);
        if (one.Iv.Length > CryptoOp.IvLengthMax)
        {
            op.IvAddress = (nint)Native(one.Iv);
        }
        else
        {
            one.Iv.CopyTo(Op.Iv);
        }

        if (one.AuthIv.Length > CryptoOp.AuthIvLengthMax)
        {
            op.AuthIvAddress = (nint)Native(one.AuthIv);
        }
        else
        {
            one.AuthIv.CopyTo(Op.AuthIv);
        }

        if (one.Aad.Length > CryptoOp.InlineAadLength)
        {
            op.AadAddress = (nint)Native(one.Aad);
        }
        else
        {
            one.Aad.CopyTo(Op.Aad);
        }

        Op.Digest.Fill(Blank);
        byte[] room = new byte[one.DigestLength + 32];
        room.AsSpan().Fill(Blank);
        _apart = Native(room);
        op.DigestAddress = one.Place switch
        {
            DigestPlace.InOp => 0,
            DigestPlace.Apart => (nint)_apart + 16,
            _ => (nint)Last(Target).DataPointer,
        };
    }

    public CryptoOp Op { get; }

    public Mbuf Target => Op.Destination.IsNull ? Op.Source : Op.Destination;

    public Span<byte> Digest => Op.DigestAddress == 0
        ? Op.Digest[.._case.DigestLength]
        : new Span<byte>((void*)Op.DigestAddress, _case.DigestLength);

    /// <summary>Everything that came of the forward direction, once it is sure that nothing else was written.</summary>
    public byte[] Finish(string what)
    {
        Assert.True(Op.Status == OpStatus.Success, $"{what}: {Op.Status}");
        byte[] after = Bench.Bytes(Target);
        int unit = _case.InBits ? 1 : 8;
        for (int bit = 0; bit < after.Length * 8; bit++)
        {
            int mask = 0x80 >> (bit & 7);
            Assert.True(((after[bit >> 3] ^ _before[bit >> 3]) & mask) == 0 || MayWrite(bit / unit, bit >> 3), $"{what}: bit {bit} was written");
        }

        if (_case.OutOfPlace)
        {
            Assert.True(Bench.Bytes(Op.Source).AsSpan(0, _case.Data.Length).SequenceEqual(_case.Data), $"{what}: the source was written");
        }

        int used = _case.Place == DigestPlace.InOp ? _case.DigestLength : 0;
        Assert.False(Op.Digest[used..].ContainsAnyExcept(Blank), $"{what}: the op's digest room was written beyond the digest");
        Assert.False(
            new Span<byte>(_apart, 16).ContainsAnyExcept(Blank) || new Span<byte>(_apart + 16 + _case.DigestLength, 16).ContainsAnyExcept(Blank),
            $"{what}: beside the digest");
        CheckGuards(Op.Source, what);
        CheckGuards(Target, what);
        return [.. after, .. Digest];
    }

    /// <summary>Turns the op round: the result is the source, in place.</summary>
    public void Reverse()
    {
        if (_case.OutOfPlace)
        {
            Op.Source.Free();
            CryptoOp op = Op;
            op.Source = op.Destination;
            op.Destination = default;
        }

        CryptoOp self = Op;
        self.Status = OpStatus.NotProcessed;
    }

    /// <summary>The plaintext is back.</summary>
    public void FinishReverse(string what)
    {
        Assert.True(Op.Status == OpStatus.Success, $"{what}, back: {Op.Status}");
        byte[] after = Bench.Bytes(Op.Source);
        if (!_case.Writes)
        {
            return;
        }

        int unit = _case.InBits ? 1 : 8;
        for (int i = 0; i < _case.CipherLength * unit; i++)
        {
            int bit = (_case.CipherOffset * unit) + i, mask = 0x80 >> (bit & 7);
            if (bit >> 3 < _case.Data.Length)
            {
                Assert.True(((after[bit >> 3] ^ _case.Data[bit >> 3]) & mask) == 0, $"{what}: bit {bit} did not come back");
            }
        }
    }

    /// <summary>A wrong code was found, and what was or would be deciphered is gone.</summary>
    public void FinishFailure(string what)
    {
        Assert.True(Op.Status == OpStatus.AuthenticationFailed, $"{what}, damaged: {Op.Status}");
        byte[] after = Bench.Bytes(Op.Source);
        int unit = _case.InBits ? 1 : 8;
        for (int i = 0; _case.Writes && i < _case.CipherLength * unit; i++)
        {
            int bit = (_case.CipherOffset * unit) + i;
            Assert.True((after[bit >> 3] & (0x80 >> (bit & 7))) == 0, $"{what}: bit {bit} was not wiped");
        }

        CheckGuards(Op.Source, what);
    }

    public void Dispose()
    {
        Op.FreeWithBuffers();
        _memory.ForEach(one => NativeMemory.Free((void*)one));
    }

    private static Mbuf Last(Mbuf packet)
    {
        while (!packet.Next.IsNull)
        {
            packet = packet.Next;
        }

        return packet;
    }

    // Each segment has bytes around it that nobody may touch.
    private static void CheckGuards(Mbuf packet, string what)
    {
        for (Mbuf segment = packet; !segment.IsNull; segment = segment.Next)
        {
            bool clean = !new Span<byte>(segment.DataPointer - Bench.GuardLength, Bench.GuardLength).ContainsAnyExcept(Bench.Guard)
                && !new Span<byte>(segment.DataPointer + segment.DataLength, Bench.GuardLength).ContainsAnyExcept(Bench.Guard);
            Assert.True(clean, $"{what}: bytes beside a segment were written");
        }
    }

    private Mbuf Packet(Bench bench, byte[] data, int cuts)
    {
        bool tail = _case.Place is DigestPlace.Appended or DigestPlace.Encrypted;
        Mbuf packet = bench.GuardedPacket(data, cuts == 0 ? null : new Random(cuts));
        if (tail)
        {
            byte[] digest = new byte[_case.DigestLength];
            digest.AsSpan().Fill(Blank);
            Assert.True(packet.TryChain(bench.GuardedPacket(digest)));
        }

        return packet;
    }

    // Whether the forward direction may write a bit; units are bits or bytes as the case has them.
    private bool MayWrite(int at, int atByte)
    {
        bool inCipher = _case.Writes && at >= _case.CipherOffset && at < _case.CipherOffset + _case.CipherLength;
        bool inDigest = _case.Place is DigestPlace.Appended or DigestPlace.Encrypted && atByte >= _case.Data.Length;
        int end = Math.Max(_case.CipherOffset + _case.CipherLength, _case.AuthOffset + _case.AuthLength);
        bool copied = _case is { OutOfPlace: true, Forward.Next: not null }
            && at >= Math.Min(_case.CipherOffset, _case.AuthOffset) && at < end;
        return inCipher || inDigest || copied;
    }

    private byte* Native(ReadOnlySpan<byte> bytes)
    {
        byte* memory = (byte*)NativeMemory.Alloc((nuint)Math.Max(1, bytes.Length));
        bytes.CopyTo(new Span<byte>(memory, bytes.Length));
        _memory.Add((nint)memory);
        return memory;
    }
}
