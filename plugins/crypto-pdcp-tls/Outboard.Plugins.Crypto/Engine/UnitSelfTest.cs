using System.Runtime.InteropServices;
using Outboard.Plugins.Crypto.Keys;
using Outboard.Plugins.Crypto.Simd;

namespace Outboard.Plugins.Crypto.Engine;

/// <summary>Runs a unit's known answers at device start. The control path: it allocates.</summary>
/// <param name="store">Lends memory for the test's keys.</param>
/// <param name="probe">Sees each result before it is compared, so that a test can spoil one and see it found.</param>
internal sealed unsafe class UnitSelfTest(KeyStore store, SelfTestProbe? probe)
{
    /// <summary>How many copies of a message run side by side: more than any kernel has lanes, so that every lane is used and refilled.</summary>
    private const int Copies = 18;

    /// <summary>Messages that some units give to another kernel than one alone or many.</summary>
    private const int Few = 2;

    /// <summary>Runs one message in every lane, twice and alone, and compares the output and the code of each.</summary>
    /// <param name="unit">The unit.</param>
    /// <param name="key">The key.</param>
    /// <param name="iv">The initialisation vector.</param>
    /// <param name="aad">Associated data, or the prefix of an authentication.</param>
    /// <param name="message">The message.</param>
    /// <param name="bitLength">Its bits.</param>
    /// <param name="encrypt">The direction.</param>
    /// <param name="output">What a cipher writes; empty for an authentication.</param>
    /// <param name="code">The first bytes of the code; empty for a cipher.</param>
    /// <returns>Null, or what is wrong.</returns>
    public string? Check(
        CryptoUnit unit,
        ReadOnlySpan<byte> key,
        ReadOnlySpan<byte> iv,
        ReadOnlySpan<byte> aad,
        ReadOnlySpan<byte> message,
        int bitLength,
        bool encrypt,
        ReadOnlySpan<byte> output,
        ReadOnlySpan<byte> code)
    {
        byte* expanded = unit.KeyLength == 0 ? null : store.Take(unit.KeyLength);
        byte* scratch = (byte*)NativeMemory.AlignedAlloc(CryptoUnit.ScratchLength, 64);
        try
        {
            if (expanded is not null)
            {
                unit.ExpandKey(key, expanded);
            }

            foreach (int count in (ReadOnlySpan<int>)[1, Few, Copies])
            {
                if (!RunCopies(unit, expanded, scratch, count, iv, aad, message, bitLength, encrypt, output, code))
                {
                    return $"{unit.Choice.Operation} ({unit.Choice.Kernel}), {count} at a time";
                }
            }

            return null;
        }
        finally
        {
            store.Return(expanded);
            NativeMemory.AlignedFree(scratch);
        }
    }

    /// <summary>As <see cref="Check"/>, encrypting whole bytes, where the output is known by its fold (<see cref="SelfTestAnswers.Fold"/>); then decrypts it.</summary>
    public string? CheckFold(
        CryptoUnit unit,
        ReadOnlySpan<byte> key,
        ReadOnlySpan<byte> iv,
        ReadOnlySpan<byte> aad,
        ReadOnlySpan<byte> message,
        UInt128 outputFold,
        ReadOnlySpan<byte> code)
    {
        byte[] output = [.. message];
        byte* expanded = store.Take(unit.KeyLength);
        byte* scratch = (byte*)NativeMemory.AlignedAlloc(CryptoUnit.ScratchLength, 64);
        byte* codeRoom = stackalloc byte[CryptoJob.CodeRoom];
        try
        {
            unit.ExpandKey(key, expanded);
            fixed (byte* first = output, ivAddress = iv, aadAddress = aad.Length == 0 ? [0] : aad)
            {
                var job = new CryptoJob
                {
                    Key = expanded,
                    Source = first,
                    Destination = first,
                    BitLength = (nuint)output.Length * 8,
                    Iv = ivAddress,
                    IvLength = iv.Length,
                    Aad = aadAddress,
                    AadLength = aad.Length,
                    Code = codeRoom,
                    CodeLength = code.Length,
                    Encrypt = true,
                };
                unit.Run(&job, 1, scratch);
            }
        }
        finally
        {
            store.Return(expanded);
            NativeMemory.AlignedFree(scratch);
        }

        return SelfTestAnswers.Fold(output) != outputFold
            ? $"{unit.Choice.Operation} ({unit.Choice.Kernel}), 1 at a time"
            : Check(unit, key, iv, aad, message, message.Length * 8, encrypt: true, output, code)
                ?? Check(unit, key, iv, aad, output, output.Length * 8, encrypt: false, message, code);
    }

    private bool RunCopies(
        CryptoUnit unit,
        byte* expanded,
        byte* scratch,
        int count,
        ReadOnlySpan<byte> iv,
        ReadOnlySpan<byte> aad,
        ReadOnlySpan<byte> message,
        int bitLength,
        bool encrypt,
        ReadOnlySpan<byte> output,
        ReadOnlySpan<byte> code)
    {
        byte[][] buffers = new byte[count][];
        byte[] codes = new byte[count * CryptoJob.CodeRoom];
        var pins = new GCHandle[count];
        var jobs = new CryptoJob[count];
        fixed (byte* ivAddress = iv.Length == 0 ? [0] : iv, aadAddress = aad.Length == 0 ? [0] : aad, codeAddress = codes)
        fixed (CryptoJob* first = jobs)
        {
            for (int i = 0; i < count; i++)
            {
                // The byte more makes an empty message one with an address.
                buffers[i] = [.. message, 0];
                pins[i] = GCHandle.Alloc(buffers[i], GCHandleType.Pinned);
                byte* at = (byte*)pins[i].AddrOfPinnedObject();
                first[i] = new CryptoJob
                {
                    Key = expanded,
                    Source = at,
                    Destination = at,
                    BitLength = (nuint)bitLength,
                    Iv = ivAddress,
                    IvLength = iv.Length,
                    Aad = aadAddress,
                    AadLength = aad.Length,
                    Code = codeAddress + (i * CryptoJob.CodeRoom),
                    CodeLength = code.Length,
                    Encrypt = encrypt,
                };
            }

            unit.Run(first, count, scratch);
        }

        bool good = true;
        for (int i = 0; i < count; i++)
        {
            pins[i].Free();
            Span<byte> got = code.IsEmpty ? buffers[i] : codes.AsSpan(i * CryptoJob.CodeRoom, code.Length);
            probe?.Invoke($"{unit.Choice.Operation} ({unit.Choice.Kernel})", got);
            good &= output.IsEmpty || buffers[i].AsSpan(0, output.Length).SequenceEqual(output);
            good &= code.IsEmpty || codes.AsSpan(i * CryptoJob.CodeRoom, code.Length).SequenceEqual(code);
        }

        return good;
    }
}
