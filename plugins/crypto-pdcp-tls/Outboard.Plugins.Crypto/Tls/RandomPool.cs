using System.Security.Cryptography;

namespace Outboard.Plugins.Crypto.Tls;

/// <summary>Bytes that nobody can foretell, for the IVs of CBC records (RFC 5246 6.2.3.2), fetched many at a time.</summary>
/// <remarks>Of one thread. Bytes that were given out are not kept.</remarks>
internal sealed class RandomPool
{
    private const int Length = 2048;

    private readonly byte[] _bytes = GC.AllocateUninitializedArray<byte>(Length, pinned: true);
    private int _used = Length;

    /// <summary>Fills at most 16 bytes.</summary>
    public void Fill(Span<byte> iv)
    {
        if (_used + iv.Length > Length)
        {
            RandomNumberGenerator.Fill(_bytes);
            _used = 0;
        }

        Span<byte> next = _bytes.AsSpan(_used, iv.Length);
        next.CopyTo(iv);
        next.Clear();
        _used += iv.Length;
    }
}
