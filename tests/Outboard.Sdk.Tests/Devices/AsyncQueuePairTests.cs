using Outboard.Crypto;
using Outboard.Devices;
using Outboard.Mbufs;
using Outboard.Testing.NullDevices;

namespace Outboard.Sdk.Tests.Devices;

public sealed class AsyncQueuePairTests : IDisposable
{
    private readonly CryptoDevice _device = NullPlugin.CreateRegistry().OpenCrypto("crypto_null0");
    private readonly CryptoOpPool _ops = new(new CryptoOpPoolOptions { Count = 512 });
    private readonly MbufPool _mbufs = new(new MbufPoolOptions { Count = 512 });
    private readonly CryptoSession _session;

    public AsyncQueuePairTests()
    {
        _device.Configure(new CryptoConfiguration());
        _device.ConfigureQueuePair(0, new QueuePairOptions<CryptoOp> { DescriptorCount = 16 });
        _session = _device.CreateSession(new CipherTransform(CipherAlgorithm.Null, CipherOperation.Encrypt, default, 0));
        _device.Start();
    }

    [Fact]
    public async Task EveryOpEndsWithItsStatus()
    {
        await using var face = new AsyncQueuePair<CryptoOp>(_device, 0);
        Task<CryptoOp>[] tasks = [.. Enumerable.Range(0, 400).Select(i => face.ProcessAsync(MakeOp((ulong)i)).AsTask())];
        CryptoOp[] done = await Task.WhenAll(tasks);
        for (int i = 0; i < done.Length; i++)
        {
            Assert.Equal((OpStatus.Success, (ulong)i), (done[i].Status, done[i].UserData));
            done[i].FreeWithBuffers();
        }

        Assert.Equal(0, _ops.InUseCount);
    }

    [Fact]
    public async Task RefusedOpEndsToo()
    {
        await using var face = new AsyncQueuePair<CryptoOp>(_device, 0);
        CryptoOp bad = MakeOp(1);
        bad.CipherLength = 9999;
        CryptoOp good = MakeOp(2);
        Task<CryptoOp> first = face.ProcessAsync(bad).AsTask();
        Task<CryptoOp> second = face.ProcessAsync(good).AsTask();
        Assert.Equal(OpStatus.InvalidArguments, (await first).Status);
        Assert.Equal(OpStatus.Success, (await second).Status);
        bad.FreeWithBuffers();
        good.FreeWithBuffers();
    }

    [Fact]
    public async Task DisposedFaceTakesNothing()
    {
        var face = new AsyncQueuePair<CryptoOp>(_device, 0);
        await face.DisposeAsync();
        CryptoOp op = MakeOp(1);
        Assert.Throws<ObjectDisposedException>(() => { _ = face.ProcessAsync(op); });
        op.FreeWithBuffers();
    }

    public void Dispose()
    {
        _session.Dispose();
        _device.Dispose();
        _ops.Dispose();
        _mbufs.Dispose();
    }

    private CryptoOp MakeOp(ulong number)
    {
        Assert.True(_ops.TryAlloc(out CryptoOp op));
        Assert.True(_mbufs.TryAlloc(out Mbuf mbuf));
        Assert.True(mbuf.TryAppend(20, out _));
        op.Source = mbuf;
        op.CipherLength = 20;
        op.UserData = number;
        op.SetSession(_session);
        return op;
    }
}
