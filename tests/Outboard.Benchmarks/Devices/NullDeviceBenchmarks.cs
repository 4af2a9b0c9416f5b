using BenchmarkDotNet.Attributes;
using Outboard.Crypto;
using Outboard.Mbufs;
using Outboard.Testing.NullDevices;

namespace Outboard.Benchmarks.Devices;

/// <summary>What the API itself costs an op: allocate, describe, enqueue, dequeue, free, on a device that does nothing.</summary>
[MemoryDiagnoser]
public class NullDeviceBenchmarks : IDisposable
{
    private const int Burst = 32;

    private readonly CryptoDevice _device = NullPlugin.CreateRegistry().OpenCrypto("crypto_null0");
    private readonly CryptoOpPool _ops = new(new CryptoOpPoolOptions { Count = 1023 });
    private readonly MbufPool _mbufs = new(new MbufPoolOptions { Count = 1023 });
    private readonly CryptoOp[] _burst = new CryptoOp[Burst];
    private readonly Mbuf[] _packets = new Mbuf[Burst];
    private readonly CryptoSession _session;

    public NullDeviceBenchmarks()
    {
        _device.Configure(new CryptoConfiguration());
        _session = _device.CreateSession(new CipherTransform(CipherAlgorithm.Null, CipherOperation.Encrypt, default, 0));
        _device.Start();
        if (!_mbufs.TryAllocBulk(_packets))
        {
            throw new InvalidOperationException("The pool is too small.");
        }

        foreach (Mbuf mbuf in _packets)
        {
            _ = mbuf.TryAppend(64, out _);
        }
    }

    [Benchmark(OperationsPerInvoke = Burst, Description = "allocate, describe, enqueue, dequeue, free: per op")]
    public int WholeApi()
    {
        Span<CryptoOp> burst = _burst;
        if (!_ops.TryAllocBulk(burst))
        {
            return -1;
        }

        for (int i = 0; i < burst.Length; i++)
        {
            burst[i].Source = _packets[i];
            burst[i].CipherLength = 64;
            burst[i].SetSession(_session);
        }

        int sent = _device.EnqueueBurst(0, burst);
        int done = _device.DequeueBurst(0, burst[..sent]);
        _ops.FreeBulk(burst[..done]);
        return done;
    }

    [Benchmark(OperationsPerInvoke = Burst, Description = "allocate, free: per op")]
    public bool PoolAlone()
    {
        bool taken = _ops.TryAllocBulk(_burst);
        _ops.FreeBulk(_burst);
        return taken;
    }

    [GlobalCleanup]
    public void Dispose()
    {
        MbufPool.FreeBulk(_packets);
        _session.Dispose();
        _device.Dispose();
        _ops.Dispose();
        _mbufs.Dispose();
        GC.SuppressFinalize(this);
    }
}
