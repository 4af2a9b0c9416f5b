using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Outboard.Plugins.Crypto.Kernels.AesCtr;
using Outboard.Plugins.Crypto.Keys;

namespace Outboard.Plugins.Crypto.Kernels.AesCmac;

/// <summary>A CMAC message of any number of pieces (RFC 4493 2.4): a zeroed state, Append*, Finish.</summary>
internal static class CmacMessage<TKernel>
    where TKernel : struct, IAesCmacKernel
{
    public static void Append(ref AesKey key, ref CmacState state, ref byte data, nuint length)
    {
        nuint i = Fill(ref state, ref data, length);
        if (i == length)
        {
            return;
        }

        TKernel.Update(ref key, ref state.Chain, ref state.Block, 1);
        nuint blocks = (length - i - 1) / 16;
        TKernel.Update(ref key, ref state.Chain, ref Unsafe.AddByteOffset(ref data, i), blocks);
        Hold(ref state, ref Unsafe.AddByteOffset(ref data, i + (blocks * 16)), length - i - (blocks * 16));
    }

    /// <summary>Ends the message and writes all sixteen bytes of the code.</summary>
    public static void Finish(ref AesKey key, ref CmacState state, ref byte code)
    {
        Close(ref key, ref state);
        TKernel.Update(ref key, ref state.Chain, ref state.Block, 1);
        Unsafe.CopyBlockUnaligned(ref code, ref state.Chain, 16);
    }

    /// <summary>Tops up the held block; returns how many bytes it took.</summary>
    public static nuint Fill(ref CmacState state, ref byte data, nuint length)
    {
        nuint taken = Math.Min(length, (nuint)(16 - state.Pending));
        Unsafe.CopyBlockUnaligned(ref Unsafe.Add(ref state.Block, state.Pending), ref data, (uint)taken);
        state.Pending += (int)taken;
        return taken;
    }

    /// <summary>Replaces the held block, which has been absorbed, by the last 1 to 16 bytes.</summary>
    public static void Hold(ref CmacState state, ref byte data, nuint length)
    {
        Unsafe.CopyBlockUnaligned(ref state.Block, ref data, (uint)length);
        state.Pending = (int)length;
    }

    /// <summary>Pads and masks the last block; absorbing it ends the message.</summary>
    public static void Close(ref AesKey key, ref CmacState state)
    {
        ref Vector128<byte> subkey = ref key.CmacSubkey1;
        if (state.Pending < 16)
        {
            Span<byte> block = MemoryMarshal.CreateSpan(ref state.Block, 16);
            block[state.Pending] = 0x80;
            block[(state.Pending + 1)..].Clear();
            subkey = ref key.CmacSubkey2;
        }

        KeystreamXor.Apply(ref state.Block, ref state.Block, ref Unsafe.As<Vector128<byte>, byte>(ref subkey), 16);
    }
}
