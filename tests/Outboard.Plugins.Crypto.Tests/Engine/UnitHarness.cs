using System.Runtime.InteropServices;
using Outboard.Plugins.Crypto.Engine;
using Outboard.Simd;
using Outboard.Testing;

namespace Outboard.Plugins.Crypto.Tests.Engine;

/// <summary>Runs messages through a unit as the engine does, each against guard pages, so that a kernel that reaches out is caught.</summary>
internal static unsafe class UnitHarness
{
    /// <summary>The widths that a test loops over.</summary>
    public static TheoryData<SimdWidth> Widths => [SimdWidth.Scalar, SimdWidth.V128, SimdWidth.V256, SimdWidth.V512];

    /// <summary>Makes a unit at exactly one width; skips the test where this processor cannot run it.</summary>
    public static CryptoUnit Make(SimdWidth width, Func<SimdSelector, CryptoUnit> make)
    {
        try
        {
            return make(new SimdSelector(new SimdPolicy(), exact: width));
        }
        catch (Exception obstacle) when (obstacle is PlatformNotSupportedException or ArgumentException)
        {
            Assert.Skip(obstacle.Message);
            throw;
        }
    }

    /// <summary>One message with its key and everything a job has.</summary>
    internal sealed record Message(byte[] Key, byte[] Iv, byte[] Aad, byte[] Data, bool Encrypt = true)
    {
        /// <summary>Bits of the message; all of it unless said.</summary>
        public int? BitLength { get; init; }

        public int CodeLength { get; init; } = CryptoJob.CodeRoom;

        /// <summary>Whether the output goes elsewhere than over the input.</summary>
        public bool OutOfPlace { get; init; }
    }

    /// <summary>What came of a message: all bytes at its destination and the whole room of its code.</summary>
    internal sealed record Result(byte[] Output, byte[] Code);

    /// <summary>Runs messages side by side, in calls of at most <see cref="CryptoUnit.JobMax"/>.</summary>
    public static Result[] Run(CryptoUnit unit, params Message[] messages)
    {
        var results = new List<Result>();
        foreach (Message[] chunk in messages.Chunk(CryptoUnit.JobMax))
        {
            results.AddRange(RunChunk(unit, chunk));
        }

        return [.. results];
    }

    private static Result[] RunChunk(CryptoUnit unit, Message[] messages)
    {
        var owned = new List<IDisposable>();
        byte* scratch = (byte*)NativeMemory.AlignedAlloc(CryptoUnit.ScratchLength, 64);
        var jobs = new CryptoJob[messages.Length];
        try
        {
            for (int i = 0; i < messages.Length; i++)
            {
                Message message = messages[i];
                byte* key = (byte*)NativeMemory.AlignedAlloc((nuint)Math.Max(unit.KeyLength, 64), 64);
                owned.Add(new Release(key));
                NativeMemory.Clear(key, (nuint)Math.Max(unit.KeyLength, 64));
                if (unit.KeyLength != 0)
                {
                    unit.ExpandKey(message.Key, key);
                }

                byte* source = Guarded(owned, message.Data, i);
                jobs[i] = new CryptoJob
                {
                    Key = key,
                    Source = source,
                    Destination = message.OutOfPlace ? Guarded(owned, new byte[message.Data.Length], i + 1) : source,
                    BitLength = (nuint)(message.BitLength ?? (message.Data.Length * 8)),
                    Iv = Guarded(owned, message.Iv, 0),
                    IvLength = message.Iv.Length,
                    Aad = Guarded(owned, message.Aad, 0),
                    AadLength = message.Aad.Length,
                    Code = Guarded(owned, new byte[CryptoJob.CodeRoom], 0),
                    CodeLength = message.CodeLength,
                    Encrypt = message.Encrypt,
                };
            }

            var results = new Result[messages.Length];
            fixed (CryptoJob* first = (CryptoJob[])jobs.Clone())
            {
                unit.Run(first, messages.Length, scratch);
            }

            for (int i = 0; i < messages.Length; i++)
            {
                results[i] = new Result(
                    new Span<byte>(jobs[i].Destination, messages[i].Data.Length).ToArray(),
                    new Span<byte>(jobs[i].Code, CryptoJob.CodeRoom).ToArray());
            }

            return results;
        }
        finally
        {
            NativeMemory.AlignedFree(scratch);
            owned.ForEach(one => one.Dispose());
        }
    }

    // The bytes end at a guard page, or, every other time, begin behind one.
    private static byte* Guarded(List<IDisposable> owned, byte[] data, int turn)
    {
        var memory = new GuardedMemory(Math.Max(1, data.Length));
        owned.Add(memory);
        data.CopyTo(turn % 2 == 0 ? memory.AtEnd(data.Length) : memory.AtStart(data.Length));
        return turn % 2 == 0 ? memory.PointerAtEnd(data.Length) : memory.PointerAtStart();
    }

    private sealed class Release(byte* memory) : IDisposable
    {
        public void Dispose() => NativeMemory.AlignedFree(memory);
    }
}
