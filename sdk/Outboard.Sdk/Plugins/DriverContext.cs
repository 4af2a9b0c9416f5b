using Outboard.Devices;
using Outboard.Simd;

namespace Outboard.Plugins;

/// <summary>What a driver is given when one of its devices is opened.</summary>
/// <param name="DeviceName">The instance's name, such as <c>crypto_simd0</c>.</param>
/// <param name="DriverName">The driver's name, such as <c>crypto_simd</c>.</param>
/// <param name="Arguments">The device's arguments. The driver takes those it knows in its constructor; what is left over is refused.</param>
/// <param name="Simd">Chooses kernels within the policy and the device's <c>max_simd=</c> or <c>simd=</c>.</param>
public sealed record DriverContext(string DeviceName, string DriverName, DevArgs Arguments, SimdSelector Simd);
