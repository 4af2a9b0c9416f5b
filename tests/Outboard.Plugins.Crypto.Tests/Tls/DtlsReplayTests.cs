using Outboard.Crypto;
using Outboard.Devices;
using Outboard.Plugins.Crypto.Tests.Simd;
using Outboard.Security;

namespace Outboard.Plugins.Crypto.Tests.Tls;

/// <summary>Replay windows through the device.</summary>
public sealed class DtlsReplayTests
{
    public static TheoryData<int> Sizes => [64, 128, 256, 512, 1024, 2048, 4096];

    // The cases of DPDK's test of replay windows, with W for the size of the window.
    [Theory]
    [MemberData(nameof(Sizes))]
    public void OnlyWhatTheWindowHoldsAndHasNotSeenOpens(int size)
    {
        using var bench = new Bench(512);
        var random = new Random(size);
        ulong w = (ulong)size;
        TlsRecordTransform transform = Transform(random, TlsCipherSuite.AesGcm, size);
        using SecuritySession read = bench.Device.Security!.CreateSession(TlsCases.Reading(transform));
        (ulong Number, OpStatus Status)[] steps =
        [
            (2 * w, OpStatus.Success), (w + 1, OpStatus.Success), (w, OpStatus.Replayed), (w + (w / 2), OpStatus.Success),
            (w + (w / 2), OpStatus.Replayed), (5 * w, OpStatus.Success), (2 * w, OpStatus.Replayed),
        ];
        foreach ((ulong number, OpStatus status) in steps)
        {
            Assert.Equal(status, Run(bench, read, Record(transform, number)));
        }

        Assert.Equal(3ul, read.Statistics.ReplayCount);
        Assert.Equal(4ul, read.Statistics.PacketCount);
    }

    [Theory]
    [InlineData(TlsCipherSuite.AesGcm)]
    [InlineData(TlsCipherSuite.ChaCha20Poly1305)]
    [InlineData(TlsCipherSuite.AesCcm)]
    [InlineData(TlsCipherSuite.AesCbcHmacSha1)]
    [InlineData(TlsCipherSuite.NullHmacSha256)]
    public void CopiesInOneBurstOpenOnce(TlsCipherSuite suite)
    {
        using var bench = new Bench(512);
        TlsRecordTransform transform = Transform(new Random(1), suite, 64);
        using SecuritySession read = bench.Device.Security!.CreateSession(TlsCases.Reading(transform));
        ulong[] numbers = [5, 7, 5, 6, 7, 7, 100, 40, 36, 8, 40];
        CryptoOp[] ops = [.. numbers.Select(number => bench.Op(read, bench.Packet(Record(transform, number))))];
        bench.Run(ops);
        OpStatus yes = OpStatus.Success, no = OpStatus.Replayed;
        Assert.Equal([yes, yes, no, yes, no, no, yes, yes, no, no, no], ops.Select(op => op.Status));
        for (int i = 0; i < ops.Length; i++)
        {
            // Of a copy nothing is left, and it keeps its length.
            byte[] left = Bench.Bytes(ops[i].Source);
            Assert.True(ops[i].Status == yes ? left.SequenceEqual("fragment"u8.ToArray()) : left[13..].All(b => b == 0));
            ops[i].FreeWithBuffers();
        }

        Assert.Equal(5ul, read.Statistics.PacketCount);
        Assert.Equal(6ul, read.Statistics.ReplayCount);
    }

    [Fact]
    public void WhatDoesNotVerifyMovesNothing()
    {
        using var bench = new Bench(512);
        TlsRecordTransform transform = Transform(new Random(2), TlsCipherSuite.AesGcm, 64);
        using SecuritySession read = bench.Device.Security!.CreateSession(TlsCases.Reading(transform));
        byte[] forged = Record(transform, 1_000_000);
        forged[^1] ^= 1;
        Assert.Equal(OpStatus.AuthenticationFailed, Run(bench, read, forged));
        Assert.Equal(OpStatus.Success, Run(bench, read, Record(transform, 1)));
        forged = Record(transform, 2);
        forged[20] ^= 1;
        Assert.Equal(OpStatus.AuthenticationFailed, Run(bench, read, forged));
        Assert.Equal(OpStatus.Success, Run(bench, read, Record(transform, 2)));
    }

    [Fact]
    public void RecordsOfAnotherEpochAreNotOfThisSession()
    {
        using var bench = new Bench(512);
        TlsRecordTransform transform = Transform(new Random(3), TlsCipherSuite.AesGcm, 64);
        using SecuritySession read = bench.Device.Security!.CreateSession(TlsCases.Reading(transform));
        TlsRecordTransform other = transform with { Epoch = (ushort)(transform.Epoch + 1) };
        Assert.Equal(OpStatus.InvalidArguments, Run(bench, read, Record(other, 1)));
        Assert.Equal(1ul, read.Statistics.MalformedCount);
    }

    private static TlsRecordTransform Transform(Random random, TlsCipherSuite suite, int window) =>
        TlsCases.Make(random, TlsVersion.Dtls12, suite, suite switch
        {
            TlsCipherSuite.ChaCha20Poly1305 => 32,
            TlsCipherSuite.NullHmacSha256 => 0,
            _ => 16,
        }) with
        { SequenceNumber = 0, ReplayWindow = window };

    private static byte[] Record(TlsRecordTransform transform, ulong number) => TlsReference.Record(
        transform,
        number,
        "fragment"u8.ToArray(),
        23,
        TlsReference.Padding(TlsReference.LeastPadding(transform, 8)),
        TlsReference.BlockLength(transform.CipherSuite) == 0 ? null : new byte[16]);

    private static OpStatus Run(Bench bench, SecuritySession session, byte[] record)
    {
        CryptoOp op = bench.Op(session, bench.Packet(record));
        OpStatus status = bench.Run(op);
        op.FreeWithBuffers();
        return status;
    }
}
