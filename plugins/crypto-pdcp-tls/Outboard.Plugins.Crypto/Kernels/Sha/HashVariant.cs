namespace Outboard.Plugins.Crypto.Kernels.Sha;

/// <summary>One hash of a family that shares a compression function: where it starts and how much of the state it gives.</summary>
/// <param name="name">Its name, such as <c>sha384</c>.</param>
/// <param name="initial">Its first state, words in the order of the machine; lives as long as the process.</param>
/// <param name="digestLength">Bytes of its digest.</param>
internal sealed unsafe class HashVariant(string name, byte* initial, int digestLength)
{
    public static HashVariant Sha1 { get; } = new("sha1", HashConstants.Initial1, 20);

    public static HashVariant Sha224 { get; } = new("sha224", HashConstants.Initial224, 28);

    public static HashVariant Sha256 { get; } = new("sha256", HashConstants.Initial256, 32);

    public static HashVariant Sha384 { get; } = new("sha384", HashConstants.Initial384, 48);

    public static HashVariant Sha512 { get; } = new("sha512", HashConstants.Initial512, 64);

    public string Name { get; } = name;

    public byte* Initial { get; } = initial;

    public int DigestLength { get; } = digestLength;
}
