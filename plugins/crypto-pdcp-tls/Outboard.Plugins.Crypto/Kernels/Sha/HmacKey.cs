using System.Security.Cryptography;

namespace Outboard.Plugins.Crypto.Kernels.Sha;

/// <summary>The expanded key of an HMAC (RFC 2104 2, 4): the state behind the block key ^ ipad, then the one behind key ^ opad.</summary>
/// <typeparam name="TKernel">The kernel of a single lane.</typeparam>
internal static unsafe class HmacKey<TKernel>
    where TKernel : struct, IHashKernel
{
    /// <summary>Bytes of an expanded key.</summary>
    public static int Length => 2 * HashColumn<TKernel>.ColumnLength;

    /// <summary>Expands a key of any length; one longer than a block is hashed first.</summary>
    public static void Expand(ReadOnlySpan<byte> key, HashVariant variant, byte* expanded)
    {
        // The control path: a key that is hashed may not lie on the stack for the burst to wipe, so all of it is wiped here.
        byte* scratch = stackalloc byte[ScratchLength + 64];
        byte* block = (byte*)(((nuint)scratch + 63) & ~(nuint)63);
        byte* words = block + TKernel.BlockLength;
        new Span<byte>(block, TKernel.BlockLength).Clear();
        if (key.Length <= TKernel.BlockLength)
        {
            key.CopyTo(new Span<byte>(block, TKernel.BlockLength));
        }
        else
        {
            Digest(key, variant, block, words);
        }

        Absorb(block, 0x36, variant, expanded, words);
        Absorb(block, 0x36 ^ 0x5c, variant, expanded + HashColumn<TKernel>.ColumnLength, words);
        CryptographicOperations.ZeroMemory(new Span<byte>(scratch, ScratchLength + 64));
    }

    // The block, the words of a kernel, and the two last blocks of a key that is hashed.
    private static int ScratchLength => 4 * TKernel.BlockLength;

    private static void Absorb(byte* block, byte pad, HashVariant variant, byte* state, byte* words)
    {
        for (int i = 0; i < TKernel.BlockLength; i++)
        {
            block[i] ^= pad;
        }

        Buffer.MemoryCopy(variant.Initial, state, HashColumn<TKernel>.ColumnLength, HashColumn<TKernel>.ColumnLength);
        TKernel.Compress(state, &block, 1, words);
    }

    private static void Digest(ReadOnlySpan<byte> key, HashVariant variant, byte* digest, byte* words)
    {
        byte* last = words + TKernel.BlockLength;
        byte* state = stackalloc byte[HashColumn<TKernel>.ColumnLength];
        Buffer.MemoryCopy(variant.Initial, state, HashColumn<TKernel>.ColumnLength, HashColumn<TKernel>.ColumnLength);
        int whole = key.Length / TKernel.BlockLength;
        fixed (byte* first = key)
        {
            byte* at = first;
            TKernel.Compress(state, &at, (nuint)whole, words);
        }

        ReadOnlySpan<byte> rest = key[(whole * TKernel.BlockLength)..];
        new Span<byte>(last, 2 * TKernel.BlockLength).Clear();
        rest.CopyTo(new Span<byte>(last, TKernel.BlockLength));
        TKernel.Compress(state, &last, HashColumn<TKernel>.Pad(last, rest.Length, (ulong)key.Length), words);
        HashColumn<TKernel>.Get(state, 0, digest);
        new Span<byte>(digest + variant.DigestLength, HashColumn<TKernel>.ColumnLength - variant.DigestLength).Clear();
        CryptographicOperations.ZeroMemory(new Span<byte>(state, HashColumn<TKernel>.ColumnLength));
    }
}
