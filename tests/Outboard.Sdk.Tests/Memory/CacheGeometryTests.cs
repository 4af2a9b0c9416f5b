using Outboard.Memory;

namespace Outboard.Sdk.Tests.Memory;

public sealed class CacheGeometryTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("outboard-cache").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void TheFoldersOfSysfsAreRead()
    {
        Write("index0", "Data", 1, 64, 12);
        Write("index1", "Instruction", 1, 64, 8);
        Write("index2", "Unified", 2, 2048, 16);
        Write("index3", "Unified", 3, 32768, 16);
        CacheGeometry geometry = CacheGeometry.Read(_folder);
        Assert.Equal(new CacheLevel(1, 64, 12, 64), geometry.L1Data);
        Assert.Equal(new CacheLevel(2, 2048, 16, 64), geometry.L2);
        Assert.Equal(_folder, geometry.Source);
        Assert.Equal(48 << 10, geometry.L1Data.ByteCount);
    }

    [Fact]
    public void MissingOrOddFilesFallBack()
    {
        Write("index0", "Data", 1, 0, 12);
        CacheGeometry geometry = CacheGeometry.Read(_folder);
        Assert.Equal("assumed", geometry.Source);
        Assert.Equal(64, geometry.L1Data.SetCount);
        Assert.Equal("assumed", CacheGeometry.Read(Path.Combine(_folder, "nowhere")).Source);
    }

    [Fact]
    public void ThisMachineHasCaches()
    {
        CacheGeometry geometry = CacheGeometry.Read();
        Assert.True(geometry.L1Data.ByteCount >= 8 << 10);
        Assert.True(geometry.L2.ByteCount > geometry.L1Data.ByteCount);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(63, 0)]
    [InlineData(64, 1)]
    [InlineData(4096, 0)]
    [InlineData(4096 + 640, 10)]
    public void AddressesGoToTheirSets(int address, int set) =>
        Assert.Equal(set, new CacheLevel(1, 64, 12, 64).SetOf(address));

    private void Write(string index, string type, int level, int sets, int ways)
    {
        string folder = Directory.CreateDirectory(Path.Combine(_folder, index)).FullName;
        File.WriteAllText(Path.Combine(folder, "type"), type + "\n");
        File.WriteAllText(Path.Combine(folder, "level"), level + "\n");
        File.WriteAllText(Path.Combine(folder, "number_of_sets"), sets + "\n");
        File.WriteAllText(Path.Combine(folder, "ways_of_associativity"), ways + "\n");
        File.WriteAllText(Path.Combine(folder, "coherency_line_size"), "64\n");
    }
}
