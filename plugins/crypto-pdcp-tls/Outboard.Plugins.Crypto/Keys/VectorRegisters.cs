using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Outboard.Plugins.Crypto.Keys;

/// <summary>Overwrites what kernels left in vector registers.</summary>
/// <remarks>
/// A round key that stays in a register comes to the stack with the next call that has to be resolved or compiled: the runtime
/// saves the argument registers first, behind the back of whoever wiped the stack before.
/// </remarks>
internal static class VectorRegisters
{
    private const int Count = 32;

    /// <summary>Fills as many vector registers as there are with zeros.</summary>
    /// <remarks>
    /// All values are live at once, and each is stored where another was loaded, so none can be left in memory instead. Compiled
    /// optimised from the first call on: unoptimised code would take one register for all. With fewer than 32 registers the rest
    /// are spilled, zeros as they are.
    /// </remarks>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void Clear()
    {
        Zeros zeros = default;
        ref byte start = ref MemoryMarshal.GetReference(MemoryMarshal.CreateSpan(ref Unsafe.As<Zeros, byte>(ref zeros), Count * 16));
        Vector128<byte> v0 = Vector128.LoadUnsafe(ref start, 0);
        Vector128<byte> v1 = Vector128.LoadUnsafe(ref start, 16);
        Vector128<byte> v2 = Vector128.LoadUnsafe(ref start, 32);
        Vector128<byte> v3 = Vector128.LoadUnsafe(ref start, 48);
        Vector128<byte> v4 = Vector128.LoadUnsafe(ref start, 64);
        Vector128<byte> v5 = Vector128.LoadUnsafe(ref start, 80);
        Vector128<byte> v6 = Vector128.LoadUnsafe(ref start, 96);
        Vector128<byte> v7 = Vector128.LoadUnsafe(ref start, 112);
        Vector128<byte> v8 = Vector128.LoadUnsafe(ref start, 128);
        Vector128<byte> v9 = Vector128.LoadUnsafe(ref start, 144);
        Vector128<byte> v10 = Vector128.LoadUnsafe(ref start, 160);
        Vector128<byte> v11 = Vector128.LoadUnsafe(ref start, 176);
        Vector128<byte> v12 = Vector128.LoadUnsafe(ref start, 192);
        Vector128<byte> v13 = Vector128.LoadUnsafe(ref start, 208);
        Vector128<byte> v14 = Vector128.LoadUnsafe(ref start, 224);
        Vector128<byte> v15 = Vector128.LoadUnsafe(ref start, 240);
        Vector128<byte> v16 = Vector128.LoadUnsafe(ref start, 256);
        Vector128<byte> v17 = Vector128.LoadUnsafe(ref start, 272);
        Vector128<byte> v18 = Vector128.LoadUnsafe(ref start, 288);
        Vector128<byte> v19 = Vector128.LoadUnsafe(ref start, 304);
        Vector128<byte> v20 = Vector128.LoadUnsafe(ref start, 320);
        Vector128<byte> v21 = Vector128.LoadUnsafe(ref start, 336);
        Vector128<byte> v22 = Vector128.LoadUnsafe(ref start, 352);
        Vector128<byte> v23 = Vector128.LoadUnsafe(ref start, 368);
        Vector128<byte> v24 = Vector128.LoadUnsafe(ref start, 384);
        Vector128<byte> v25 = Vector128.LoadUnsafe(ref start, 400);
        Vector128<byte> v26 = Vector128.LoadUnsafe(ref start, 416);
        Vector128<byte> v27 = Vector128.LoadUnsafe(ref start, 432);
        Vector128<byte> v28 = Vector128.LoadUnsafe(ref start, 448);
        Vector128<byte> v29 = Vector128.LoadUnsafe(ref start, 464);
        Vector128<byte> v30 = Vector128.LoadUnsafe(ref start, 480);
        Vector128<byte> v31 = Vector128.LoadUnsafe(ref start, 496);
        v31.StoreUnsafe(ref start, 0);
        v30.StoreUnsafe(ref start, 16);
        v29.StoreUnsafe(ref start, 32);
        v28.StoreUnsafe(ref start, 48);
        v27.StoreUnsafe(ref start, 64);
        v26.StoreUnsafe(ref start, 80);
        v25.StoreUnsafe(ref start, 96);
        v24.StoreUnsafe(ref start, 112);
        v23.StoreUnsafe(ref start, 128);
        v22.StoreUnsafe(ref start, 144);
        v21.StoreUnsafe(ref start, 160);
        v20.StoreUnsafe(ref start, 176);
        v19.StoreUnsafe(ref start, 192);
        v18.StoreUnsafe(ref start, 208);
        v17.StoreUnsafe(ref start, 224);
        v16.StoreUnsafe(ref start, 240);
        v15.StoreUnsafe(ref start, 256);
        v14.StoreUnsafe(ref start, 272);
        v13.StoreUnsafe(ref start, 288);
        v12.StoreUnsafe(ref start, 304);
        v11.StoreUnsafe(ref start, 320);
        v10.StoreUnsafe(ref start, 336);
        v9.StoreUnsafe(ref start, 352);
        v8.StoreUnsafe(ref start, 368);
        v7.StoreUnsafe(ref start, 384);
        v6.StoreUnsafe(ref start, 400);
        v5.StoreUnsafe(ref start, 416);
        v4.StoreUnsafe(ref start, 432);
        v3.StoreUnsafe(ref start, 448);
        v2.StoreUnsafe(ref start, 464);
        v1.StoreUnsafe(ref start, 480);
        v0.StoreUnsafe(ref start, 496);
    }

    [InlineArray(Count * 16)]
    private struct Zeros
    {
        private byte _first;
    }
}
