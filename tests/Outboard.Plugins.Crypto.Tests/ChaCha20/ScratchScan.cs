using System.Runtime.InteropServices;
using Outboard.Plugins.Crypto.Engine;

namespace Outboard.Plugins.Crypto.Tests.ChaCha20;

/// <summary>Looks for a key in the scratch behind a run.</summary>
internal static unsafe class ScratchScan
{
    /// <summary>Runs seven messages of 100 bytes under one key and asserts that no four bytes of the key are in the scratch afterwards.</summary>
    public static void AssertClean(CryptoUnit unit, int ivLength, int keyLength = 32, int length = 100)
    {
        byte[] key = new byte[keyLength];
        new Random(5).NextBytes(key);
        byte* scratch = (byte*)NativeMemory.AlignedAlloc(CryptoUnit.ScratchLength, 64);
        byte* expanded = (byte*)NativeMemory.AlignedAlloc((nuint)unit.KeyLength, 64);
        byte* memory = (byte*)NativeMemory.AllocZeroed(4096);
        try
        {
            new Span<byte>(scratch, CryptoUnit.ScratchLength).Clear();
            new Span<byte>(expanded, unit.KeyLength).Clear();
            unit.ExpandKey(key, expanded);
            CryptoJob* jobs = stackalloc CryptoJob[7];
            for (int i = 0; i < 7; i++)
            {
                jobs[i] = new CryptoJob
                {
                    Key = expanded,
                    Source = memory + (256 * i),
                    Destination = memory + (256 * i),
                    BitLength = (nuint)(8 * length),
                    Iv = memory + 2048,
                    IvLength = ivLength,
                    Aad = memory + 2100,
                    AadLength = 13,
                    Code = memory + 2200 + (64 * i),
                    Encrypt = i % 2 == 0,
                };
            }

            unit.Run(jobs, 7, scratch);
            var left = new ReadOnlySpan<byte>(scratch, CryptoUnit.ScratchLength);
            for (int i = 0; i + 4 <= keyLength; i += 4)
            {
                Assert.Equal(-1, left.IndexOf(key.AsSpan(i, 4)));
            }
        }
        finally
        {
            NativeMemory.AlignedFree(scratch);
            NativeMemory.AlignedFree(expanded);
            NativeMemory.Free(memory);
        }
    }
}
