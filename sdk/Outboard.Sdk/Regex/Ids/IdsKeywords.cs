namespace Outboard.Regex.Ids;

/// <summary>What becomes of a rule because of an option that is no search: nothing, a restriction, or the end of it.</summary>
internal static class IdsKeywords
{
    private const string Header = "a field of the packet's headers, not looked at";
    private const string Rate = "how often is not looked at: every packet that fits is an alert";
    private const string State = "what an engine keeps about a connection is not known here";

    private static readonly HashSet<string> s_harmless = new(StringComparer.Ordinal)
    {
        "msg", "sid", "gid", "rev", "priority", "classtype", "reference", "metadata", "content", "uricontent", "pcre", "isdataat", "bsize",
        "dsize", "urilen", "nocase", "offset", "depth", "distance", "within", "startswith", "endswith", "fast_pattern", "rawbytes",
        "fast_pattern_only", "fast_pattern_offset", "fast_pattern_length", "rem", "target", "prefilter", "tag", "logto", "soid",
    };

    private static readonly Dictionary<string, string> s_restricted = new(StringComparer.Ordinal)
    {
        ["flow"] = State,
        ["stream_size"] = State,
        ["app-layer-protocol"] = State,
        ["service"] = State,
        ["threshold"] = Rate,
        ["detection_filter"] = Rate,
        ["itype"] = Header,
        ["icode"] = Header,
        ["icmp_id"] = Header,
        ["icmp_seq"] = Header,
        ["ttl"] = Header,
        ["tos"] = Header,
        ["id"] = Header,
        ["ip_proto"] = Header,
        ["ipopts"] = Header,
        ["fragbits"] = Header,
        ["fragoffset"] = Header,
        ["sameip"] = Header,
        ["flags"] = Header,
        ["seq"] = Header,
        ["ack"] = Header,
        ["window"] = Header,
        ["tcp.flags"] = Header,
        ["tcp.mss"] = Header,
        ["geoip"] = Header,
        ["replace"] = "packets are not changed",
    };

    /// <summary>What an option costs.</summary>
    /// <param name="option">The option.</param>
    /// <param name="restriction">What is not as in an engine, or null.</param>
    /// <param name="omission">Why the rule cannot be in force, or null.</param>
    public static void Judge(IdsOption option, out string? restriction, out string? omission)
    {
        string name = option.Name;
        restriction = s_restricted.TryGetValue(name, out string? text) ? $"{name}: {text}" : null;
        omission = null;
        if (restriction is not null || s_harmless.Contains(name) || IdsBufferNames.IsBuffer(option) || IdsBufferNames.IsModifier(name))
        {
            return;
        }

        switch (name)
        {
            case "flowbits" or "xbits" or "hostbits":
                JudgeBits(option, out restriction, out omission);
                break;
            case "byte_test" or "byte_jump" or "byte_extract" or "byte_math":
                omission = $"{name}: numbers in the payload are not computed with";
                break;
            default:
                omission = $"{name}: not known, or nothing that payloads alone can tell";
                break;
        }
    }

    private static void JudgeBits(IdsOption option, out string? restriction, out string? omission)
    {
        string verb = option.Value.Split(',')[0].Trim();
        restriction = verb == "isnotset" ? $"{option.Name}:isnotset: {State}, the bit is taken as not set" : null;
        omission = verb switch
        {
            "set" or "unset" or "toggle" or "isnotset" => null,
            "isset" => $"{option.Name}:isset: {State}",
            "noalert" => $"{option.Name}:noalert: the rule marks connections and is no alert",
            _ => $"{option.Name}:{verb}: not known",
        };
    }
}
