namespace Outboard.Plugins.Crypto.Kernels.TripleDes;

/// <summary>The S-boxes as tables that fit registers, made from <see cref="DesTables"/> once and never changed.</summary>
internal static unsafe class DesLookups
{
    /// <summary>Bytes from one S-box to the next, in both forms.</summary>
    public const int BoxLength = 256;

    // Pinned for as long as the process lives, and not less aligned than a register: loads do not cross lines.
    private static readonly byte[] s_memory = GC.AllocateArray<byte>((2 * 8 * BoxLength) + 64, pinned: true);

    static DesLookups()
    {
        fixed (byte* memory = s_memory)
        {
            Wide = (byte*)(((nuint)memory + 63) & ~(nuint)63);
        }

        Narrow = Wide + (8 * BoxLength);
        for (int box = 0; box < 8; box++)
        {
            for (int input = 0; input < 64; input++)
            {
                int output = DesTables.Select(box, input);
                for (int plane = 0; plane < 4; plane++)
                {
                    Wide[(box * BoxLength) + (plane * 64) + input] = DesTables.Spread(box, plane, output);
                }

                byte* at = Narrow + (box * BoxLength) + (input / 16 * 32) + (input % 16);
                at[0] = at[16] = (byte)output;
            }

            for (int output = 0; output < 16; output++)
            {
                for (int plane = 0; plane < 4; plane++)
                {
                    byte* at = Narrow + (box * BoxLength) + 128 + (plane * 32) + output;
                    at[0] = at[16] = DesTables.Spread(box, plane, output);
                }
            }
        }
    }

    /// <summary>For each S-box and byte of the output, what 64 inputs set in it.</summary>
    public static byte* Wide { get; }

    /// <summary>For each S-box the outputs of four times sixteen inputs, then for each byte what sixteen outputs set in it; all twice.</summary>
    public static byte* Narrow { get; }
}
