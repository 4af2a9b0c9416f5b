using System.Security.Cryptography;
using Outboard.Crypto;
using Outboard.Devices;
using Outboard.Plugins.Crypto.Simd;
using Outboard.Plugins.Crypto.Tests.Simd;
using Outboard.Simd;
using Asymmetry = Outboard.Crypto.AsymmetricAlgorithm;

namespace Outboard.Plugins.Crypto.Tests.Asymmetric;

/// <summary>Asymmetric ops on their way to the worker and back.</summary>
public sealed class AsymmetricWorkerTests
{
    private static readonly byte[] s_slow = MakeRsa();

    [Fact]
    public void ThePollLoopIsNotHeldUpByAnOp()
    {
        using var bench = new AsymmetricBench();
        using CryptoSession slow = Signer(bench.Device);
        CryptoOp[] ops = [.. Enumerable.Range(0, 8).Select(_ => bench.Op(slow, AsymmetricOperation.Sign, [1, 2, 3]))];
        Assert.Equal(8, bench.Device.EnqueueBurst(0, ops));
        var back = new CryptoOp[8];
        int empty = 0, done = 0;
        while (done < 8)
        {
            int count = bench.Device.DequeueBurst(0, back.AsSpan(done));
            empty += count == 0 ? 1 : 0;
            done += count;
        }

        // Eight signatures take milliseconds, and a dequeue that waited for them would never have come back with nothing.
        Assert.True(empty > 0, "every dequeue waited");
        Assert.True(ops.AsSpan().SequenceEqual(back), "the order changed");
        Assert.All(ops, op => Assert.Equal(OpStatus.Success, op.Status));
    }

    [Fact]
    public void TheOrderHoldsAcrossKinds()
    {
        using var bench = new AsymmetricBench();
        using var symmetric = new Bench(bench.Device);
        using CryptoSession slow = Signer(bench.Device);
        using CryptoSession cipher = bench.Device.CreateSession(
            new CipherTransform(CipherAlgorithm.AesCtr, CipherOperation.Encrypt, new byte[16], 16));
        var random = new Random(5);
        for (int round = 0; round < 4; round++)
        {
            CryptoOp[] ops =
            [
                .. Enumerable.Range(0, 24).Select(_ => random.Next(4) == 0
                    ? bench.Op(slow, AsymmetricOperation.Sign, [1, 2, 3])
                    : symmetric.Op(cipher, symmetric.Packet(new byte[random.Next(200)]))),
            ];
            Assert.Equal(ops.Length, bench.Device.EnqueueBurst(0, ops));
            CryptoOp[] back = bench.Collect(ops.Length);
            Assert.True(ops.AsSpan().SequenceEqual(back), "the order changed");
            foreach (CryptoOp op in ops)
            {
                Assert.Equal(OpStatus.Success, op.Status);
                op.FreeWithBuffers();
            }
        }
    }

    [Fact]
    public void OpsThatCannotBeDoneAreRefusedAtEnqueue()
    {
        using var bench = new AsymmetricBench();
        using var symmetric = new Bench(bench.Device);
        using CryptoSession signer = Signer(bench.Device);
        using CryptoSession cipher = bench.Device.CreateSession(
            new CipherTransform(CipherAlgorithm.AesCtr, CipherOperation.Encrypt, new byte[16], 16));
        CryptoOp bare = symmetric.Op(cipher, symmetric.Packet([1]));
        bare.SetSession(signer);
        Refused(bench.Device, bare, OpStatus.InvalidArguments);
        bare.FreeWithBuffers();

        CryptoOp op = bench.Op(signer, AsymmetricOperation.SharedSecret, [1]);
        Refused(bench.Device, op, OpStatus.InvalidArguments);
        op.AsymmetricOperation = (AsymmetricOperation)99;
        Refused(bench.Device, op, OpStatus.InvalidArguments);
        op.AsymmetricOperation = AsymmetricOperation.Sign;
        CryptoBuffer message = op.GetAsymmetricBuffer(0);
        foreach (CryptoBuffer wrong in (CryptoBuffer[])
            [message with { Length = -1 }, message with { Length = 2 }, new CryptoBuffer(0, 5), message with { Capacity = -1, Length = -1 }])
        {
            op.GetAsymmetricBuffer(0) = wrong;
            Refused(bench.Device, op, OpStatus.InvalidArguments);
        }

        // A symmetric session without a packet.
        op.GetAsymmetricBuffer(0) = message;
        op.SetSession(cipher);
        Refused(bench.Device, op, OpStatus.InvalidArguments);
        op.Free();
    }

    [Fact]
    public void ASessionMayGoWhileItsOpsAreInFlight()
    {
        using var bench = new AsymmetricBench();
        for (int round = 0; round < 3; round++)
        {
            CryptoSession session = Signer(bench.Device);
            CryptoOp[] ops = [.. Enumerable.Range(0, 16).Select(_ => bench.Op(session, AsymmetricOperation.Sign, [1]))];
            Assert.Equal(16, bench.Device.EnqueueBurst(0, ops));
            session.Dispose();
            foreach (CryptoOp op in bench.Collect(16))
            {
                Assert.True(op.Status is OpStatus.Success or OpStatus.InvalidSession, op.Status.ToString());
                op.Free();
            }
        }
    }

