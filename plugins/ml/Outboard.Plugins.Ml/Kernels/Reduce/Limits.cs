using System.Numerics;

namespace Outboard.Plugins.Ml.Kernels.Reduce;

/// <summary>Where a maximum or minimum starts: infinity, or the end of an integer's range.</summary>
internal static class Limits
{
    public static T Lowest<T>() where T : unmanaged, INumber<T> => T.CreateSaturating(double.NegativeInfinity);

    public static T Highest<T>() where T : unmanaged, INumber<T> => T.CreateSaturating(double.PositiveInfinity);
}
