namespace Outboard.OpenCL.Tests;

public sealed class OpenCLProbeTests
{
    [Fact]
    public void WithoutALoaderThereAreNoDevicesAndAReason()
    {
        OpenCLProbe probe = OpenCLProbe.Run("libNoSuchOpenCL.so.1");

        Assert.Empty(probe.Devices);
        Assert.Empty(probe.Platforms);
        Assert.StartsWith("no OpenCL loader 'libNoSuchOpenCL.so.1'", probe.AbsenceReason);
        Assert.Contains("apt-get install -y pocl-opencl-icd ocl-icd-libopencl1", probe.AbsenceReason);
    }

    [Fact]
    public void AFileThatIsNoLibraryIsNoLoader()
    {
        using var folder = new TemporaryFolder();
        string file = Path.Combine(folder.FullName, "libOpenCL.so.1");
        File.WriteAllText(file, "not a library");

        OpenCLProbe probe = OpenCLProbe.Run(file);

        Assert.Empty(probe.Devices);
        Assert.StartsWith("no OpenCL loader '", probe.AbsenceReason);
    }

    [Fact]
    public void ALibraryWithoutOpenCLIsALoaderThatDoesNotWork()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs libc.so.6");

        OpenCLProbe probe = OpenCLProbe.Run("libc.so.6");

        Assert.Empty(probe.Devices);
        Assert.StartsWith("the OpenCL loader does not work", probe.AbsenceReason);
    }

    [Theory]
    [InlineData("/nonexistent")]
    [InlineData("/nonexistent/libNone.so")]
    public void ALoaderWithoutAPlatformGivesNoDevicesAndAReason(string vendors)
    {
        TestDevice.Get();

        (int exitCode, string output) = ChildProbe.Run("OCL_ICD_VENDORS", vendors);

        Assert.Equal(0, exitCode);
        Assert.StartsWith("0 devices; the OpenCL loader knows no platform", output);
    }

    [Fact]
    public void TheProbeRunsOnce() => Assert.Same(OpenCLProbe.Shared, OpenCLProbe.Shared);

    [Fact]
    public void AnAbsentProbeSelectsNothingAndSaysWhy()
    {
        OpenCLProbe probe = OpenCLProbe.Run("libNoSuchOpenCL.so.1");

        Assert.False(probe.TrySelect("0", "cpu", out OpenCLDevice? device, out string? reason));
        Assert.Null(device);
        Assert.Equal(probe.AbsenceReason, reason);
    }

    [Fact]
    public void ADeviceDescribesItself()
    {
        OpenCLDevice device = TestDevice.Get();

        Assert.NotEmpty(device.Name);
        Assert.NotEmpty(device.Vendor);
        Assert.StartsWith("OpenCL ", device.Version);
        Assert.NotEmpty(device.DriverVersion);
        Assert.StartsWith("OpenCL C ", device.LanguageVersion);
        Assert.NotEqual(OpenCLDeviceType.Other, device.Type);
        Assert.True(device.ComputeUnitCount > 0);
        Assert.True(device.WorkGroupSizeMax > 0);
        Assert.True(device.LocalMemoryByteCount >= 16 * 1024);
        Assert.InRange(device.AllocationByteCountMax, 1UL, device.GlobalMemoryByteCount);
        Assert.True(device.AlignmentByteCount >= 1);
        Assert.True(device.IsAvailable);
        Assert.Contains(device, device.Platform.Devices);
        Assert.Contains(device.Platform, OpenCLProbe.Shared.Platforms);
    }

    [Fact]
    public void ADeviceIsFoundByIndexNameAndKind()
    {
        OpenCLDevice device = TestDevice.Get();
        OpenCLProbe probe = OpenCLProbe.Shared;
        string platform = $"{device.Platform.Index}";

        Assert.True(probe.TrySelect(platform, $"{device.Index}", out OpenCLDevice? byIndex, out _));
        Assert.Same(device, byIndex);
        string loud = device.Platform.Name.ToUpperInvariant();
        Assert.True(probe.TrySelect(loud, device.Name, out OpenCLDevice? byName, out _));
        Assert.Equal(device.Name, byName.Name);
        Assert.True(probe.TrySelect(platform, $"{device.Type}".ToLowerInvariant(), out OpenCLDevice? byKind, out _));
        Assert.Equal(device.Type, byKind.Type);
    }

    [Fact]
    public void AnUnknownNameIsAnsweredWithWhatThereIs()
    {
        OpenCLDevice device = TestDevice.Get();

        Assert.False(OpenCLProbe.Shared.TrySelect("nobody's", null, out _, out string? platformReason));
        Assert.Contains(device.Platform.Name, platformReason);
        Assert.False(OpenCLProbe.Shared.TrySelect(null, "nothing", out _, out string? deviceReason));
        Assert.Contains(device.Name, deviceReason);
        Assert.False(OpenCLProbe.Shared.TrySelect(null, "99", out _, out _));
        Assert.False(OpenCLProbe.Shared.TrySelect("-1", null, out _, out _));
    }
}
