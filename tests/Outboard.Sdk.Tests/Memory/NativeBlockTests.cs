using Outboard.Memory;

namespace Outboard.Sdk.Tests.Memory;

public sealed unsafe class NativeBlockTests
{
    [Theory]
    [InlineData(MemoryBacking.Pages, 1)]
    [InlineData(MemoryBacking.Pages, 4096)]
    [InlineData(MemoryBacking.Pages, 5_000_001)]
    [InlineData(MemoryBacking.Allocator, 1)]
    [InlineData(MemoryBacking.Allocator, 5_000_001)]
    public void MemoryIsZeroAlignedAndWritable(MemoryBacking backing, int byteCount)
    {
        Assert.SkipWhen(backing == MemoryBacking.Pages && !OperatingSystem.IsLinux(), "there is no mmap here");
        using NativeBlock block = NativeBlock.Allocate((nuint)byteCount, backing);
        Assert.Equal(backing, block.Backing);
        Assert.Equal((nuint)byteCount, block.ByteCount);
        Assert.Equal(0, block.Address % 4096);
        Assert.Equal(-1, block.AsSpan().IndexOfAnyExcept((byte)0));
        block.AsSpan().Fill(0xA5);
        Assert.Equal(-1, block.AsSpan().IndexOfAnyExcept((byte)0xA5));
    }

    [Fact]
    public void TransparentHugePagesAreOnTheirBoundary()
    {
        NativeBlock? block = null;
        try
        {
            block = NativeBlock.Allocate(6 << 20, MemoryBacking.TransparentHugePages);
        }
        catch (OutOfMemoryException)
        {
            Assert.Skip("the kernel has no transparent huge pages");
        }

        using (block)
        {
            Assert.Equal(MemoryBacking.TransparentHugePages, block.Backing);
            Assert.Equal(2 << 20, block.PageSize);
            Assert.Equal(0, block.Address % (2 << 20));
            Assert.Equal(-1, block.AsSpan().IndexOfAnyExcept((byte)0));
        }
    }

    [Fact]
    public void TheNextKindIsTakenWhereOneCannotBeHad()
    {
        // 1 TiB of reserved huge pages is nowhere set aside, and less than half a huge page never becomes a transparent one.
        using NativeBlock block = NativeBlock.Allocate(
            4096, MemoryBacking.TransparentHugePages, MemoryBacking.Pages, MemoryBacking.Allocator);
        Assert.Equal(OperatingSystem.IsLinux() ? MemoryBacking.Pages : MemoryBacking.Allocator, block.Backing);
    }

    [Fact]
    public void TheDefaultOrderAlwaysFindsSomething()
    {
        using NativeBlock block = NativeBlock.Allocate(3 << 20);
        Assert.Contains(block.Backing, NativeBlock.DefaultOrder.ToArray());
        block.AsSpan().Fill(1);
    }

    [Fact]
    public void AnImpossibleRequestNamesTheKindsTried()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "there is no mmap here");
        OutOfMemoryException e = Assert.Throws<OutOfMemoryException>(
            () => NativeBlock.Allocate((nuint)1 << 50, MemoryBacking.HugePages, MemoryBacking.Pages));
        Assert.Contains("HugePages, Pages", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void DisposingTwiceIsHarmless()
    {
        NativeBlock block = NativeBlock.Allocate(4096, MemoryBacking.Allocator);
        block.Dispose();
        block.Dispose();
        Assert.Equal(0, block.Address);
    }

    [Fact]
    public void NothingIsNotAnAmount() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => NativeBlock.Allocate(0));
}
