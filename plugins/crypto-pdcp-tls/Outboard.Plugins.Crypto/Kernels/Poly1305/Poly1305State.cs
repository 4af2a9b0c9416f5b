using System.Runtime.CompilerServices;

namespace Outboard.Plugins.Crypto.Kernels.Poly1305;

/// <summary>The accumulator and r of one message in 64-bit words: h = (h + block) * r mod 2^130 - 5 (RFC 8439 2.5).</summary>
/// <remarks>
/// h has 130 bits and a little more between steps. r has its four top bits clear and r1 ends in two zero bits, both by clamping, so
/// that 2^128 * r1 = 2^130 * (r1 / 4) = 5 * r1 / 4 mod p is the whole number s1, and no sum of products passes 128 bits. There is no
/// branch and no table; carries are comparisons that become flags.
/// </remarks>
internal struct Poly1305State
{
    /// <summary>Bytes of the one-time key: r, then s.</summary>
    public const int KeyLength = 32;

    /// <summary>Bytes of a block, and of the code.</summary>
    public const int BlockLength = 16;

    private ulong _h0;
    private ulong _h1;
    private ulong _h2;
    private readonly ulong _r0;
    private readonly ulong _r1;
    private readonly ulong _s1;

    /// <summary>Starts with h = 0.</summary>
    /// <param name="r0">The low half of r as the key has it; clamped here.</param>
    /// <param name="r1">The high half.</param>
    public Poly1305State(ulong r0, ulong r1)
    {
        _r0 = r0 & 0x0FFFFFFC_0FFFFFFF;
        _r1 = r1 & 0x0FFFFFFC_0FFFFFFC;
        _s1 = _r1 + (_r1 >> 2);
    }

    /// <summary>The accumulator, low word first; the third word has the bits from 2^128 up.</summary>
    public readonly (ulong H0, ulong H1, ulong H2) Accumulator => (_h0, _h1, _h2);

    /// <summary>h = r.</summary>
    public void SetToR()
    {
        _h0 = _r0;
        _h1 = _r1;
        _h2 = 0;
    }

    /// <summary>Sets the accumulator from five limbs of 26 bits, each of which may have some bits more, up to 60 in all.</summary>
    public void SetLimbs(ulong l0, ulong l1, ulong l2, ulong l3, ulong l4)
    {
        const ulong Mask = (1 << 26) - 1;
        l1 += l0 >> 26;
        l2 += l1 >> 26;
        l3 += l2 >> 26;
        l4 += l3 >> 26;
        l0 = (l0 & Mask) + ((l4 >> 26) * 5);
        l1 = (l1 & Mask) + (l0 >> 26);
        l0 &= Mask;
        l2 &= Mask;
        l3 &= Mask;
        l4 &= Mask;

        // l1 may be past its 26 bits: it has room before l2's, and its sum with them carries.
        ulong low = l0 + (l1 << 26);
        _h0 = low + (l2 << 52);
        ulong high = (l2 >> 12) + Carry(_h0, low);
        _h1 = high + (l3 << 14);
        ulong middle = _h1;
        _h1 += l4 << 40;
        _h2 = (l4 >> 24) + Carry(_h1, middle);
    }

    /// <summary>The accumulator as five limbs of 26 bits; the last has the bits from 2^104 up.</summary>
    public readonly void GetLimbs(out ulong l0, out ulong l1, out ulong l2, out ulong l3, out ulong l4)
    {
        const ulong Mask = (1 << 26) - 1;
        l0 = _h0 & Mask;
        l1 = (_h0 >> 26) & Mask;
        l2 = ((_h0 >> 52) | (_h1 << 12)) & Mask;
        l3 = (_h1 >> 14) & Mask;
        l4 = (_h1 >> 40) | (_h2 << 24);
    }

    /// <summary>Takes a block.</summary>
    /// <param name="m0">Its first eight bytes.</param>
    /// <param name="m1">Its last eight bytes.</param>
    /// <param name="top">1 for a whole block: the bit behind it.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Block(ulong m0, ulong m1, ulong top)
    {
        _h0 += m0;
        ulong sum = _h1 + m1;
        ulong carry = Carry(sum, m1);
        _h1 = sum + Carry(_h0, m0);
        _h2 += top + carry + Carry(_h1, sum);
        Multiply();
    }

    /// <summary>h = h * r.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Multiply()
    {
        ulong ah = Math.BigMul(_h0, _r0, out ulong al);
        ulong bh = Math.BigMul(_h1, _s1, out ulong bl);
        ulong ch = Math.BigMul(_h0, _r1, out ulong cl);
        ulong dh = Math.BigMul(_h1, _r0, out ulong dl);
        ulong low = al + bl;
        ulong high = ah + bh + Carry(low, bl);
        ulong middle = cl + dl;
        ulong upper = ch + dh + Carry(middle, dl);
        ulong small = _h2 * _s1;
        middle += small;
        upper += Carry(middle, small);
        middle += high;
        upper += Carry(middle, high);
        upper += _h2 * _r0;

        // The bits from 2^130 up come back five times: four times plus once.
        ulong back = (upper >> 2) + (upper & ~3UL);
        _h0 = low + back;
        _h1 = middle + Carry(_h0, back);
        _h2 = (upper & 3) + Carry(_h1, middle);
    }

    /// <summary>The code: h mod 2^130 - 5, plus s, mod 2^128.</summary>
    public readonly void Finish(ulong s0, ulong s1, out ulong code0, out ulong code1)
    {
        ulong back = (_h2 >> 2) * 5;
        ulong h0 = _h0 + back;
        ulong carry = Carry(h0, back);
        ulong h1 = _h1 + carry;
        ulong h2 = (_h2 & 3) + Carry(h1, carry);

        // h < 2p now, so h - p, which is h + 5 without bit 130, is the answer exactly where that bit came to be.
        ulong g0 = h0 + 5;
        carry = Carry(g0, h0);
        ulong g1 = h1 + carry;
        ulong g2 = h2 + Carry(g1, carry);
        ulong reduced = 0 - (g2 >> 2);
        h0 = (g0 & reduced) | (h0 & ~reduced);
        h1 = (g1 & reduced) | (h1 & ~reduced);
        code0 = h0 + s0;
        code1 = h1 + s1 + Carry(code0, s0);
    }

    // What adding an addend carried: 1 where the sum is below it.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Carry(ulong sum, ulong addend) => Unsafe.BitCast<bool, byte>(sum < addend);
}
