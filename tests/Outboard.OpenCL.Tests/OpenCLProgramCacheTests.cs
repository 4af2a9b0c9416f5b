using System.Text;

namespace Outboard.OpenCL.Tests;

public sealed class OpenCLProgramCacheTests
{
    private static readonly byte[] s_image = [.. Enumerable.Range(0, 300).Select(static i => (byte)(i * 7))];

    [Fact]
    public void WhatWasWrittenIsRead()
    {
        using var folder = new TemporaryFolder();
        var cache = new OpenCLProgramCache(Path.Combine(folder.FullName, "a", "b"));

        Assert.Null(cache.TryRead("key", out string report));
        Assert.Equal("not kept yet", report);
        Assert.StartsWith("kept in ", cache.Write("key", s_image));
        Assert.Equal(s_image, cache.TryRead("key", out _));
        Assert.Null(cache.TryRead("another key", out _));
        Assert.Single(Directory.GetFiles(cache.Folder!));
    }

    [Fact]
    public void EveryTruncationCountsAsAbsent()
    {
        using var folder = new TemporaryFolder();
        var cache = new OpenCLProgramCache(folder.FullName);
        cache.Write("key", s_image);
        byte[] content = File.ReadAllBytes(cache.FileOf("key"));

        for (int length = 0; length < content.Length; length++)
        {
            File.WriteAllBytes(cache.FileOf("key"), content[..length]);
            Assert.Null(cache.TryRead("key", out string report));
            Assert.Equal("the kept program is damaged", report);
        }
    }

    [Fact]
    public void EveryFlippedBitCountsAsAbsent()
    {
        using var folder = new TemporaryFolder();
        var cache = new OpenCLProgramCache(folder.FullName);
        cache.Write("key", s_image);
        byte[] content = File.ReadAllBytes(cache.FileOf("key"));

        for (int i = 0; i < content.Length; i++)
        {
            content[i] ^= (byte)(1 << (i % 8));
            File.WriteAllBytes(cache.FileOf("key"), content);
            Assert.Null(cache.TryRead("key", out _));
            content[i] ^= (byte)(1 << (i % 8));
        }
    }

    [Fact]
    public void AFolderThatCannotBeMadeOnlyMeansNotKept()
    {
        using var folder = new TemporaryFolder();
        string file = Path.Combine(folder.FullName, "file");
        File.WriteAllText(file, "");
        var cache = new OpenCLProgramCache(Path.Combine(file, "below"));

        Assert.StartsWith("not kept (", cache.Write("key", s_image));
        Assert.Null(cache.TryRead("key", out _));
    }

    [Fact]
    public void TheFolderIsTheUsersAlone()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Unix modes");
        using var folder = new TemporaryFolder();
        var cache = new OpenCLProgramCache(Path.Combine(folder.FullName, "made"));
        cache.Write("key", s_image);

#pragma warning disable CA1416 // Skipped above where there are no Unix modes.
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
            File.GetUnixFileMode(cache.Folder!));
