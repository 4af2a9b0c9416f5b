using System.Runtime.InteropServices;

namespace Outboard.OpenCL;

/// <summary>What of OpenCL is installed, told from files and variables alone.</summary>
internal static class OpenCLInstallation
{
    public const string LoaderName = "libOpenCL.so.1";
    public const string NoPlatform = $"the OpenCL loader knows no platform (no ICD installed); {InstallHint}";

    private const string InstallHint = "on Debian: apt-get install -y pocl-opencl-icd ocl-icd-libopencl1";
    private const string VendorsFolder = "/etc/OpenCL/vendors";

    public static string NoLoader(string name) => $"no OpenCL loader '{name}'; {InstallHint}";

    /// <param name="variable">Reads an environment variable.</param>
    public static string? AbsenceReason(Func<string, string?> variable)
    {
        if (!OperatingSystem.IsLinux())
        {
            // Elsewhere implementations are listed in a registry or are part of the system: only a probe tells.
            return null;
        }

        if (!NativeLibrary.TryLoad(LoaderName, out nint loader))
        {
            return NoLoader(LoaderName);
        }

        NativeLibrary.Free(loader);
        return MayHavePlatform(variable) ? null : NoPlatform;
    }

    /// <summary>
    /// Follows the rules of the two loaders, ocl-icd and Khronos's, and answers yes where they leave a doubt.
    /// </summary>
    private static bool MayHavePlatform(Func<string, string?> variable)
    {
        if (!string.IsNullOrEmpty(variable("OCL_ICD_FILENAMES")))
        {
            return true;
        }

        string? vendors = variable("OCL_ICD_VENDORS");
        vendors = string.IsNullOrEmpty(vendors) ? variable("OPENCL_VENDOR_PATH") : vendors;
        vendors = string.IsNullOrEmpty(vendors) ? VendorsFolder : vendors;
        if (Directory.Exists(vendors))
        {
            return Directory.EnumerateFiles(vendors, "*.icd").Any();
        }

        // A file, or the bare name of a library that the dynamic linker looks for.
        return File.Exists(vendors) || !vendors.Contains('/', StringComparison.Ordinal);
    }
}
