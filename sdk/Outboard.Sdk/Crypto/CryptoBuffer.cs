namespace Outboard.Crypto;

/// <summary>Native memory of an asymmetric op.</summary>
/// <param name="Address">Where; 0 for none.</param>
/// <param name="Capacity">The room in bytes.</param>
/// <param name="Length">The bytes in use: given for what the device reads, set by it for what it writes.</param>
public readonly record struct CryptoBuffer(nint Address, int Capacity, int Length)
{
    /// <summary>A buffer that the device reads.</summary>
    /// <param name="address">Where.</param>
    /// <param name="length">Its length in bytes.</param>
    public CryptoBuffer(nint address, int length)
        : this(address, length, length)
    {
    }
}