    [Fact]
    public void AStopHandsBackWhatIsInFlight()
    {
        using var bench = new AsymmetricBench();
        using CryptoSession session = Signer(bench.Device);
        CryptoOp[] ops = [.. Enumerable.Range(0, 10).Select(_ => bench.Op(session, AsymmetricOperation.Sign, [1]))];
        Assert.Equal(10, bench.Device.EnqueueBurst(0, ops));
        bench.Device.Stop();
        var back = new CryptoOp[10];
        Assert.Equal(10, bench.Device.DequeueBurst(0, back));
        Assert.All(back, op => Assert.Equal(OpStatus.Success, op.Status));
    }

    [Fact]
    public void TheWorkerStartsWithTheFirstSessionAndEndsWithTheDevice()
    {
        using var bench = new AsymmetricBench();
        int before = Workers();
        using (CryptoDevice device = SimdDevices.CreateRegistry().OpenCrypto("crypto_simd7,asym_workers=3"))
        {
            device.Configure(new CryptoConfiguration { QueuePairCount = 4 });
            device.Start();
            Assert.Equal(before, Workers());
            using CryptoSession session = Signer(device);
            for (int wait = 0; wait < 500 && Workers() != before + 3; wait++)
            {
                Thread.Sleep(10);
            }

            Assert.Equal(before + 3, Workers());
            CryptoOp[] ops = [.. Enumerable.Range(0, 20).Select(_ => bench.Op(session, AsymmetricOperation.Sign, [1]))];
            for (int q = 0; q < 4; q++)
            {
                Assert.Equal(5, device.EnqueueBurst(q, ops.AsSpan(5 * q, 5)));
            }
        }

        // Disposed with ops in flight: the threads have ended when the dispose returns.
        for (int wait = 0; wait < 500 && Workers() != before; wait++)
        {
            Thread.Sleep(10);
        }

        Assert.Equal(before, Workers());

        static int Workers() => !OperatingSystem.IsLinux() ? 0 : Directory.GetDirectories("/proc/self/task")
            .Count(task => Name(task).StartsWith("crypto_simd7", StringComparison.Ordinal));

        // A thread may end between the listing and the reading.
        static string Name(string task)
        {
            try
            {
                return File.ReadAllText(Path.Combine(task, "comm"));
            }
            catch (IOException)
            {
                return string.Empty;
            }
        }
    }

    [Fact]
    public void ManyThreadsShareASessionThroughTheSynchronousFace()
    {
        using var bench = new AsymmetricBench();
        using var ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using CryptoSession session = bench.Device.CreateAsymmetricSession(new AsymmetricTransform(
            Asymmetry.Ecdsa, ecdsa.ExportPkcs8PrivateKey(), default, "P-256", AuthAlgorithm.Sha256));
        CryptoOp[] ops = [.. Enumerable.Range(0, 64).Select(i => bench.Op(session, AsymmetricOperation.Sign, [(byte)i]))];
        Parallel.For(0, 4, t => bench.Device.Process(ops.AsSpan(16 * t, 16)));
        for (int i = 0; i < ops.Length; i++)
        {
            Assert.Equal(OpStatus.Success, ops[i].Status);
            Assert.True(ecdsa.VerifyData((byte[])[(byte)i], AsymmetricBench.Output(ops[i]), HashAlgorithmName.SHA256));
        }
    }

    [Fact]
    public void WithoutTheLibraryNothingIsOfferedAndTheDeviceSaysWhy()
    {
        var policy = new SimdPolicy();
        policy.Set(0);
        var context = new Plugins.DriverContext(
            "crypto_simd0", "crypto_simd", DevArgs.Parse("crypto_simd0", string.Empty), new SimdSelector(policy));
        using var without = new SimdCryptoDriver(context, withoutLibrary: "libcrypto.so.3 was not found");
        Assert.Empty(without.Info.AsymmetricCapabilities);
        Assert.False(without.Info.Features.HasFlag(CryptoFeatures.Asymmetric));
        Assert.Contains("asymmetric by nothing (libcrypto.so.3 was not found)", without.Info.Backend, StringComparison.Ordinal);
        using var bench = new AsymmetricBench();
        Assert.Contains("asymmetric by libcrypto 3", bench.Device.Info.Backend, StringComparison.Ordinal);
        Assert.True(bench.Device.Info.Features.HasFlag(CryptoFeatures.Asymmetric));
        Assert.Equal(6, bench.Device.Info.AsymmetricCapabilities.Count);
    }

    private static void Refused(CryptoDevice device, CryptoOp op, OpStatus status)
    {
        op.Status = OpStatus.NotProcessed;
        Assert.Equal(0, device.EnqueueBurst(0, [op]));
        Assert.Equal(status, op.Status);
    }

    private static CryptoSession Signer(CryptoDevice device) => device.CreateAsymmetricSession(new AsymmetricTransform(
        Asymmetry.Rsa, s_slow, default, Hash: AuthAlgorithm.Sha256, Padding: AsymmetricPadding.Pkcs1));

    private static byte[] MakeRsa()
    {
        using var rsa = RSA.Create(3072);
        return rsa.ExportPkcs8PrivateKey();
    }
}
