using Outboard.Plugins.Crypto.Keys;

namespace Outboard.Plugins.Crypto.Tests.Keys;

/// <summary>A key expanded in its own locked memory.</summary>
internal sealed unsafe class KeyHolder : IDisposable
{
    private readonly SecureMemory _memory = new(AesKey.Size, 1);
    private readonly AesKey* _key;

    public KeyHolder(ReadOnlySpan<byte> bytes)
    {
        Assert.True(_memory.TryTake(out byte* slot));
        _key = (AesKey*)slot;
        AesKeySchedule.Expand(ref *_key, bytes);
    }

    public ref AesKey Key => ref *_key;

    public AesKey* Pointer => _key;

    public void Dispose() => _memory.Dispose();
}
