using System.Globalization;
using System.Numerics;
using System.Runtime.Intrinsics;

namespace Outboard.Simd;

/// <summary>The switch: the widest vector registers that any device may use.</summary>
/// <remarks>
/// A device reads it once, when it is opened; a later change binds the devices opened after it.
/// <para><i>Thread</i>: reading is safe from any thread; <see cref="Set"/> and <see cref="Force"/> belong to start-up.</para>
/// </remarks>
public sealed class SimdPolicy
{
    /// <summary>The environment variable read by <see cref="FromEnvironment()"/>.</summary>
    public const string EnvironmentVariable = "OUTBOARD_MAX_SIMD_BITWIDTH";

    /// <summary>Creates a policy with the default limit: the widest width that the runtime recommends here.</summary>
    public SimdPolicy()
    {
        Maximum = Recommended;
        Source = SimdPolicySource.Default;
    }

    /// <summary>The widest width that the runtime recommends on this processor.</summary>
    /// <remarks>
    /// On processors that lower their clock for 512-bit work the runtime recommends 256 although 512 can run;
    /// asking for 512 then still works.
    /// </remarks>
    public static SimdWidth Recommended =>
        Vector512.IsHardwareAccelerated ? SimdWidth.V512
        : Vector256.IsHardwareAccelerated ? SimdWidth.V256
        : Vector128.IsHardwareAccelerated ? SimdWidth.V128
        : SimdWidth.Scalar;

    /// <summary>The limit in force, in bits.</summary>
    public SimdWidth Maximum { get; private set; }

    /// <summary>Where the limit came from.</summary>
    public SimdPolicySource Source { get; private set; }

    /// <summary>Whether the command line has locked the limit.</summary>
    public bool IsForced => Source == SimdPolicySource.CommandLine;

    /// <summary>Creates a policy from the environment variable, or the default one where it is absent or empty.</summary>
    /// <exception cref="ArgumentException">The variable does not hold a legal width.</exception>
    public static SimdPolicy FromEnvironment() => FromText(Environment.GetEnvironmentVariable(EnvironmentVariable));

    /// <summary>Limits the width from the program.</summary>
    /// <param name="bits">A power of two from 64 to 32768, or 0 for no limit.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="bits"/> is not a legal width.</exception>
    /// <exception cref="InvalidOperationException">The command line has locked the limit.</exception>
    public void Set(int bits)
    {
        SimdWidth width = Check(bits, nameof(bits));
        if (IsForced)
        {
            throw new InvalidOperationException(
                $"The maximum SIMD width is locked at {(int)Maximum} by the command line; it cannot be set to {bits}.");
        }

        (Maximum, Source) = (width, SimdPolicySource.Api);
    }

    /// <summary>Limits the width from the command line, and locks it.</summary>
    /// <param name="bits">A power of two from 64 to 32768, or 0 for no limit.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="bits"/> is not a legal width.</exception>
    public void Force(int bits) => (Maximum, Source) = (Check(bits, nameof(bits)), SimdPolicySource.CommandLine);

    /// <inheritdoc/>
    public override string ToString() => $"{(int)Maximum} ({Source})";

    internal static SimdPolicy FromText(string? text)
    {
        var policy = new SimdPolicy();
        if (string.IsNullOrEmpty(text))
        {
            return policy;
        }

        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int bits) || !IsLegal(bits))
        {
            throw new ArgumentException(
                $"{EnvironmentVariable}={text} is not a SIMD width; a power of two from 64 to 32768, or 0 for no limit, is.");
        }

        (policy.Maximum, policy.Source) = (Check(bits, nameof(text)), SimdPolicySource.Environment);
        return policy;
    }

    /// <summary>Turns a number of bits into a limit.</summary>
    /// <param name="bits">A power of two from 64 to 32768, or 0 for no limit.</param>
    /// <param name="parameter">The name that an error gives.</param>
    internal static SimdWidth Check(int bits, string parameter)
    {
        if (!IsLegal(bits))
        {
            throw new ArgumentOutOfRangeException(
                parameter, bits, "A SIMD width is a power of two from 64 to 32768, or 0 for no limit.");
        }

        return bits == 0 ? SimdWidth.Max : (SimdWidth)bits;
    }

    private static bool IsLegal(int bits) =>
        bits == 0 || (bits is >= (int)SimdWidth.Scalar and <= (int)SimdWidth.Max && BitOperations.IsPow2(bits));
}
