namespace Outboard.Mbufs;

/// <summary>Names of offload flags, for logs and tables.</summary>
public static class MbufOffloadFlagsExtensions
{
    private static readonly (MbufOffloadFlags Mask, MbufOffloadFlags Value, string Name)[] s_names = MakeNames();

    /// <summary>The name of one flag, or of one value of the layer 4 or tunnel field; null where it has none.</summary>
    public static string? NameOf(this MbufOffloadFlags flag)
    {
        foreach ((_, MbufOffloadFlags value, string name) in s_names)
        {
            if (value == flag)
            {
                return name;
            }
        }

        return null;
    }

    /// <summary>The names of all flags that are set, separated by spaces; bits without a name as "bit 23".</summary>
    public static string Describe(this MbufOffloadFlags flags)
    {
        var names = new List<string>();
        foreach ((MbufOffloadFlags mask, MbufOffloadFlags value, string name) in s_names)
        {
            if ((flags & mask) == value)
            {
                names.Add(name);
                flags &= ~mask;
            }
        }

        for (int bit = 0; bit < 64; bit++)
        {
            if (((ulong)flags >> bit & 1) != 0)
            {
                names.Add($"bit {bit}");
            }
        }

        return string.Join(' ', names);
    }

    private static (MbufOffloadFlags Mask, MbufOffloadFlags Value, string Name)[] MakeNames()
    {
        var names = new List<(MbufOffloadFlags Mask, MbufOffloadFlags Value, string Name)>();
        foreach (string name in Enum.GetNames<MbufOffloadFlags>())
        {
            // By name, since the mask of a field equals one of its values.
            MbufOffloadFlags value = Enum.Parse<MbufOffloadFlags>(name);
            if (value == MbufOffloadFlags.None || name.EndsWith("Mask", StringComparison.Ordinal))
            {
                continue;
            }

            MbufOffloadFlags field = (value & MbufOffloadFlags.TransmitL4Mask) != 0 ? MbufOffloadFlags.TransmitL4Mask
                : (value & MbufOffloadFlags.TransmitTunnelMask) != 0 ? MbufOffloadFlags.TransmitTunnelMask
                : value;
            names.Add((field, value, name));
        }

        return [.. names];
    }
}
