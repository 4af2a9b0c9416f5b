using System.Diagnostics.CodeAnalysis;

namespace Outboard.Plugins.Crypto.Kernels.Snow3g;

/// <summary>The constants of the kernels, made from <see cref="Snow3gField"/> when first used; kept where they do not move.</summary>
internal static unsafe class Snow3gTables
{
    private const int AlphaMultiplyOffset = 256;
    private const int AlphaDivideOffset = 320;
    private const int TopBytesOffset = 384;
    private const int LowBytesOffset = 448;
    private const int ScatterOffset = 512;
    private const int NibblesOffset = 576;
    private const int Length = NibblesOffset + (16 * 16);

    [SuppressMessage("Style", "IDE0052", Justification = "holds the memory that the pointers below name")]
    private static readonly byte[] s_memory = GC.AllocateArray<byte>(Length + 64, pinned: true);

    private static readonly byte s_root2 = Snow3gField.RootInAesField(Snow3gField.S2Polynomial);
    private static readonly byte s_rootAlpha = Snow3gField.RootInAesField(Snow3gField.AlphaPolynomial);

    /// <summary>S_Q of 0 to 255; aligned to 64 bytes, as all that follows.</summary>
    public static readonly byte* S2 = Make();

    /// <summary>Four matrices, each twice: the bytes of MULalpha, lowest first, for 16 lanes.</summary>
    public static readonly byte* AlphaMultiply = S2 + AlphaMultiplyOffset;

    /// <summary>Four matrices, each twice: the bytes of DIValpha.</summary>
    public static readonly byte* AlphaDivide = S2 + AlphaDivideOffset;

    /// <summary>Where the top byte of each of 16 words is, four times over.</summary>
    public static readonly byte* TopBytes = S2 + TopBytesOffset;

    /// <summary>Where the low byte of each of 16 words is, four times over.</summary>
    public static readonly byte* LowBytes = S2 + LowBytesOffset;

    /// <summary>Puts four runs of 16 bytes back into 16 words.</summary>
    public static readonly byte* Scatter = S2 + ScatterOffset;

    /// <summary>
    /// Products by 16-entry tables: for each byte of the word, lowest first, MULalpha of the low half-byte and of the high, then
    /// DIValpha likewise; 16 tables of 16 bytes.
    /// </summary>
    public static readonly byte* Nibbles = S2 + NibblesOffset;

    /// <summary>S1 behind the inversion, and the same times x, for GF2P8AFFINEINVQB.</summary>
    public static readonly ulong S1Matrix = Snow3gField.Matrix(Snow3gField.AesLinear);

    public static readonly ulong S1MatrixDoubled =
        Snow3gField.Matrix(x => Snow3gField.Multiply(2, Snow3gField.AesLinear(x), Snow3gField.AesPolynomial));

    /// <summary>Times x in the field of S2.</summary>
    public static readonly ulong S2Doubling = Snow3gField.Matrix(x => Snow3gField.Multiply(2, x, Snow3gField.S2Polynomial));

    /// <summary>Into the field of AES from that of S2; that and squared; that and to the fourth power.</summary>
    public static readonly ulong S2In = Snow3gField.Matrix(x => Snow3gField.ToAesField(x, s_root2));

    public static readonly ulong S2InSquared = Snow3gField.Matrix(x => AesPower(Snow3gField.ToAesField(x, s_root2), 2));

    public static readonly ulong S2InFourth = Snow3gField.Matrix(x => AesPower(Snow3gField.ToAesField(x, s_root2), 4));

    public static readonly ulong AesSquare = Snow3gField.Matrix(x => AesPower(x, 2));

    public static readonly ulong AesFourth = Snow3gField.Matrix(x => AesPower(x, 4));

    /// <summary>Back from the field of AES to that of S2; that and times x.</summary>
    public static readonly ulong S2Out = Snow3gField.Matrix(y => Snow3gField.FromAesField(y, s_root2));

    public static readonly ulong S2OutDoubled = Snow3gField.Matrix(
        y => Snow3gField.Multiply(2, Snow3gField.FromAesField(y, s_root2), Snow3gField.S2Polynomial));

    /// <summary>Into the field of AES from that of the feedback, and back.</summary>
    public static readonly ulong AlphaIn = Snow3gField.Matrix(x => Snow3gField.ToAesField(x, s_rootAlpha));

    public static readonly ulong AlphaOut = Snow3gField.Matrix(y => Snow3gField.FromAesField(y, s_rootAlpha));

    /// <summary>The factors of MULalpha in the field of AES, a byte for each byte of the word.</summary>
    public static readonly uint AlphaMultiplyFactors = Factors(Snow3gField.MultiplyAlpha);

    /// <summary>The factors of DIValpha in the field of AES.</summary>
    public static readonly uint AlphaDivideFactors = Factors(Snow3gField.DivideAlpha);

    private static byte AesPower(byte x, int exponent) => Snow3gField.Power(x, exponent, Snow3gField.AesPolynomial);

    private static uint Factors(Func<byte, int, byte> product)
    {
        uint factors = 0;
        for (int place = 0; place < 4; place++)
        {
            factors |= (uint)Snow3gField.ToAesField(product(1, place), s_rootAlpha) << (8 * place);
        }

        return factors;
    }

    private static byte* Make()
    {
        fixed (byte* unaligned = s_memory)
        {
            // SAFETY: the array is pinned for good by how it was allocated, and 64 bytes longer than what is used.
            byte* memory = (byte*)(((nuint)unaligned + 63) & ~(nuint)63);
            for (int i = 0; i < 256; i++)
            {
                memory[i] = Snow3gField.S2((byte)i);
            }

            for (int place = 0; place < 4; place++)
            {
                int at = place;
                ulong multiply = Snow3gField.Matrix(x => Snow3gField.MultiplyAlpha(x, at));
                ulong divide = Snow3gField.Matrix(x => Snow3gField.DivideAlpha(x, at));
                for (int copy = 0; copy < 2; copy++)
                {
                    ((ulong*)(memory + AlphaMultiplyOffset))[(2 * place) + copy] = multiply;
                    ((ulong*)(memory + AlphaDivideOffset))[(2 * place) + copy] = divide;
                }

                for (int lane = 0; lane < 16; lane++)
                {
                    memory[TopBytesOffset + (16 * place) + lane] = (byte)((4 * lane) + 3);
                    memory[LowBytesOffset + (16 * place) + lane] = (byte)(4 * lane);
                    memory[ScatterOffset + (4 * lane) + place] = (byte)((16 * place) + lane);
                }

                for (int nibble = 0; nibble < 16; nibble++)
                {
                    byte* nibbles = memory + NibblesOffset + (32 * place) + nibble;
                    nibbles[0] = Snow3gField.MultiplyAlpha((byte)nibble, place);
                    nibbles[16] = Snow3gField.MultiplyAlpha((byte)(nibble << 4), place);
                    nibbles[128] = Snow3gField.DivideAlpha((byte)nibble, place);
                    nibbles[144] = Snow3gField.DivideAlpha((byte)(nibble << 4), place);
                }
            }

            return memory;
        }
    }
}
