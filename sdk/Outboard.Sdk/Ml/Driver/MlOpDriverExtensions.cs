using Outboard.Devices;

namespace Outboard.Ml.Driver;

/// <summary>What only a driver does to an ml op.</summary>
public static unsafe class MlOpDriverExtensions
{
    /// <summary>Ends an op.</summary>
    /// <param name="op">The op.</param>
    /// <param name="status">What became of it.</param>
    /// <param name="errorCode">The driver's code for <see cref="MlDriver.DescribeError"/>; 0 on success.</param>
    public static void SetResult(this MlOp op, OpStatus status, uint errorCode)
    {
        op.Header->Status = status;
        op.Header->ErrorCode = errorCode;
    }
}
