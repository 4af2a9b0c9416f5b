using Outboard.Plugins.Crypto.Keys;

namespace Outboard.Plugins.Crypto.Tests.Keys;

public sealed unsafe class SecureMemoryTests
{
    [Fact]
    public void ASlotIsZeroedWhenItComesBack()
    {
        using var memory = new SecureMemory(64, 3);
        Assert.True(memory.TryTake(out byte* slot));
        new Span<byte>(slot, 64).Fill(0xA5);
        memory.Return(slot);
        Assert.True(memory.TryTake(out byte* again));
        Assert.True(slot == again);
        Assert.False(new ReadOnlySpan<byte>(again, 64).ContainsAnyExcept((byte)0));
    }

    [Fact]
    public void TakesAsManySlotsAsItHasAndNoMore()
    {
        using var memory = new SecureMemory(2048, 130);
        var slots = new HashSet<nint>();
        for (int i = 0; i < 130; i++)
        {
            Assert.True(memory.TryTake(out byte* slot));
            Assert.True(slots.Add((nint)slot));
        }

        Assert.False(memory.TryTake(out _));
        memory.Return((byte*)slots.First());
        Assert.True(memory.TryTake(out _));
    }

    [Fact]
    public void ASlotIsReturnedOnce()
    {
        using var memory = new SecureMemory(64, 1);
        Assert.True(memory.TryTake(out byte* slot));
        memory.Return(slot);
        nint address = (nint)slot;
        Assert.Throws<ArgumentException>(() => memory.Return((byte*)address));
    }

    [Fact]
    public void ThePagesAreLockedAndLeftOutOfDumps()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the page flags are read from /proc");
        using var memory = new SecureMemory(4096, 4);
        Assert.True(memory.TryTake(out byte* slot));
        Assert.SkipUnless(memory.Protection.StartsWith("locked", StringComparison.Ordinal), memory.Protection);
        string? flags = null;
        bool inside = false;
        foreach (string line in File.ReadLines("/proc/self/smaps"))
        {
            string[] head = line.Split(' ', 2)[0].Split('-');
            if (head.Length == 2 && nuint.TryParse(head[0], System.Globalization.NumberStyles.HexNumber, null, out nuint from))
            {
                nuint to = nuint.Parse(head[1], System.Globalization.NumberStyles.HexNumber);
                inside = (nuint)slot >= from && (nuint)slot < to;
            }
            else if (inside && line.StartsWith("VmFlags:", StringComparison.Ordinal))
            {
                flags = line;
            }
        }

        Assert.NotNull(flags);
        string[] set = flags.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Assert.Contains("lo", set);
        Assert.Contains("dd", set);
    }
}
