using Outboard.Cli.Inspect;
using Outboard.Crypto;
using Outboard.Devices;
using Outboard.Host;
using Outboard.Mbufs;
using Outboard.Security;

namespace Outboard.Cli.Tests.Inspect;

public sealed class RecordSessionTests
{
    [Theory]
    [InlineData("Tls13")]
    [InlineData("Pdcp")]
    public void BothSidesChangeKeysAtTheSameRecord(string kind)
    {
        const int Generation = 4;
        using var host = new OutboardHost(new OutboardHostOptions { LoadOnDemand = true });
        using var mbufs = new MbufPool(new MbufPoolOptions { Count = 63, CacheSize = 0 });
        using var ops = new CryptoOpPool(new CryptoOpPoolOptions { Count = 15, CacheSize = 0 });
        CryptoDevice device = host.OpenCrypto("crypto_simd0");
        device.Configure(new CryptoConfiguration());
        device.Start();
        var key = ProtectionKey.Create(Enum.Parse<ProtectionKind>(kind));
        using var protect = new RecordSession(device, key, SecurityOperation.Protect, Generation);
        using var unprotect = new RecordSession(device, key, SecurityOperation.Unprotect, Generation);
        var seen = new HashSet<string>();
        for (int i = 0; i < 3 * Generation; i++)
        {
            Assert.True(mbufs.TryAlloc(out Mbuf mbuf));
            mbuf.TryAppend(100, out Span<byte> room);
            room.Fill((byte)i);
            Process(device, ops, protect, mbuf);
            Assert.True(seen.Add(Convert.ToHexString(mbuf.Data)));
            Process(device, ops, unprotect, mbuf);
            Assert.Equal(Enumerable.Repeat((byte)i, 100), mbuf.Data.ToArray());
            mbuf.Free();
        }
    }

    private static void Process(CryptoDevice device, CryptoOpPool ops, RecordSession session, Mbuf mbuf)
    {
        Assert.Equal(1, session.Take(1));
        Assert.True(ops.TryAlloc(out CryptoOp op));
        op.Source = mbuf;
        session.Prepare(op);
        Assert.Equal(1, device.EnqueueBurst(0, [op]));
        var done = new CryptoOp[1];
        Assert.Equal(1, device.DequeueBurst(0, done));
        Assert.Equal(OpStatus.Success, op.Status);
        op.Free();
        session.Advance(1);
    }
}
