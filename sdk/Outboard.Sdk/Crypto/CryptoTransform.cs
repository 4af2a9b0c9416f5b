namespace Outboard.Crypto;

/// <summary>What a symmetric session does to its ops: one transform, or a chain of a cipher and an authentication in either order.</summary>
/// <remarks>The key is copied when the session is created; the transform may be dropped, and its key wiped, right after.</remarks>
public abstract record CryptoTransform
{
    private protected CryptoTransform()
    {
    }

    /// <summary>The transform that follows, or null. Only a cipher and an authentication may be chained, in either order.</summary>
    public CryptoTransform? Next { get; init; }
}
