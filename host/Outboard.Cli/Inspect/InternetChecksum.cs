using System.Buffers.Binary;

namespace Outboard.Cli.Inspect;

/// <summary>The checksum of IPv4, TCP and UDP (RFC 1071), for ports that do not write it themselves.</summary>
internal static class InternetChecksum
{
    /// <summary>Adds bytes to a sum; every span but the last has an even length.</summary>
    public static ulong Add(ulong sum, ReadOnlySpan<byte> data)
    {
        while (data.Length >= 4)
        {
            sum += BinaryPrimitives.ReadUInt32BigEndian(data);
            data = data[4..];
        }

        if (data.Length >= 2)
        {
            sum += BinaryPrimitives.ReadUInt16BigEndian(data);
            data = data[2..];
        }

        return data.Length == 0 ? sum : sum + ((ulong)data[0] << 8);
    }

    /// <summary>The checksum field for a sum.</summary>
    public static ushort Finish(ulong sum)
    {
        while (sum >> 16 != 0)
        {
            sum = (sum & 0xFFFF) + (sum >> 16);
        }

        return (ushort)~sum;
    }
}
