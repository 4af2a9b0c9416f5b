using Outboard.Memory;

namespace Outboard.OpenCL.Tests;

public sealed unsafe class OpenCLBufferTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void HostAndDeviceHandARangeToAndFro(bool allowInPlace)
    {
        const int Count = 4096, First = 1024, Items = 512;
        using var region = new NativeRegion(Count * sizeof(int));
        using OpenCLContext context = TestDevice.Context();
        using OpenCLQueue queue = context.CreateQueue();
        using OpenCLBuffer buffer = context.CreateBufferOver(
            region.Address, region.ByteCount, OpenCLAccess.ReadWrite, allowInPlace);
        using OpenCLKernel kernel = context.BuildProgram(Kernels.Source).CreateKernel("twice_plus");
        kernel.SetArgument(0, buffer).ThrowIfFailed("clSetKernelArg");
        kernel.SetArgument(1, First).ThrowIfFailed("clSetKernelArg");

        int[] expected = new int[Count];
        Take(queue, buffer, First * sizeof(int), Items * sizeof(int));
        for (int i = 0; i < Items; i++)
        {
            region.Integers[First + i] = expected[First + i] = i * 3;
        }

        for (int round = 1; round <= 3; round++)
        {
            queue.ToDevice(buffer, First * sizeof(int), Items * sizeof(int)).ThrowIfFailed("ToDevice");
            kernel.SetArgument(2, round).ThrowIfFailed("clSetKernelArg");
            queue.Launch(kernel, OpenCLRange.Line(Items)).ThrowIfFailed("clEnqueueNDRangeKernel");
            Take(queue, buffer, First * sizeof(int), Items * sizeof(int));
            for (int i = 0; i < Items; i++)
            {
                // The host changes what it got back, and the device must see that in the next round.
                expected[First + i] = (expected[First + i] * 2) + round + 1;
                region.Integers[First + i]++;
            }

            Assert.Equal(expected, region.Integers.ToArray());
        }
    }

    [Fact]
    public void AProcessorWorksOnTheRegionItself()
    {
        OpenCLDevice device = TestDevice.Get();
        Assert.SkipUnless(device.Type == OpenCLDeviceType.Cpu, "the device is not a processor");
        using var region = new NativeRegion(8192);
        using OpenCLContext context = device.CreateContext();
        using OpenCLQueue queue = context.CreateQueue();

        // Off any page and cache line, as objects inside a pool are.
        using OpenCLBuffer buffer = context.CreateBufferOver(region.Address + 4, 4096);
        using OpenCLKernel kernel = context.BuildProgram(Kernels.Source).CreateKernel("fill");
        kernel.SetArgument(0, buffer).ThrowIfFailed("clSetKernelArg");
        kernel.SetArgument(1, 0x5A5A5A5A).ThrowIfFailed("clSetKernelArg");
        queue.Launch(kernel, OpenCLRange.Line(1024)).ThrowIfFailed("clEnqueueNDRangeKernel");
        queue.Finish().ThrowIfFailed("clFinish");

        // Nothing was mapped or read back: only memory that is really shared holds the result now.
        Assert.Equal(OpenCLSharing.InPlace, buffer.Sharing);
        Assert.Equal("the device is the host's processor", buffer.SharingReason);
        Assert.Equal(0, region.Integers[0]);
        Assert.All(region.Integers.Slice(1, 1024).ToArray(), static value => Assert.Equal(0x5A5A5A5A, value));
        Assert.Equal(0, region.Integers[1025]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ObjectsOfAPoolAreReachedByTheirOffsets(bool allowInPlace)
    {
        using var pool = new Mempool(new MempoolOptions { ObjectCount = 63, ObjectSize = 256, CacheSize = 0 });
        using OpenCLContext context = TestDevice.Context();
        using OpenCLQueue queue = context.CreateQueue();
        using OpenCLBuffer buffer = context.CreateBufferOver(pool.Memory, OpenCLAccess.ReadWrite, allowInPlace);
        using OpenCLKernel kernel = context.BuildProgram(Kernels.Source).CreateKernel("twice_plus");
        nint[] objects = new nint[5];
        Assert.True(pool.TryGetBulk(objects));
        Take(queue, buffer, 0, pool.Memory.ByteCount);
        kernel.SetArgument(0, buffer).ThrowIfFailed("clSetKernelArg");
        foreach (nint item in objects)
        {
            new Span<int>((void*)item, 64).Fill(20);
        }

        queue.ToDevice(buffer, 0, pool.Memory.ByteCount).ThrowIfFailed("ToDevice");
        for (int i = 0; i < objects.Length; i++)
        {
            int offset = (int)(objects[i] - pool.Memory.Address) / sizeof(int);
            kernel.SetArgument(1, offset).ThrowIfFailed("clSetKernelArg");
            kernel.SetArgument(2, i).ThrowIfFailed("clSetKernelArg");
            queue.Launch(kernel, OpenCLRange.Line(64)).ThrowIfFailed("clEnqueueNDRangeKernel");
        }

        Take(queue, buffer, 0, pool.Memory.ByteCount);

        for (int i = 0; i < objects.Length; i++)
        {
            Assert.Equal(Enumerable.Repeat(40 + i, 64), new Span<int>((void*)objects[i], 64).ToArray());
        }

        pool.PutBulk(objects);
    }

    [Fact]
    public void ACopySaysThatItIsOne()
    {
        using var region = new NativeRegion(4096);
        using OpenCLContext context = TestDevice.Context();
        using OpenCLBuffer buffer = context.CreateBufferOver(
            region.Address, region.ByteCount, OpenCLAccess.ReadWrite, allowInPlace: false);

        Assert.Equal(OpenCLSharing.Copied, buffer.Sharing);
        Assert.Equal("the copy was asked for", buffer.SharingReason);
        Assert.Equal(region.Address, buffer.HostMemory);
    }

    [Fact]
    public void BadSizesAndPointersAreRefused()
    {
        using OpenCLContext context = TestDevice.Context();
        nuint tooMany = (nuint)context.Device.AllocationByteCountMax + 1;

        Assert.Throws<ArgumentOutOfRangeException>(() => context.CreateBuffer(0));
        ArgumentOutOfRangeException e = Assert.Throws<ArgumentOutOfRangeException>(() => context.CreateBuffer(tooMany));
        Assert.Contains($"{tooMany}", e.Message);
        Assert.Contains($"{context.Device.AllocationByteCountMax}", e.Message);
        Assert.Throws<ArgumentException>(() => context.CreateBufferOver(0, 16));
        Assert.Equal(0, context.LiveObjectCount);
    }

    [Theory]
    [InlineData(0u, 4097u)]
    [InlineData(4096u, 1u)]
    [InlineData(4000u, 97u)]
    [InlineData(0u, 0u)]
    public void RangesOutsideTheBufferAreRefused(uint offset, uint byteCount)
    {
        using var region = new NativeRegion(8192);
        using OpenCLContext context = TestDevice.Context();
        using OpenCLQueue queue = context.CreateQueue();
        using OpenCLBuffer buffer = context.CreateBufferOver(region.Address, 4096);

        Assert.Equal("CL_INVALID_VALUE", queue.ToDevice(buffer, offset, byteCount).Name);
        Assert.Equal("CL_INVALID_VALUE", queue.ToHost(buffer, offset, byteCount, out OpenCLEvent completion).Name);
        Assert.True(completion.IsNull);
        if (byteCount != 0)
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => queue.Write(buffer, offset, new byte[byteCount]));
            Assert.Throws<ArgumentOutOfRangeException>(() => queue.Read(buffer, offset, new byte[byteCount]));
        }
    }

    [Fact]
    public void ADeviceBufferIsWrittenAndRead()
    {
        using OpenCLContext context = TestDevice.Context();
        using OpenCLQueue queue = context.CreateQueue();
        using OpenCLBuffer buffer = context.CreateBuffer(1024);
        byte[] sent = new byte[1000], got = new byte[1000];
        new Random(1).NextBytes(sent);

        queue.Write(buffer, 24, sent);
        queue.Read(buffer, 24, got);

        Assert.Equal(sent, got);
        Assert.Equal(OpenCLSharing.None, buffer.Sharing);
        Assert.Equal("CL_INVALID_VALUE", queue.ToDevice(buffer, 0, 16).Name);
    }

    private static void Take(OpenCLQueue queue, OpenCLBuffer buffer, nuint offset, nuint byteCount)
    {
        queue.ToHost(buffer, offset, byteCount, out OpenCLEvent completion).ThrowIfFailed("ToHost");
        completion.Wait().ThrowIfFailed("clWaitForEvents");
        completion.Release();
    }
}
