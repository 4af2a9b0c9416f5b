using System.Runtime.InteropServices;

namespace Outboard.OpenCL.Tests;

public sealed class OpenCLQueueTests
{
    [Fact]
    public void CommandsRunInTheirOrder()
    {
        const int Rounds = 200;
        using OpenCLContext context = TestDevice.Context();
        using OpenCLQueue queue = context.CreateQueue();
        using OpenCLBuffer buffer = context.CreateBuffer(64 * sizeof(int));
        using OpenCLKernel kernel = context.BuildProgram(Kernels.Source).CreateKernel("twice_plus");
        queue.Write(buffer, 0, new byte[64 * sizeof(int)]);
        kernel.SetArgument(0, buffer).ThrowIfFailed("clSetKernelArg");
        kernel.SetArgument(1, 0).ThrowIfFailed("clSetKernelArg");

        uint expected = 0;
        for (int round = 0; round < Rounds; round++)
        {
            kernel.SetArgument(2, round).ThrowIfFailed("clSetKernelArg");
            queue.Launch(kernel, OpenCLRange.Line(64)).ThrowIfFailed("clEnqueueNDRangeKernel");
            expected = (expected * 2) + (uint)round;
        }

        uint[] result = new uint[64];
        queue.Read(buffer, 0, MemoryMarshal.AsBytes(result.AsSpan()));
        Assert.All(result, value => Assert.Equal(expected, value));
    }

    [Fact]
    public void AnEventIsPolledUntilItsCommandIsOver()
    {
        using OpenCLContext context = TestDevice.Context();
        using OpenCLQueue queue = context.CreateQueue();
        using OpenCLBuffer buffer = context.CreateBuffer(64);
        using OpenCLKernel kernel = context.BuildProgram(Kernels.Source).CreateKernel("spin");
        kernel.SetArgument(0, buffer).ThrowIfFailed("clSetKernelArg");
        kernel.SetArgument(1, 1000).ThrowIfFailed("clSetKernelArg");

        Assert.True(queue.Launch(kernel, OpenCLRange.Line(1), out OpenCLEvent launched).IsSuccess);
        Assert.True(queue.Mark(out OpenCLEvent marked).IsSuccess);
        Assert.True(queue.Flush().IsSuccess);
        OpenCLStatus status;
        while (!marked.Poll(out status))
        {
            Thread.Yield();
        }

        // In order: what was queued before the marker is over as well.
        Assert.True(status.IsSuccess);
        Assert.True(launched.IsComplete);
        Assert.False(launched.IsNull);
        launched.Release();
        launched.Release();
        marked.Release();
        Assert.True(launched.IsNull);
        Assert.False(launched.IsComplete);
    }

    [Fact]
    public void ARefusedLaunchIsAStatusAndLeavesNoEvent()
    {
        using OpenCLContext context = TestDevice.Context();
        using OpenCLQueue queue = context.CreateQueue();
        using OpenCLBuffer buffer = context.CreateBuffer(64);
        using OpenCLKernel kernel = context.BuildProgram(Kernels.Source).CreateKernel("fill");

        Assert.Equal("CL_INVALID_KERNEL_ARGS", queue.Launch(kernel, OpenCLRange.Line(1), out OpenCLEvent none).Name);
        Assert.True(none.IsNull);
        kernel.SetArgument(0, buffer).ThrowIfFailed("clSetKernelArg");
        kernel.SetArgument(1, 1).ThrowIfFailed("clSetKernelArg");
        nuint tooMany = (nuint)context.Device.WorkGroupSizeMax * 2;
        Assert.False(queue.Launch(kernel, OpenCLRange.Line(tooMany, tooMany)).IsSuccess);
        Assert.True(queue.Launch(kernel, OpenCLRange.Line(16)).IsSuccess);
    }

    [Fact]
    public void GroupsHaveTheShapeAskedFor()
    {
        using OpenCLContext context = TestDevice.Context();
        using OpenCLQueue queue = context.CreateQueue();
        using OpenCLBuffer buffer = context.CreateBuffer(12 * 8 * sizeof(int));
        using OpenCLKernel kernel = context.BuildProgram(Kernels.Source).CreateKernel("grid");
        kernel.SetArgument(0, buffer).ThrowIfFailed("clSetKernelArg");

        queue.Launch(kernel, OpenCLRange.Grid(12, 8, 4, 2)).ThrowIfFailed("clEnqueueNDRangeKernel");
        int[] result = new int[96];
        queue.Read(buffer, 0, MemoryMarshal.AsBytes(result.AsSpan()));

        for (int i = 0; i < result.Length; i++)
        {
            Assert.Equal((i / 12 / 2 * 1000) + (i % 12 / 4), result[i]);
        }
    }