#pragma warning restore CA1416
    }

    [Theory]
    [InlineData("/cache", "/users/u", "/cache/outboard/opencl")]
    [InlineData("relative", "/users/u", "/users/u/.cache/outboard/opencl")]
    [InlineData(null, "/users/u", "/users/u/.cache/outboard/opencl")]
    [InlineData("", "/users/u", "/users/u/.cache/outboard/opencl")]
    [InlineData(null, null, null)]
    [InlineData(null, "relative", null)]
    public void TheUsersFolderFollowsTheEnvironment(string? cacheHome, string? home, string? expected)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Unix paths");
        OpenCLProgramCache cache = OpenCLProgramCache.ForUser(cacheHome, home);

        Assert.Equal(expected, cache.Folder);
        Assert.Equal(expected is not null, cache.IsEnabled);
    }

    [Fact]
    public void OffKeepsNothing()
    {
        using OpenCLContext context = TestDevice.Context();
        using OpenCLProgram program = context.BuildProgram(Kernels.Source);

        Assert.Equal(OpenCLProgramOrigin.Source, program.Origin);
        Assert.Equal("the cache is off", program.CacheReport);
    }

    [Fact]
    public void TheSecondBuildComesFromTheCacheAndWorks()
    {
        using var folder = new TemporaryFolder();
        var cache = new OpenCLProgramCache(folder.FullName);
        using OpenCLContext context = TestDevice.Context();
        using OpenCLProgram first = context.BuildProgram(Kernels.Source, "", cache);
        using OpenCLProgram second = context.BuildProgram(Kernels.Source, "", cache);

        Assert.Equal(OpenCLProgramOrigin.Source, first.Origin);
        Assert.Contains("not kept yet; kept in", first.CacheReport);
        Assert.Equal(OpenCLProgramOrigin.Cache, second.Origin);
        Assert.Equal([9, 9, 9, 9], Fill(context, second, 9));
    }

    [Fact]
    public void SourceOptionsAndDeviceMakeTheKey()
    {
        OpenCLDevice device = TestDevice.Get();
        string key = OpenCLProgramCache.KeyOf(device, "source", "-D A");

        Assert.Contains(device.DriverVersion, key);
        Assert.Contains(device.Name, key);
        Assert.NotEqual(key, OpenCLProgramCache.KeyOf(device, "source", "-D B"));
        Assert.NotEqual(key, OpenCLProgramCache.KeyOf(device, "source ", "-D A"));
    }

    [Fact]
    public void ADamagedFileIsBuiltAndKeptAnew()
    {
        using var folder = new TemporaryFolder();
        var cache = new OpenCLProgramCache(folder.FullName);
        using OpenCLContext context = TestDevice.Context();
        context.BuildProgram(Kernels.Source, "", cache).Dispose();
        string file = Assert.Single(Directory.GetFiles(folder.FullName));
        byte[] content = File.ReadAllBytes(file);
        content[^1] ^= 1;
        File.WriteAllBytes(file, content);

        using OpenCLProgram rebuilt = context.BuildProgram(Kernels.Source, "", cache);
        using OpenCLProgram kept = context.BuildProgram(Kernels.Source, "", cache);

        Assert.Equal(OpenCLProgramOrigin.Source, rebuilt.Origin);
        Assert.Contains("damaged", rebuilt.CacheReport);
        Assert.Equal([5, 5, 5, 5], Fill(context, rebuilt, 5));
        Assert.Equal(OpenCLProgramOrigin.Cache, kept.Origin);
    }

    [Fact]
    public void AnImageTheDeviceRefusesIsBuiltAnew()
    {
        using var folder = new TemporaryFolder();
        var cache = new OpenCLProgramCache(folder.FullName);
        using OpenCLContext context = TestDevice.Context();
        cache.Write(
            OpenCLProgramCache.KeyOf(context.Device, Kernels.Source, ""),
            Encoding.UTF8.GetBytes("whole, but no program"));

        using OpenCLProgram program = context.BuildProgram(Kernels.Source, "", cache);

        Assert.Equal(OpenCLProgramOrigin.Source, program.Origin);
        Assert.Contains("no longer takes", program.CacheReport);
        Assert.Equal([7, 7, 7, 7], Fill(context, program, 7));
    }

    private static int[] Fill(OpenCLContext context, OpenCLProgram program, int value)
    {
        int[] result = new int[4];
        using OpenCLQueue queue = context.CreateQueue();
        using OpenCLBuffer buffer = context.CreateBuffer(16);
        using OpenCLKernel kernel = program.CreateKernel("fill");
        kernel.SetArgument(0, buffer).ThrowIfFailed("clSetKernelArg");
        kernel.SetArgument(1, value).ThrowIfFailed("clSetKernelArg");
        queue.Launch(kernel, OpenCLRange.Line(4)).ThrowIfFailed("clEnqueueNDRangeKernel");
        queue.Read(buffer, 0, System.Runtime.InteropServices.MemoryMarshal.AsBytes(result.AsSpan()));
        return result;
    }
}
