using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Outboard.Plugins.Regex.Literals;

/// <summary>The bytes and masks of all literals, one behind the other.</summary>
internal sealed class LiteralPool
{
    private readonly byte[] _values;
    private readonly byte[] _masks;
    private readonly int[] _offsets;

    public LiteralPool(IReadOnlyList<LiteralSpec> specs)
    {
        _offsets = new int[specs.Count];
        int total = 0;
        for (int i = 0; i < specs.Count; i++)
        {
            _offsets[i] = total;
            total += specs[i].Bytes.Length;
        }

        _values = new byte[total];
        _masks = new byte[total];
        for (int i = 0; i < specs.Count; i++)
        {
            int at = _offsets[i];
            foreach (MaskedByte part in specs[i].Bytes)
            {
                _values[at] = part.Value;
                _masks[at++] = part.Mask;
            }
        }
    }

    public long ByteCount => _values.Length * 2L;

    public int OffsetOf(int spec) => _offsets[spec];

    /// <summary>Whether a literal of more than eight bytes stands at a place that holds as many bytes.</summary>
    public bool Stands(int poolOffset, int length, ref byte text)
    {
        ref byte value = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_values), poolOffset);
        ref byte mask = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_masks), poolOffset);
        for (int i = 0; i < length - sizeof(ulong); i += sizeof(ulong))
        {
            if (Differ(ref text, ref value, ref mask, i))
            {
                return false;
            }
        }

        return !Differ(ref text, ref value, ref mask, length - sizeof(ulong));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Differ(ref byte text, ref byte value, ref byte mask, int at) =>
        (Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref text, at)) & Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref mask, at)))
            != Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref value, at));
}
