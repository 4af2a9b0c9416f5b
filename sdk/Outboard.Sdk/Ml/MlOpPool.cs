using Outboard.Devices;

namespace Outboard.Ml;

/// <summary>A pool of ml ops.</summary>
public sealed class MlOpPool : OpPool<MlOp>
{
    /// <summary>Creates the pool and all its ops.</summary>
    /// <param name="options">How.</param>
    /// <exception cref="ArgumentOutOfRangeException"><see cref="MlOpPoolOptions.BuffersMax"/> is not 1 to 255.</exception>
    public MlOpPool(MlOpPoolOptions options)
        : base(options, MlOpHeader.Size + (MlBuffer.Size * 2 * Check(options.BuffersMax)), (ulong)options.BuffersMax)
    {
    }

    private static int Check(int buffersMax) => buffersMax is >= 1 and <= byte.MaxValue
        ? buffersMax
        : throw new ArgumentOutOfRangeException(nameof(buffersMax), buffersMax, "An op has room for 1 to 255 buffers each way.");
}
