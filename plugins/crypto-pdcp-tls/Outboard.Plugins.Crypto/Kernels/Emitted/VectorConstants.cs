namespace Outboard.Plugins.Crypto.Kernels.Emitted;

/// <summary>Constants that several emitted functions read.</summary>
internal static class VectorConstants
{
    /// <summary>Indices that reverse the sixteen bytes of a lane.</summary>
    public static byte[] Reverse { get; } = [15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0];

    /// <summary>Four lanes with the numbers 0 to 3.</summary>
    public static byte[] LaneNumbers { get; } = [.. Number(0), .. Number(1), .. Number(2), .. Number(3)];

    /// <summary>One lane with a small number.</summary>
    public static byte[] Number(int value) => [(byte)value, .. new byte[15]];
}
