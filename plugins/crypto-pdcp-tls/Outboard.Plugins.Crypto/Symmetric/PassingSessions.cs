using System.Security.Cryptography;
using Outboard.Plugins.Crypto.Keys;

namespace Outboard.Plugins.Crypto.Symmetric;

/// <summary>The sessions that a burst lends to ops without one, and locked memory for their keys.</summary>
internal sealed unsafe class PassingSessions : IDisposable
{
    private const int Count = 8;

    private readonly SymmetricSession[] _sessions = new SymmetricSession[Count];
    private SecureMemory? _keys;
    private byte* _first;
    private int _used;

    public PassingSessions()
    {
        for (int i = 0; i < Count; i++)
        {
            _sessions[i] = new SymmetricSession();
        }
    }

    /// <summary>Whether one is left in this batch.</summary>
    public bool IsFree => _used < Count;

    /// <summary>The one taken last.</summary>
    public int Last => _used - 1;

    public SymmetricSession this[int index] => _sessions[index];

    /// <summary>Takes one with memory for two expanded keys. Only when <see cref="IsFree"/>.</summary>
    public SymmetricSession Take(out byte* cipherKey, out byte* authKey)
    {
        // The first op without a session in the life of the queue pair finds the memory; the others have it.
        if (_keys is null)
        {
            _keys = new SecureMemory(2 * Count * KeyStore.SlotLengthMax, 1);
            _keys.TryTake(out _first);
        }

        cipherKey = _first + (2 * _used * KeyStore.SlotLengthMax);
        authKey = cipherKey + KeyStore.SlotLengthMax;
        return _sessions[_used++];
    }

    /// <summary>Ends a batch: the keys are wiped.</summary>
    public void Clear()
    {
        if (_used != 0)
        {
            CryptographicOperations.ZeroMemory(new Span<byte>(_first, 2 * _used * KeyStore.SlotLengthMax));
            _used = 0;
        }
    }

    public void Dispose() => _keys?.Dispose();
}
