namespace Outboard.Plugins.Crypto.Keys;

/// <summary>The expanded keys of one device, in as many pieces of locked memory as its sessions need.</summary>
/// <remarks>Control path. Memory stays until the device is disposed of, so that an op that breaks the rules reads a wiped key and nothing worse.</remarks>
internal sealed unsafe class KeyStore : IDisposable
{
    /// <summary>The longest expanded key.</summary>
    public const int SlotLengthMax = AesKey.Size;

    // Slots of two lengths: AES with its hash powers takes the long ones, nearly everything else the short ones.
    private const int ShortSlotLength = 256;
    private const int PieceLength = 64 * 1024;

    private readonly Lock _lock = new();
    private readonly List<SecureMemory> _pieces = [NewPiece(SlotLengthMax)];

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

        var key = (AesKey*)Take(AesKey.Size);
        AesKeySchedule.Expand(ref *key, keyBytes);
        return key;
    }

    /// <summary>Takes zeroed memory for an expanded key, aligned to 64 bytes and inside one page.</summary>
    /// <param name="length">1 to <see cref="SlotLengthMax"/>.</param>
    public byte* Take(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, SlotLengthMax);
        int slotLength = length <= ShortSlotLength ? ShortSlotLength : SlotLengthMax;
        lock (_lock)
        {
            foreach (SecureMemory piece in _pieces)
            {
                if (piece.SlotSize == slotLength && piece.TryTake(out byte* slot))
                {
                    return slot;
                }
            }

            SecureMemory added = NewPiece(slotLength);
            _pieces.Add(added);
            added.TryTake(out byte* first);
            return first;
        }
    }

    /// <summary>Wipes a key; null is nothing.</summary>
    public void Return(AesKey* key) => Return((byte*)key);

    /// <summary>Wipes a key; null is nothing.</summary>
    public void Return(byte* key)
    {
        if (key is null)
        {
            return;
        }

        lock (_lock)
        {
            foreach (SecureMemory piece in _pieces)
            {
                if (piece.Holds(key))
                {
                    piece.Return(key);
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

    private static SecureMemory NewPiece(int slotLength) => new(slotLength, PieceLength / slotLength);
}
