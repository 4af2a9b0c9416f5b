namespace Outboard.OpenCL.Tests;

public sealed class OpenCLContextTests
{
    [Fact]
    public void DisposeReleasesWhatIsLeft()
    {
        OpenCLContext context = TestDevice.Context();
        context.CreateQueue();
        context.CreateBuffer(64);
        OpenCLProgram program = context.BuildProgram(Kernels.Source);
        program.CreateKernel("fill");
        program.CreateKernel("grid");
        context.CreateQueue();
        Assert.Equal(6, context.LiveObjectCount);

        context.Dispose();
        context.Dispose();

        Assert.Equal(0, context.LiveObjectCount);
        Assert.Throws<ObjectDisposedException>(() => context.CreateQueue());
        Assert.Throws<ObjectDisposedException>(() => context.CreateBuffer(1));
        Assert.Throws<ObjectDisposedException>(() => context.CreateBufferOver(1, 1));
        Assert.Throws<ObjectDisposedException>(() => context.BuildProgram(Kernels.Source));
    }

    [Fact]
    public void DisposeWaitsForWorkInFlight()
    {
        using var region = new NativeRegion(4096);
        OpenCLContext context = TestDevice.Context();
        OpenCLQueue queue = context.CreateQueue();
        OpenCLBuffer buffer = context.CreateBufferOver(region.Address, region.ByteCount);
        OpenCLKernel kernel = context.BuildProgram(Kernels.Source).CreateKernel("spin");
        kernel.SetArgument(0, buffer).ThrowIfFailed("clSetKernelArg");
        kernel.SetArgument(1, 5_000_000).ThrowIfFailed("clSetKernelArg");
        for (int i = 0; i < 8; i++)
        {
            queue.Launch(kernel, OpenCLRange.Line(1)).ThrowIfFailed("clEnqueueNDRangeKernel");
        }

        queue.Mark(out OpenCLEvent last).ThrowIfFailed("clEnqueueMarkerWithWaitList");
        context.Dispose();

        Assert.True(last.IsComplete);
        last.Release();
    }

    [Fact]
    public void ObjectsMayBeDisposedInAnyOrderAndTwice()
    {
        OpenCLContext context = TestDevice.Context();
        OpenCLBuffer buffer = context.CreateBuffer(64);
        OpenCLQueue queue = context.CreateQueue();
        OpenCLKernel kernel = context.BuildProgram(Kernels.Source).CreateKernel("fill");

        buffer.Dispose();
        buffer.Dispose();
        kernel.Dispose();
        kernel.Dispose();
        queue.Dispose();
        queue.Dispose();
        Assert.Equal(1, context.LiveObjectCount);
        context.Dispose();

        Assert.Equal(0, context.LiveObjectCount);
    }
}
