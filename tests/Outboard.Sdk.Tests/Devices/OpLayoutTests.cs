using System.Runtime.CompilerServices;
using Outboard.Crypto;
using Outboard.Devices;
using Outboard.Ml;
using Outboard.Regex;

namespace Outboard.Sdk.Tests.Devices;

/// <summary>The native layouts of ops: what a burst touches lies where the remarks say.</summary>
public sealed class OpLayoutTests
{
    [Fact]
    public void HandlesAreOnePointer()
    {
        Assert.Equal(8, Unsafe.SizeOf<RegexOp>());
        Assert.Equal(8, Unsafe.SizeOf<MlOp>());
        Assert.Equal(8, Unsafe.SizeOf<CryptoOp>());
    }

    [Fact]
    public void HeadersHaveTheirSizes()
    {
        Assert.Equal(RegexOpHeader.Size, Unsafe.SizeOf<RegexOpHeader>());
        Assert.Equal(MlOpHeader.Size, Unsafe.SizeOf<MlOpHeader>());
        Assert.Equal(CryptoOpHeader.Size, Unsafe.SizeOf<CryptoOpHeader>());
        Assert.Equal(RegexMatch.Size, Unsafe.SizeOf<RegexMatch>());
        Assert.Equal(MlBuffer.Size, Unsafe.SizeOf<MlBuffer>());
    }

    [Fact]
    public unsafe void HotFieldsOfACryptoOpShareTwoLines()
    {
        var header = default(CryptoOpHeader);
        byte* start = (byte*)&header;
        Assert.Equal(16, (byte*)&header.Status - start);
        Assert.Equal(24, (byte*)&header.Session - start);
        Assert.Equal(32, (byte*)&header.Source - start);
        Assert.Equal(64, (byte*)&header.DigestAddress - start);
        Assert.Equal(88, (byte*)&header.Iv - start);
        Assert.Equal(112, (byte*)&header.AuthIv - start);
        Assert.Equal(128, (byte*)&header.Digest - start);
        Assert.Equal(192, (byte*)&header.Aad - start);
    }

    [Fact]
    public void FreshOpsAreReset()
    {
        using var pool = new CryptoOpPool(new CryptoOpPoolOptions { Count = 1, CacheSize = 0, Room = CryptoOpRoom.Sessionless });
        for (int round = 0; round < 2; round++)
        {
            Assert.True(pool.TryAlloc(out CryptoOp op));
            Assert.Equal(OpStatus.NotProcessed, op.Status);
            Assert.Equal(CryptoSessionKind.None, op.SessionKind);
            Assert.Equal(-1, op.AadLength);
            Assert.True(op.Source.IsNull && op.Destination.IsNull);
            Assert.False(pool.TryAlloc(out _));
            op.CipherLength = 7;
            op.SetSessionless(new CipherTransform(CipherAlgorithm.AesCtr, CipherOperation.Encrypt, new byte[] { 1, 2, 3, 4 }, 16));
            Assert.Equal(4, op.GetSessionless(0).KeyLength);
            op.Free();
        }
    }

    [Fact]
    public void KeysOfASessionlessOpAreWipedWhenItIsFreed()
    {
        using var pool = new CryptoOpPool(new CryptoOpPoolOptions { Count = 1, CacheSize = 0, Room = CryptoOpRoom.Sessionless });
        Assert.True(pool.TryAlloc(out CryptoOp op));
        byte[] key = [0xA5, 0x5A, 0xC3, 0x3C];
        op.SetSessionless(new CipherTransform(CipherAlgorithm.AesCtr, CipherOperation.Encrypt, key, 16));
        ref readonly SessionlessTransform transform = ref op.GetSessionless(0);
        Assert.True(transform.Key.SequenceEqual(key));
        op.Free();
        Assert.True(transform.Key.IsEmpty);
    }
}
