using System.Buffers;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Outboard.Plugins.Crypto.Tests.Keys;

/// <summary>Bytes outside the managed heap, which nothing moves or copies; wiped at the end.</summary>
internal sealed unsafe class NativeBytes(int length) : MemoryManager<byte>
{
    private readonly byte* _bytes = (byte*)NativeMemory.AllocZeroed((nuint)Math.Max(1, length));

    public override Span<byte> GetSpan() => new(_bytes, length);

    public override MemoryHandle Pin(int elementIndex = 0) => new(_bytes + elementIndex);

    public override void Unpin()
    {
    }

    public void Wipe() => CryptographicOperations.ZeroMemory(GetSpan());

    protected override void Dispose(bool disposing)
    {
        Wipe();
        NativeMemory.Free(_bytes);
    }
}
