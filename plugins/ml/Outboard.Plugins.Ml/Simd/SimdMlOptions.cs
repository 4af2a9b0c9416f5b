using Outboard.Devices;

namespace Outboard.Plugins.Ml.Simd;

/// <summary>The device arguments of <c>ml_simd</c> besides the width, which the SDK takes.</summary>
/// <param name="QueuePairMax"><c>queues=</c>: how many queue pairs may be configured, 1 to 64.</param>
/// <param name="BatchMax"><c>max_batch=</c>: how many inferences of waiting ops may run as one, 1 to 1024.</param>
internal sealed record SimdMlOptions(int QueuePairMax, int BatchMax)
{
    public static SimdMlOptions Take(DevArgs arguments) => new(
        arguments.TakeInt32("queues", 8, 1, 64),
        arguments.TakeInt32("max_batch", 256, 1, 1024));
}
