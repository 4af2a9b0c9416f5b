namespace Outboard.Plugins.Crypto.Tls;

/// <summary>The sequence number of the next record; it never starts over (RFC 5246 6.1, RFC 6347 4.1, RFC 8446 5.3).</summary>
internal struct TlsSequence(ulong first, bool isDatagram)
{
    private readonly ulong _last = isDatagram ? TlsHeader.DatagramNumberMax : ulong.MaxValue;
    private ulong _next = first;

    /// <summary>Whether the last number has been used.</summary>
    public bool IsUsedUp { get; private set; }

    /// <summary>Takes a number; not once they are used up.</summary>
    public ulong Take()
    {
        ulong taken = _next;
        IsUsedUp = taken == _last;
        _next++;
        return taken;
    }
}
