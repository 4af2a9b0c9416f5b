namespace Outboard.OpenCL.Tests;

/// <summary>The device that tests run on, or the reason for skipping them.</summary>
internal static class TestDevice
{
    public static OpenCLDevice Get()
    {
        bool isPresent = OpenCLProbe.Shared.TrySelect(null, null, out OpenCLDevice? device, out string? reason);
        Assert.SkipUnless(isPresent, reason ?? "");
        return device!;
    }

    public static OpenCLContext Context() => Get().CreateContext();
}
