namespace Outboard.Cli.Inspect;

/// <summary>What a person asked of <c>outboard inspect</c>.</summary>
internal sealed record InspectOptions
{
    /// <summary>The most frames of a burst.</summary>
    public const int BurstMax = 512;

    /// <summary>The capture to read.</summary>
    public required string Capture { get; init; }

    /// <summary>The files of rules; at least one.</summary>
    public required IReadOnlyList<string> Rules { get; init; }

    /// <summary>The classifier.</summary>
    public required string Model { get; init; }

    /// <summary>How frames leave.</summary>
    public ProtectionKind Protection { get; init; } = ProtectionKind.Tls13;

    /// <summary>The secret, or null for none (without protection).</summary>
    public ProtectionKey? Key { get; init; }

    /// <summary>The capture to write, or null for none.</summary>
    public string? Output { get; init; }

    /// <summary>Frames a burst.</summary>
    public int Burst { get; init; } = 64;

    /// <summary>The port that frames come from.</summary>
    public string Port { get; init; } = "net_mana0";

    /// <summary>The port that frames leave by.</summary>
    public string OutPort { get; init; } = "net_mana1";

    /// <summary>The regex device.</summary>
    public string Regex { get; init; } = "regex_simd0";

    /// <summary>The ml device.</summary>
    public string Ml { get; init; } = "ml_simd0";

    /// <summary>The crypto device.</summary>
    public string Crypto { get; init; } = "crypto_simd0";
}
