namespace Outboard.Plugins.Crypto.Keys;

/// <summary>The expanded keys of one device, in as many pieces of locked memory as its sessions need.</summary>
/// <remarks>Control path. Memory stays until the device is disposed of, so that an op that breaks the rules reads a wiped key and nothing worse.</remarks>
internal sealed unsafe class KeyStore : IDisposable
{
    private const int SlotsPerPiece = 32;

    private readonly Lock _lock = new();
    private readonly List<SecureMemory> _pieces = [new SecureMemory(AesKey.Size, SlotsPerPiece)];

    /// <summary>What the system granted for the first piece, in words.</summary>
    public string Protection => _pieces[0].Protection;

    /// <summary>Pieces that the system would not lock or would dump.</summary>
    public int UnprotectedCount
    {
        get
        {
            lock (_lock)
            {
                return _pieces.Count(piece => !piece.IsProtected);
            }
        }
    }

    /// <summary>Expands a key of 16, 24 or 32 bytes.</summary>
    public AesKey* Expand(ReadOnlySpan<byte> keyBytes)
    {
        if (!AesKeySchedule.IsKeyLength(keyBytes.Length))
        {
            throw new ArgumentException($"an AES key has 16, 24 or 32 bytes, not {keyBytes.Length}", nameof(keyBytes));
        }

        var key = (AesKey*)Take();
        AesKeySchedule.Expand(ref *key, keyBytes);
        return key;
    }

    /// <summary>Wipes a key; null is nothing.</summary>
    public void Return(AesKey* key)
    {
        if (key is null)
        {
            return;
        }

        lock (_lock)
        {
            foreach (SecureMemory piece in _pieces)
            {
                if (piece.Holds((byte*)key))
                {
                    piece.Return((byte*)key);
                    return;
                }
            }
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            foreach (SecureMemory piece in _pieces)
            {
                piece.Dispose();
            }
        }
    }

    private byte* Take()
    {
        lock (_lock)
        {
            foreach (SecureMemory piece in _pieces)
            {
                if (piece.TryTake(out byte* slot))
                {
                    return slot;
                }
            }

            var added = new SecureMemory(AesKey.Size, SlotsPerPiece);
            _pieces.Add(added);
            added.TryTake(out byte* first);
            return first;
        }
    }
}
