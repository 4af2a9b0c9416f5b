namespace Outboard.Mbufs;

/// <summary>The segments of a packet, for <c>foreach</c>.</summary>
/// <param name="first">The segment to start at.</param>
public readonly struct MbufSegments(Mbuf first)
{
    private readonly Mbuf _first = first;

    /// <summary>Starts before the first segment.</summary>
    public Enumerator GetEnumerator() => new(_first);

    /// <summary>Walks from segment to segment.</summary>
    public struct Enumerator
    {
        private Mbuf _next;

        internal Enumerator(Mbuf first) => _next = first;

        /// <summary>The segment the walk is at.</summary>
        public Mbuf Current { get; private set; }

        /// <summary>Goes on to the next segment.</summary>
        /// <returns>Whether there is one.</returns>
        public bool MoveNext()
        {
            Current = _next;
            if (Current.IsNull)
            {
                return false;
            }

            // Read ahead, so that the body may free the segment.
            _next = Current.Next;
            return true;
        }
    }
}
