using Outboard.Devices;

namespace Outboard.Cli.Bench;

/// <summary>Names for several devices of one driver.</summary>
internal static class DeviceNames
{
    /// <summary>The device that a person named, under a number of its own and at one SIMD limit.</summary>
    /// <exception cref="UserException">The name has a number already, or the arguments have a limit already.</exception>
    public static string Numbered(string specifier, int number, int width)
    {
        DeviceSpecifier parsed = DeviceSpecifier.Parse(specifier);
        int comma = specifier.IndexOf(',', StringComparison.Ordinal);
        if ((comma < 0 ? specifier : specifier[..comma]).Trim() != parsed.Driver)
        {
            throw new UserException($"--device {specifier}: give the driver alone, {parsed.Driver}; the program numbers its devices itself.");
        }

        string arguments = parsed.Arguments.Length == 0 ? string.Empty : $",{parsed.Arguments}";
        return $"{parsed.Driver}{number}{arguments},max_simd={width}";
    }
}
