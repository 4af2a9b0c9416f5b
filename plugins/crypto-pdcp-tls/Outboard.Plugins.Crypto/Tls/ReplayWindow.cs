namespace Outboard.Plugins.Crypto.Tls;

/// <summary>Which of the last records were seen: a bit each, in a ring that the newest number is the right edge of.</summary>
/// <remarks>
/// A record is asked about before it is opened, so that a replay costs nothing, and again when it has verified, in the order of the ops,
/// so that two copies in one burst are not both taken; only then is it noted. What does not verify moves nothing.
/// <para><i>Source</i>: RFC 6347 4.1.2.6; RFC 4303 3.4.3.</para>
/// </remarks>
internal struct ReplayWindow
{
    private const int WordBits = 64;

    private readonly ulong[]? _seen;
    private readonly int _size;
    private ulong _next;

    /// <param name="size">Records, a power of two from 64 to 4096; 0 to take everything.</param>
    /// <param name="first">The first number that may come: those before it count as seen.</param>
    public ReplayWindow(int size, ulong first)
    {
        _size = size;
        _next = first;
        _seen = size == 0 ? null : new ulong[size / WordBits];
        if (_seen is not null)
        {
            Array.Fill(_seen, ulong.MaxValue);
        }
    }

    /// <summary>Whether a number is neither behind the window nor seen.</summary>
    public readonly bool IsNew(ulong number)
    {
        if (_seen is null || number >= _next)
        {
            return true;
        }

        return _next - number <= (ulong)_size && (_seen[Word(number)] & Bit(number)) == 0;
    }

    /// <summary>Notes a number that is new and has verified.</summary>
    public void Accept(ulong number)
    {
        if (_seen is null)
        {
            return;
        }

        if (number >= _next)
        {
            Forget(number);
            _next = number + 1;
        }

        _seen[Word(number)] |= Bit(number);
    }

    // The numbers between the right edge and the new one have not been seen.
    private readonly void Forget(ulong number)
    {
        if (number - _next >= (ulong)_size)
        {
            Array.Clear(_seen!);
            return;
        }

        for (ulong at = _next; at < number;)
        {
            int bit = (int)(at % WordBits);
            int run = (int)Math.Min((ulong)(WordBits - bit), number - at);
            ulong mask = run == WordBits ? ulong.MaxValue : ((1UL << run) - 1) << bit;
            _seen![Word(at)] &= ~mask;
            at += (ulong)run;
        }

        _seen![Word(number)] &= ~Bit(number);
    }

    private readonly int Word(ulong number) => (int)(number & (ulong)(_size - 1)) / WordBits;

    private static ulong Bit(ulong number) => 1UL << (int)(number % WordBits);
}
