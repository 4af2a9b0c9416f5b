namespace Outboard.OpenCL.Tests;

public sealed class OpenCLInstallationTests
{
    [Fact]
    public void WhatTheProbeFindsIsNotDeniedBefore()
    {
        TestDevice.Get();

        Assert.Null(OpenCLProbe.QuickAbsenceReason());
    }

    [Theory]
    [InlineData("OCL_ICD_VENDORS", "/nonexistent", false)]
    [InlineData("OCL_ICD_VENDORS", "/nonexistent/libNone.so", false)]
    [InlineData("OPENCL_VENDOR_PATH", "/nonexistent", false)]
    [InlineData("OCL_ICD_VENDORS", "libpocl.so.2", true)]
    [InlineData("OCL_ICD_FILENAMES", "libpocl.so.2", true)]
    public void TheLoadersVariablesAreFollowed(string name, string value, bool mayBePresent)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the rules are those of Linux");
        TestDevice.Get();

        string? reason = OpenCLInstallation.AbsenceReason(asked => asked == name ? value : null);

        Assert.Equal(mayBePresent ? null : OpenCLInstallation.NoPlatform, reason);
    }

    [Fact]
    public void AFolderCountsByItsIcdFiles()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the rules are those of Linux");
        TestDevice.Get();
        using var folder = new TemporaryFolder();
        string? Reason() =>
            OpenCLInstallation.AbsenceReason(asked => asked == "OCL_ICD_VENDORS" ? folder.FullName : null);

        Assert.Equal(OpenCLInstallation.NoPlatform, Reason());
        File.WriteAllText(Path.Combine(folder.FullName, "some.icd"), "libpocl.so.2");
        Assert.Null(Reason());
    }
}
