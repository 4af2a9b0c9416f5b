using Outboard.Plugins.Crypto.Tls;
using Outboard.Security;

namespace Outboard.Plugins.Crypto.Tests.Tls;

/// <summary>Headers, nonces, pseudo headers, padding, numbers and limits, each by itself.</summary>
public sealed class TlsRecordPartTests
{
    [Fact]
    public void HeadersHoldTypeVersionNumberAndLength()
    {
        byte[] header = new byte[TlsHeader.Length];
        TlsHeader.Write(header, 23, TlsHeader.Version, 99, 0x1234);
        Assert.Equal(Convert.FromHexString("1703031234"), header);
        Assert.True(TlsHeader.Matches(header, TlsHeader.Version, 0x1234));
        Assert.False(TlsHeader.Matches(header, 0x0302, 0x1234));
        Assert.False(TlsHeader.Matches(header, TlsHeader.Version, 0x1235));

        byte[] datagram = new byte[TlsHeader.DatagramLength];
        TlsHeader.Write(datagram, 22, TlsHeader.DatagramVersion, TlsHeader.Number(1, 0x0000_1122_3344_5566 & TlsHeader.DatagramNumberMax), 48);
        Assert.Equal(Convert.FromHexString("16fefd00011122334455660030"), datagram);
        Assert.Equal(0x0001_1122_3344_5566UL, TlsHeader.ReadNumber(datagram));
        Assert.True(TlsHeader.Matches(datagram, TlsHeader.DatagramVersion, 48));
    }

    [Fact]
    public void NoncesMaskTheIvOrFollowTheSalt()
    {
        byte[] nonce = new byte[TlsNonce.Length];
        TlsNonce.WriteMasked(Convert.FromHexString("5d313eb2671276ee13000b30"), 1, nonce);
        Assert.Equal(Convert.FromHexString("5d313eb2671276ee13000b31"), nonce);
        TlsNonce.WriteMasked(Convert.FromHexString("000102030405060708090a0b"), 0x0001_0000_0000_00FF, nonce);
        Assert.Equal(Convert.FromHexString("00010203040406070809" + "0af4"), nonce);
        TlsNonce.WriteExplicit([1, 2, 3, 4], [5, 6, 7, 8, 9, 10, 11, 12], nonce);
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], nonce);
    }

    [Fact]
    public void PseudoHeadersHoldNumberTypeVersionAndLength()
    {
        byte[] pseudo = new byte[TlsPseudoHeader.Length];
        TlsPseudoHeader.Write(pseudo, TlsHeader.Number(1, 2), 23, TlsHeader.DatagramVersion, 0x50);
        Assert.Equal(Convert.FromHexString("0001000000000002" + "17" + "fefd" + "0050"), pseudo);
    }

    [Fact]
    public void PaddingIsReadAsItWasWritten()
    {
        byte[] text = new byte[256];
        for (int length = 1; length <= 256; length++)
        {
            text.AsSpan().Fill(0xEE);
            CbcPadding.Write(text.AsSpan(256 - length));
            Assert.Equal(length == 0xEF ? 0xEF : length, CbcPadding.Read(text));
            for (int at = 256 - length; at < 255; at++)
            {
                text[at] ^= 1;
                Assert.Equal(0, CbcPadding.Read(text));
                text[at] ^= 1;
            }
        }

        Assert.Equal(0, CbcPadding.Read([1]));
        Assert.Equal(1, CbcPadding.Read([0]));
        Assert.Equal(0, CbcPadding.Read([15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15]));
    }

    [Theory]
    [InlineData(TlsVersion.Tls12, 23, 0, true)]
    [InlineData(TlsVersion.Tls12, 22, 0, false)]
    [InlineData(TlsVersion.Tls12, 21, 0, false)]
    [InlineData(TlsVersion.Tls12, 20, 0, false)]
    [InlineData(TlsVersion.Tls12, 20, 1, true)]
    [InlineData(TlsVersion.Tls12, 24, 5, true)]
    [InlineData(TlsVersion.Dtls12, 25, 5, false)]
    [InlineData(TlsVersion.Dtls12, 22, 0, false)]
    [InlineData(TlsVersion.Tls13, 20, 1, false)]
    [InlineData(TlsVersion.Tls13, 0, 1, false)]
    [InlineData(TlsVersion.Tls13, 22, 0, false)]
    [InlineData(TlsVersion.Tls13, 23, 0, true)]
    public void ContentTypesAndLengthsFollowTheStandards(TlsVersion version, byte type, int length, bool allowed) =>
        Assert.Equal(allowed, TlsContent.IsAllowed(version, type, length));

    [Fact]
    public void SequenceNumbersEndAndNeverStartOver()
    {
        var stream = new TlsSequence(ulong.MaxValue - 1, isDatagram: false);
        Assert.Equal(ulong.MaxValue - 1, stream.Take());
        Assert.False(stream.IsUsedUp);
        Assert.Equal(ulong.MaxValue, stream.Take());
        Assert.True(stream.IsUsedUp);
        var datagram = new TlsSequence((1UL << 48) - 1, isDatagram: true);
        Assert.False(datagram.IsUsedUp);
        Assert.Equal((1UL << 48) - 1, datagram.Take());
        Assert.True(datagram.IsUsedUp);
    }

    [Fact]
    public void LifetimesEndAtTheLimitGivenOrAtThatOfTheSuite()
    {
        var given = new TlsLifetime(TlsCipherSuite.AesGcm, soft: 2, hard: 3);
        Assert.False(given.CountRecord());
        Assert.True(given.CountRecord());
        Assert.False(given.IsOver);
        Assert.True(given.CountRecord());
        Assert.True(given.IsOver);
        var ofSuite = new TlsLifetime(TlsCipherSuite.TripleDesCbcHmacSha1, 0, 0);
        for (ulong i = 0; i < TlsLifetime.TripleDesRecordsMax; i++)
        {
            Assert.False(ofSuite.IsOver);
            Assert.False(ofSuite.CountRecord());
        }

        Assert.True(ofSuite.IsOver);
        var forged = new TlsLifetime(TlsCipherSuite.AesCcm, 0, 0);
        for (ulong i = 0; i < TlsLifetime.CcmForgeriesMax; i++)
        {
            forged.CountForgery();
        }

        Assert.True(forged.IsOver);
    }

    [Fact]
    public void IvsAreAllDifferentAndOfFullLength()
    {
        var pool = new RandomPool();
        var seen = new HashSet<string>();
        byte[] iv = new byte[16];
        for (int i = 0; i < 1000; i++)
        {
            Span<byte> part = i % 3 == 0 ? iv.AsSpan(0, 8) : iv;
            pool.Fill(part);
            Assert.True(seen.Add(Convert.ToHexString(part)));
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
        {
            pool.Fill(iv);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
