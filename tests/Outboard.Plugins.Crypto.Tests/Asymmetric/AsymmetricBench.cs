using System.Runtime.InteropServices;
using Outboard.Crypto;
using Outboard.Devices;
using Outboard.Plugins.Crypto.Asymmetric;
using Outboard.Plugins.Crypto.Tests.Simd;

namespace Outboard.Plugins.Crypto.Tests.Asymmetric;

/// <summary>A started device with ops and native buffers for asymmetric work.</summary>
internal sealed unsafe class AsymmetricBench : IDisposable
{
    public const int Room = 4096;

    private readonly List<nint> _buffers = [];

    public AsymmetricBench()
    {
        Assert.SkipWhen(OpenSsl.Obstacle is not null, OpenSsl.Obstacle ?? string.Empty);
        Device = SimdDevices.Start(64);
    }

    public CryptoDevice Device { get; }

    public CryptoOpPool Ops { get; } = new(
        new CryptoOpPoolOptions { Name = "asymmetric", Count = 256, CacheSize = 0, Room = CryptoOpRoom.Asymmetric });

    /// <summary>An op whose output has room for <paramref name="room"/> bytes.</summary>
    public CryptoOp Op(
        CryptoSession session, AsymmetricOperation operation, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature = default, int room = Room)
    {
        Assert.True(Ops.TryAlloc(out CryptoOp op));
        op.SetSession(session);
        op.AsymmetricOperation = operation;
        op.GetAsymmetricBuffer(0) = Buffer(message, message.Length);
        op.GetAsymmetricBuffer(1) = operation == AsymmetricOperation.GenerateKey
            ? Buffer([], Room)
            : Buffer(signature, signature.Length);
        op.GetAsymmetricBuffer(2) = Buffer([], room);
        return op;
    }

    /// <summary>Runs an op through the queue pair and frees it.</summary>
    public (OpStatus Status, byte[] Output) Do(
        CryptoSession session, AsymmetricOperation operation, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature = default)
    {
        CryptoOp op = Op(session, operation, message, signature);
        Run(op);
        (OpStatus, byte[]) answer = (op.Status, Output(op));
        op.Free();
        return answer;
    }

    public void Run(CryptoOp op)
    {
        Assert.Equal(1, Device.EnqueueBurst(0, [op]));
        Assert.Equal(op, Collect(1)[0]);
    }

    public CryptoOp[] Collect(int count)
    {
        var back = new CryptoOp[count];
        long end = Environment.TickCount64 + 60_000;
        for (int done = 0; done < count; Thread.Yield())
        {
            done += Device.DequeueBurst(0, back.AsSpan(done));
            Assert.True(Environment.TickCount64 < end, "an op did not come back within a minute");
        }

        return back;
    }

    public static byte[] Output(CryptoOp op, int buffer = 2)
    {
        CryptoBuffer made = op.GetAsymmetricBuffer(buffer);
        return new ReadOnlySpan<byte>((void*)made.Address, made.Length <= made.Capacity ? made.Length : 0).ToArray();
    }

    public void Dispose()
    {
        Device.Dispose();
        Ops.Dispose();
        _buffers.ForEach(one => NativeMemory.Free((void*)one));
    }

    private CryptoBuffer Buffer(ReadOnlySpan<byte> bytes, int capacity)
    {
        byte* memory = (byte*)NativeMemory.AllocZeroed((nuint)Math.Max(capacity, 1));
        _buffers.Add((nint)memory);
        bytes.CopyTo(new Span<byte>(memory, capacity));
        return new CryptoBuffer((nint)memory, capacity, bytes.Length);
    }
}
