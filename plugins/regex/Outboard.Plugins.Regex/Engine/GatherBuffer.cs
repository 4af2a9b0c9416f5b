namespace Outboard.Plugins.Regex.Engine;

/// <summary>Memory that stays where it is, for payloads in several segments and for those that continue a stream.</summary>
internal sealed class GatherBuffer(int byteMax)
{
    private readonly byte[] _bytes = GC.AllocateUninitializedArray<byte>(byteMax, pinned: true);
    private int _used;

    public long ByteCount => _bytes.Length;

    public void Clear() => _used = 0;

    /// <summary>Takes room, or says that there is none left until the next clear.</summary>
    public bool TryTake(int length, out Span<byte> room, out PayloadView view)
    {
        room = default;
        view = default;
        if (length > _bytes.Length - _used)
        {
            return false;
        }

        room = _bytes.AsSpan(_used, length);
        view = PayloadView.OfNative(room);
        _used += length;
        return true;
    }
}
