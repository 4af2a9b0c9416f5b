using System.Security.Cryptography;
using BenchmarkDotNet.Attributes;
using Outboard.Crypto;
using Outboard.Mbufs;
using Outboard.Plugins;
using Outboard.Plugins.Crypto;
using Outboard.Security;
using Outboard.Simd;

namespace Outboard.Benchmarks.Crypto;

/// <summary>Bursts of 32 through crypto_simd, ops and packets taken and given back in each; beside the framework's one-shot AES-GCM.</summary>
[MemoryDiagnoser]
public class CryptoDeviceBenchmarks
{
    private const int Burst = 32;

    private readonly CryptoOp[] _ops = new CryptoOp[Burst];
    private readonly Mbuf[] _packets = new Mbuf[Burst];
    private readonly byte[] _nonce = new byte[12];
    private readonly byte[] _tag = new byte[16];
    private CryptoDevice _device = null!;
    private CryptoOpPool _opPool = null!;
    private MbufPool _mbufPool = null!;
    private CryptoSession _gcm = null!;
    private CryptoSession _ctr = null!;
    private CryptoSession _cmac = null!;
    private SecuritySession _tls = null!;
    private SecuritySession _pdcp = null!;
    private AesGcm _framework = null!;
    private byte[] _data = [];

    [Params(64, 128, 256, 512)]
    public int Width { get; set; }

    [Params(64, 256, 1408)]
    public int Length { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var policy = new SimdPolicy();
        policy.Set(0);
        var registry = new DriverRegistry(policy);
        registry.Register(new CryptoPlugin(), "Outboard.Plugins.Crypto", "benchmark");
        _device = registry.OpenCrypto($"crypto_simd0,max_simd={Width}");
        _device.Configure(new CryptoConfiguration());
        _opPool = new CryptoOpPool(new CryptoOpPoolOptions { Name = "ops", Count = 1023 });
        _mbufPool = new MbufPool(new MbufPoolOptions { Name = "packets", Count = 1023 });
        byte[] key = new byte[16];
        _gcm = _device.CreateSession(new AeadTransform(AeadAlgorithm.AesGcm, CipherOperation.Encrypt, key, 12, 16, 0));
        _ctr = _device.CreateSession(new CipherTransform(CipherAlgorithm.AesCtr, CipherOperation.Encrypt, key, 16));
        _cmac = _device.CreateSession(new AuthTransform(AuthAlgorithm.AesCmac, AuthOperation.Generate, key, 0, 16));
        _tls = _device.Security!.CreateSession(new TlsRecordTransform
        {
            Operation = SecurityOperation.Protect,
            Version = TlsVersion.Tls13,
            CipherSuite = TlsCipherSuite.AesGcm,
            Key = key,
            Iv = new byte[12],
            HardPacketLimit = ulong.MaxValue,
        });
        _pdcp = _device.Security.CreateSession(new PdcpTransform
        {
            Operation = SecurityOperation.Protect,
            Domain = PdcpDomain.UserPlane,
            Direction = PdcpDirection.Downlink,
            Bearer = 1,
            SequenceNumberBits = 18,
            Cipher = PdcpCipher.Nea2,
            CipherKey = key,
            Integrity = PdcpIntegrity.Nia2,
            IntegrityKey = key,
            HfnPerPacket = true,
        });
        _framework = new AesGcm(key, 16);
        _data = new byte[Length];
        _device.Start();
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _device.Dispose();
        _opPool.Dispose();
        _mbufPool.Dispose();
        _framework.Dispose();
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Burst)]
    public void FrameworkAesGcm()
    {
        for (int i = 0; i < Burst; i++)
        {
            _framework.Encrypt(_nonce, _data, _data, _tag);
        }
    }

    [Benchmark(OperationsPerInvoke = Burst)]
    public int Gcm() => Run(_gcm);

    [Benchmark(OperationsPerInvoke = Burst)]
    public int Ctr() => Run(_ctr);

    [Benchmark(OperationsPerInvoke = Burst)]
    public int Cmac() => Run(_cmac);

    [Benchmark(OperationsPerInvoke = Burst)]
    public int Tls13() => Run(_tls);

    [Benchmark(OperationsPerInvoke = Burst)]
    public int PdcpNea2Nia2() => Run(_pdcp);

    private int Run(CryptoSession session)
    {
        Take();
        foreach (CryptoOp op in _ops)
        {
            op.SetSession(session);
        }

        return Exchange();
    }

    private int Run(SecuritySession session)
    {
        Take();
        foreach (CryptoOp op in _ops)
        {
            op.SetSession(session);
        }

        return Exchange();
    }

    private void Take()
    {
        if (!_opPool.TryAllocBulk(_ops) || !_mbufPool.TryAllocBulk(_packets))
        {
            throw new InvalidOperationException("a pool is empty");
        }

        for (int i = 0; i < Burst; i++)
        {
            CryptoOp op = _ops[i];
            _packets[i].TryAppend(Length, out _);
            op.Source = _packets[i];
            op.CipherLength = Length;
            op.AuthLength = Length;
            op.ContentType = 23;
        }
    }

    private int Exchange()
    {
        int sent = _device.EnqueueBurst(0, _ops);
        int done = _device.DequeueBurst(0, _ops);
        MbufPool.FreeBulk(_packets);
        _opPool.FreeBulk(_ops);
        return sent + done;
    }
}
