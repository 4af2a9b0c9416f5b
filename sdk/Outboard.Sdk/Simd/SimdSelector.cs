using System.Text;

namespace Outboard.Simd;

/// <summary>Chooses kernels for one device: the policy, narrowed by the device's own arguments.</summary>
/// <remarks>
/// A driver asks once for each operation, when it is opened or configured, and closes its queue pairs over the
/// answers; the data path never asks.
/// </remarks>
public sealed class SimdSelector
{
    private readonly string _limitName;

    /// <summary>Creates a selector.</summary>
    /// <param name="policy">The process-wide policy.</param>
    /// <param name="deviceMaximum">The device's own limit (<c>max_simd=</c>), or null.</param>
    /// <param name="exact">The one width that every operation must run at (<c>simd=</c>), or null.</param>
    /// <exception cref="ArgumentException"><paramref name="exact"/> is above the limit.</exception>
    public SimdSelector(SimdPolicy policy, SimdWidth? deviceMaximum = null, SimdWidth? exact = null)
    {
        ArgumentNullException.ThrowIfNull(policy);
        bool narrowed = deviceMaximum < policy.Maximum;
        Maximum = narrowed ? deviceMaximum!.Value : policy.Maximum;
        _limitName = narrowed
            ? $"max_simd={(int)Maximum}"
            : $"the maximum SIMD width {(int)Maximum} ({policy.Source})";
        Exact = exact;
        if (exact > Maximum)
        {
            throw new ArgumentException($"simd={(int)exact} is above {_limitName}.", nameof(exact));
        }
    }

    /// <summary>The widest width that the device may use.</summary>
    public SimdWidth Maximum { get; }

    /// <summary>The one width that every operation must run at, or null when the widest at or under the limit runs.</summary>
    public SimdWidth? Exact { get; }

    /// <summary>Chooses the kernel of one operation.</summary>
    /// <param name="operation">The operation in the field's words, for the report.</param>
    /// <param name="widestFirst">The operation's table, in order of preference; its last row is scalar and always supported.</param>
    /// <param name="index">The index of the chosen row.</param>
    /// <returns>The choice, for <c>DeviceInfo.Kernels</c>.</returns>
    /// <exception cref="PlatformNotSupportedException">An exact width was asked for and cannot run here.</exception>
    public KernelChoice Choose(string operation, ReadOnlySpan<KernelDescriptor> widestFirst, out int index)
    {
        var reason = new StringBuilder();
        for (index = 0; index < widestFirst.Length; index++)
        {
            KernelDescriptor kernel = widestFirst[index];
            string? obstacle = Obstacle(kernel);
            if (obstacle is null)
            {
                string why = reason.Length == 0 ? "the widest there is" : reason.ToString();
                return new KernelChoice(operation, kernel.Width, kernel.Name, why);
            }

            reason.Append(reason.Length == 0 ? string.Empty : "; ").Append((int)kernel.Width).Append(": ").Append(obstacle);
        }

        throw new PlatformNotSupportedException($"{operation} has no kernel of the width asked for: {reason}.");
    }

    private string? Obstacle(KernelDescriptor kernel)
    {
        if (Exact is { } exact)
        {
            return kernel.Width != exact ? $"simd={(int)exact} is demanded"
                : kernel.IsSupported ? null : "this processor or runtime lacks the instructions";
        }

        return kernel.Width > Maximum ? $"above {_limitName}"
            : !kernel.IsSupported ? "this processor or runtime lacks the instructions"
            : !kernel.IsAccelerated ? "not worth it here"
            : null;
    }
}
