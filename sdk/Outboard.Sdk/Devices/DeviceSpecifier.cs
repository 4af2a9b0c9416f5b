namespace Outboard.Devices;

/// <summary>What a person types to open a device: <c>crypto_simd0,max_simd=256,queues=2</c>.</summary>
/// <param name="Name">The instance's name: the driver and a number, <c>crypto_simd0</c>.</param>
/// <param name="Driver">The driver's name, <c>crypto_simd</c>.</param>
/// <param name="Index">The number, 0 when none is given.</param>
/// <param name="Arguments">The text after the first comma, empty when there is none.</param>
public readonly record struct DeviceSpecifier(string Name, string Driver, int Index, string Arguments)
{
    /// <summary>Reads a specifier.</summary>
    /// <param name="text">The driver's name, an optional number, and optional arguments.</param>
    /// <exception cref="ArgumentException">The name is not lower-case letters, digits and underscores, starting with a letter.</exception>
    public static DeviceSpecifier Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        int comma = text.IndexOf(',', StringComparison.Ordinal);
        string name = (comma < 0 ? text : text[..comma]).Trim();
        string arguments = comma < 0 ? string.Empty : text[(comma + 1)..];
        int digits = name.Length;
        while (digits > 0 && char.IsAsciiDigit(name[digits - 1]))
        {
            digits--;
        }

        string driver = name[..digits];
        int index = 0;
        if (driver.Length == 0 || !char.IsAsciiLetterLower(driver[0])
            || driver.AsSpan().ContainsAnyExcept("abcdefghijklmnopqrstuvwxyz0123456789_")
            || (digits < name.Length && !int.TryParse(name.AsSpan(digits), out index)))
        {
            throw new ArgumentException(
                $"'{name}' is not a device name; a driver's name and a number is, such as crypto_simd0.");
        }

        return new DeviceSpecifier(digits == name.Length ? name + "0" : name, driver, index, arguments);
    }
}