    [Fact]
    public void LocalMemoryIsAnArgument()
    {
        using OpenCLContext context = TestDevice.Context();
        using OpenCLQueue queue = context.CreateQueue();
        using OpenCLBuffer buffer = context.CreateBuffer(32 * sizeof(int));
        using OpenCLKernel kernel = context.BuildProgram(Kernels.Source).CreateKernel("reverse");
        int[] data = [.. Enumerable.Range(0, 32)];
        queue.Write(buffer, 0, MemoryMarshal.AsBytes(data.AsSpan()));
        kernel.SetArgument(0, buffer).ThrowIfFailed("clSetKernelArg");
        kernel.SetLocalArgument(1, 16 * sizeof(int)).ThrowIfFailed("clSetKernelArg");

        queue.Launch(kernel, OpenCLRange.Line(32, 16)).ThrowIfFailed("clEnqueueNDRangeKernel");
        queue.Read(buffer, 0, MemoryMarshal.AsBytes(data.AsSpan()));

        Assert.Equal([.. Enumerable.Range(0, 16).Reverse(), .. Enumerable.Range(16, 16).Reverse()], data);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void TheDataPathAllocatesNothing(bool allowInPlace)
    {
        using var region = new NativeRegion(4096);
        using OpenCLContext context = TestDevice.Context();
        using OpenCLQueue queue = context.CreateQueue();
        using OpenCLBuffer buffer = context.CreateBufferOver(
            region.Address, region.ByteCount, OpenCLAccess.ReadWrite, allowInPlace);
        using OpenCLKernel kernel = context.BuildProgram(Kernels.Source).CreateKernel("twice_plus");
        queue.ToHost(buffer, 0, 4096, out OpenCLEvent first).ThrowIfFailed("ToHost");
        first.Wait().ThrowIfFailed("clWaitForEvents");
        first.Release();
        Round(queue, buffer, kernel);

        long before = GC.GetAllocatedBytesForCurrentThread();
        int failed = 0;
        for (int i = 0; i < 50; i++)
        {
            failed += Round(queue, buffer, kernel);
        }

        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal(0, failed);
        Assert.Equal(0, allocated);
    }

    [Fact]
    public void TwoQueuesWorkOnTwoThreads()
    {
        using OpenCLContext context = TestDevice.Context();
        using OpenCLProgram program = context.BuildProgram(Kernels.Source);
        OpenCLQueue[] queues = [context.CreateQueue(), context.CreateQueue()];
        OpenCLKernel[] kernels = [program.CreateKernel("twice_plus"), program.CreateKernel("twice_plus")];
        OpenCLBuffer[] buffers = [context.CreateBuffer(256), context.CreateBuffer(256)];
        uint[][] results = [new uint[64], new uint[64]];
        Thread[] threads = [.. Enumerable.Range(0, 2).Select(k => new Thread(() =>
        {
            queues[k].Write(buffers[k], 0, new byte[256]);
            kernels[k].SetArgument(0, buffers[k]);
            kernels[k].SetArgument(1, 0);
            kernels[k].SetArgument(2, k + 1);
            for (int i = 0; i < 20; i++)
            {
                queues[k].Launch(kernels[k], OpenCLRange.Line(64));
            }

            queues[k].Read(buffers[k], 0, MemoryMarshal.AsBytes(results[k].AsSpan()));
        }))];

        Array.ForEach(threads, static thread => thread.Start());
        Array.ForEach(threads, static thread => thread.Join());

        Assert.All(results[0], static value => Assert.Equal((1u << 20) - 1, value));
        Assert.All(results[1], static value => Assert.Equal(2 * ((1u << 20) - 1), value));
    }

    private static int Round(OpenCLQueue queue, OpenCLBuffer buffer, OpenCLKernel kernel)
    {
        bool isGood = queue.ToDevice(buffer, 0, 4096).IsSuccess
            & kernel.SetArgument(0, buffer).IsSuccess
            & kernel.SetArgument(1, 0).IsSuccess
            & kernel.SetArgument(2, 5).IsSuccess
            & queue.Launch(kernel, OpenCLRange.Line(1024)).IsSuccess
            & queue.Launch(kernel, OpenCLRange.Line(1024), out OpenCLEvent launched).IsSuccess
            & queue.ToHost(buffer, 0, 4096, out OpenCLEvent done).IsSuccess
            & queue.Flush().IsSuccess;
        OpenCLStatus status;
        while (!done.Poll(out status))
        {
            Thread.Yield();
        }

        done.Release();
        launched.Release();
        return isGood && status.IsSuccess ? 0 : 1;
    }
}
