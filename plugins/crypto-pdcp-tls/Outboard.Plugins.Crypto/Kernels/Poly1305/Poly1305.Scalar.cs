using System.Runtime.CompilerServices;
using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Kernels.Poly1305;

/// <summary>One message after the other in 64-bit words.</summary>
internal readonly unsafe struct Poly1305Scalar : IPoly1305Kernel
{
    public static SimdWidth Width => SimdWidth.Scalar;

    public static string Name => "poly1305-64";

    public static bool IsSupported => true;

    public static bool IsAccelerated => true;

    public static int ScratchLength => 0;

    public static void Run(Poly1305Message* messages, int count, byte* scratch)
    {
        for (int i = 0; i < count; i++)
        {
            Run(messages + i);
        }
    }

    /// <summary>Makes the code of one message.</summary>
    public static void Run(Poly1305Message* message)
    {
        Poly1305State state = Start(message->Key);
        for (int part = 0; part < message->PartCount; part++)
        {
            Absorb(ref state, message->Address(part), message->Blocks(part));
        }

        Finish(ref state, message->Key, message->Code);
    }

    /// <summary>The state of a one-time key.</summary>
    public static Poly1305State Start(byte* key) => new(Unsafe.ReadUnaligned<ulong>(key), Unsafe.ReadUnaligned<ulong>(key + 8));

    /// <summary>Takes whole blocks.</summary>
    public static void Absorb(ref Poly1305State state, byte* data, nuint blocks)
    {
        Poly1305State local = state;
        for (byte* end = data + (blocks * Poly1305State.BlockLength); data != end; data += Poly1305State.BlockLength)
        {
            local.Block(Unsafe.ReadUnaligned<ulong>(data), Unsafe.ReadUnaligned<ulong>(data + 8), 1);
        }

        state = local;
    }

    /// <summary>Writes the code.</summary>
    public static void Finish(ref Poly1305State state, byte* key, byte* code)
    {
        state.Finish(
            Unsafe.ReadUnaligned<ulong>(key + 16), Unsafe.ReadUnaligned<ulong>(key + 24), out ulong code0, out ulong code1);
        Unsafe.WriteUnaligned(code, code0);
        Unsafe.WriteUnaligned(code + 8, code1);
    }
}
