using System.Globalization;

namespace Outboard.Devices;

/// <summary>The arguments of one device: <c>key=value</c> pairs after its name.</summary>
/// <remarks>
/// A driver takes every key it knows in its constructor; what is left over is an error that lists the keys that were
/// asked for, so the list of known keys can never be out of date.
/// </remarks>
public sealed class DevArgs
{
    private readonly string _device;
    private readonly Dictionary<string, string> _values;
    private readonly List<string> _known = [];

    private DevArgs(string device, Dictionary<string, string> values)
    {
        _device = device;
        _values = values;
    }

    /// <summary>Reads the text after the device name.</summary>
    /// <param name="device">The device's name, for errors.</param>
    /// <param name="text"><c>key=value,key=value</c>; empty for none. A value may not hold a comma.</param>
    /// <exception cref="ArgumentException">A pair has no <c>=</c>, no key, or a key that came before.</exception>
    public static DevArgs Parse(string device, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        if (text.Length != 0)
        {
            foreach (string pair in text.Split(','))
            {
                int equals = pair.IndexOf('=', StringComparison.Ordinal);
                if (equals <= 0)
                {
                    throw new ArgumentException($"{device}: device argument '{pair}' is not of the form key=value.");
                }

                if (!values.TryAdd(pair[..equals].Trim(), pair[(equals + 1)..].Trim()))
                {
                    throw new ArgumentException($"{device}: device argument '{pair[..equals].Trim()}' is given twice.");
                }
            }
        }

        return new DevArgs(device, values);
    }

    /// <summary>Takes a text argument.</summary>
    /// <param name="key">The key.</param>
    /// <param name="fallback">The value when the key is absent.</param>
    public string? TakeString(string key, string? fallback = null)
    {
        _known.Add(key);
        return _values.Remove(key, out string? value) ? value : fallback;
    }

    /// <summary>Takes a whole number.</summary>
    /// <param name="key">The key.</param>
    /// <param name="fallback">The value when the key is absent.</param>
    /// <param name="minimum">The least value allowed.</param>
    /// <param name="maximum">The greatest value allowed.</param>
    /// <exception cref="ArgumentException">Not a number, or out of range.</exception>
    public int TakeInt32(string key, int fallback, int minimum, int maximum)
    {
        string? text = TakeString(key);
        if (text is null)
        {
            return fallback;
        }

        if (!int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value)
            || value < minimum || value > maximum)
        {
            throw new ArgumentException($"{_device}: {key}={text} is not a number from {minimum} to {maximum}.");
        }

        return value;
    }

    /// <summary>Takes a switch: <c>on</c>, <c>off</c>, <c>1</c>, <c>0</c>, <c>true</c> or <c>false</c>.</summary>
    /// <param name="key">The key.</param>
    /// <param name="fallback">The value when the key is absent.</param>
    /// <exception cref="ArgumentException">Another word.</exception>
    public bool TakeBoolean(string key, bool fallback) => TakeString(key) switch
    {
        null => fallback,
        "on" or "1" or "true" => true,
        "off" or "0" or "false" => false,
        { } other => throw new ArgumentException($"{_device}: {key}={other} is neither on nor off."),
    };

    /// <summary>Takes one word of a fixed set.</summary>
    /// <param name="key">The key.</param>
    /// <param name="fallback">The value when the key is absent.</param>
    /// <param name="words">The words allowed.</param>
    /// <returns>The word.</returns>
    /// <exception cref="ArgumentException">A word outside the set.</exception>
    public string TakeWord(string key, string fallback, params ReadOnlySpan<string> words)
    {
        string value = TakeString(key, fallback)!;
        if (!words.Contains(value))
        {
            throw new ArgumentException(
                $"{_device}: {key}={value} is not known; {string.Join(", ", words.ToArray())} are.");
        }

        return value;
    }

    /// <summary>Ends the taking: whatever was not taken is unknown.</summary>
    /// <exception cref="ArgumentException">A key is left over; the message lists the known ones.</exception>
    public void ThrowIfUnknown()
    {
        foreach (string key in _values.Keys)
        {
            _known.Sort(StringComparer.Ordinal);
            throw new ArgumentException(
                $"{_device}: unknown device argument '{key}'; the known ones are {string.Join(", ", _known.Distinct())}.");
        }
    }
}
