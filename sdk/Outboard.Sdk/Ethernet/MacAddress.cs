using System.Globalization;
using System.Runtime.CompilerServices;

namespace Outboard.Ethernet;

/// <summary>A 48-bit Ethernet address.</summary>
[InlineArray(Length)]
public struct MacAddress : IEquatable<MacAddress>
{
    /// <summary>The length in bytes.</summary>
    public const int Length = 6;

    private byte _first;

    /// <summary>Creates an address.</summary>
    /// <param name="bytes">Six bytes, in the order of the wire.</param>
    /// <exception cref="ArgumentException">Not six bytes.</exception>
    public MacAddress(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Length)
        {
            throw new ArgumentException($"A MAC address has {Length} bytes, not {bytes.Length}.", nameof(bytes));
        }

        bytes.CopyTo(this);
    }

    /// <summary>Whether the address means a group of stations.</summary>
    public readonly bool IsMulticast => (this[0] & 1) != 0;

    /// <summary>Whether two addresses are the same.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    public static bool operator ==(MacAddress left, MacAddress right) => left.Equals(right);

    /// <summary>Whether two addresses differ.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    public static bool operator !=(MacAddress left, MacAddress right) => !left.Equals(right);

    /// <summary>Reads <c>02:00:00:00:00:01</c>; hyphens do too.</summary>
    /// <param name="text">The text.</param>
    /// <exception cref="FormatException">Not six pairs of hexadecimal digits.</exception>
    public static MacAddress Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[] parts = text.Split(':', '-');
        var address = default(MacAddress);
        bool good = parts.Length == Length;
        for (int i = 0; good && i < Length; i++)
        {
            good = parts[i].Length == 2
                && byte.TryParse(parts[i], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out address[i]);
        }

        return good
            ? address
            : throw new FormatException($"'{text}' is not a MAC address; six pairs of hexadecimal digits such as 02:00:00:00:00:01 are.");
    }

    /// <inheritdoc/>
    public readonly bool Equals(MacAddress other) => ((ReadOnlySpan<byte>)this).SequenceEqual(other);

    /// <inheritdoc/>
    public override readonly bool Equals(object? obj) => obj is MacAddress other && Equals(other);

    /// <inheritdoc/>
    public override readonly int GetHashCode() => HashCode.Combine(this[0], this[1], this[2], this[3], this[4], this[5]);

    /// <inheritdoc/>
    public override readonly string ToString() =>
        $"{this[0]:x2}:{this[1]:x2}:{this[2]:x2}:{this[3]:x2}:{this[4]:x2}:{this[5]:x2}";
}
