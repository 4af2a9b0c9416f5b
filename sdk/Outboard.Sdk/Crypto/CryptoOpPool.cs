using Outboard.Devices;

namespace Outboard.Crypto;

/// <summary>A pool of crypto ops.</summary>
/// <param name="options">How.</param>
public sealed class CryptoOpPool(CryptoOpPoolOptions options)
    : OpPool<CryptoOp>(options, CryptoOpHeader.SizeFor(options.Room), (ulong)options.Room)
{
}
