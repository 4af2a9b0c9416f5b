using System.Globalization;
using Outboard.Testing;

namespace Outboard.Sdk.Tests.Memory;

public sealed unsafe class GuardedMemoryTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    [InlineData(4096)]
    [InlineData(10_000)]
    public void BlocksTouchPagesThatCannotBeRead(int capacity)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "there is no mmap here");
        using var memory = new GuardedMemory(capacity);
        Assert.True(memory.IsGuarded);
        memory.AtEnd(capacity).Fill(1);
        memory.AtStart(capacity).Fill(2);
        Assert.Equal("---p", Protection((ulong)memory.PointerAtEnd(capacity) + (ulong)capacity));
        Assert.Equal("---p", Protection((ulong)memory.PointerAtStart() - 1));
        Assert.Equal("rw-p", Protection((ulong)memory.PointerAtStart()));
        Assert.Equal(capacity, memory.Copy(new byte[capacity]).Length);
        Assert.Equal(0, memory.AtEnd(0).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => memory.AtEnd(capacity + 1));
    }

    /// <summary>What the kernel says of the page at an address.</summary>
    private static string? Protection(ulong address)
    {
        foreach (string line in File.ReadLines("/proc/self/maps"))
        {
            string[] parts = line.Split([' ', '-'], 4);
            ulong from = ulong.Parse(parts[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            ulong to = ulong.Parse(parts[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            if (address >= from && address < to)
            {
                return line.Split(' ')[1];
            }
        }

        return null;
    }
}
