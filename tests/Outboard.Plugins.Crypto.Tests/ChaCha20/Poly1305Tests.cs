using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using Outboard.Plugins.Crypto.Kernels.Poly1305;
using Outboard.Plugins.Crypto.Tests.Vectors;

namespace Outboard.Plugins.Crypto.Tests.ChaCha20;

/// <summary>Poly1305 alone against RFC 8439 2.5.2 and A.3, whose cases reach the carries and wraps.</summary>
public sealed class Poly1305Tests
{
    [Fact]
    public void KnownAnswersOfTheStandard()
    {
        foreach (KnownAnswer answer in KnownAnswers.Read("poly1305.txt"))
        {
            byte[] key = answer.Bytes("key"), message = answer.Bytes("message");
            var state = new Poly1305State(Word(key, 0), Word(key, 8));
            for (int i = 0; i < message.Length; i += 16)
            {
                byte[] block = new byte[16];
                int count = Math.Min(16, message.Length - i);
                message.AsSpan(i, count).CopyTo(block);
                if (count < 16)
                {
                    block[count] = 1;
                }

                state.Block(Word(block, 0), Word(block, 8), count == 16 ? 1ul : 0);
            }

            Assert.Equal(answer.Bytes("mac"), Finish(state, key));
        }
    }

    [Fact]
    public void KnownAnswersOfWholeBlocksInOneWord() => Check<Poly1305Scalar>();

    [Fact]
    public void KnownAnswersOfWholeBlocksIn256Bits()
    {
        Assert.SkipUnless(Poly1305Vector256.IsSupported, "no AVX2 here");
        Check<Poly1305Lanes<Poly1305Vector256>>();
    }

    [Fact]
    public void KnownAnswersOfWholeBlocksIn512Bits()
    {
        Assert.SkipUnless(Poly1305Vector512.IsSupported, "no AVX-512 here");
        Check<Poly1305Lanes<Poly1305Vector512>>();
    }

    [Fact]
    public void LongRunsOfOnesAgreeWithTheDefinition()
    {
        foreach (int blocks in (int[])[31, 32, 33, 64, 127, 128, 129, 160, 300])
        {
            byte[] message = new byte[16 * blocks], key = new byte[32];
            Array.Fill(message, (byte)0xFF);
            Array.Fill(key, (byte)0xFF);
            byte[] expected = Definition(key, message);
            Assert.Equal(expected, Run<Poly1305Scalar>([(key, message)])[0]);
            if (Poly1305Vector256.IsSupported)
            {
                Assert.Equal(expected, Run<Poly1305Lanes<Poly1305Vector256>>([(key, message)])[0]);
            }

            if (Poly1305Vector512.IsSupported)
            {
                Assert.Equal(expected, Run<Poly1305Lanes<Poly1305Vector512>>([(key, message)])[0]);
            }
        }
    }

    // Alone and with each other, several times over, so that lanes are refilled.
    private static void Check<TKernel>()
        where TKernel : struct, IPoly1305Kernel
    {
        KnownAnswer[] answers =
            [.. KnownAnswers.Read("poly1305.txt").Where(answer => answer.Bytes("message").Length % 16 == 0)];
        Assert.True(answers.Length >= 8);
        foreach (KnownAnswer answer in answers)
        {
            Assert.Equal(answer.Bytes("mac"), Run<TKernel>([(answer.Bytes("key"), answer.Bytes("message"))])[0]);
        }

        KnownAnswer[] many = [.. Enumerable.Range(0, 60).Select(i => answers[i % answers.Length])];
        byte[][] codes = Run<TKernel>([.. many.Select(answer => (answer.Bytes("key"), answer.Bytes("message")))]);
        for (int i = 0; i < many.Length; i++)
        {
            Assert.Equal(many[i].Bytes("mac"), codes[i]);
        }
    }

    private static unsafe byte[][] Run<TKernel>((byte[] Key, byte[] Message)[] texts)
        where TKernel : struct, IPoly1305Kernel
    {
        var messages = new Poly1305Message[texts.Length];
        byte* scratch = (byte*)NativeMemory.AlignedAlloc((nuint)TKernel.ScratchLength + 64, 64);
        byte* memory = (byte*)NativeMemory.AlignedAlloc((nuint)texts.Sum(text => 64 + text.Message.Length), 64);
        byte* at = memory;
        byte[][] codes = new byte[texts.Length][];
        for (int i = 0; i < texts.Length; i++)
        {
            texts[i].Key.CopyTo(new Span<byte>(at, 32));
            texts[i].Message.CopyTo(new Span<byte>(at + 48, texts[i].Message.Length));
            messages[i].Key = at;
            messages[i].Code = at + 32;
            messages[i].Add(at + 48, (nuint)texts[i].Message.Length / 16);
            at += 64 + texts[i].Message.Length;
        }

        fixed (Poly1305Message* first = messages)
        {
            TKernel.Run(first, messages.Length, scratch);
            for (int i = 0; i < texts.Length; i++)
            {
                codes[i] = new Span<byte>(first[i].Code, 16).ToArray();
            }
        }

        NativeMemory.AlignedFree(scratch);
        NativeMemory.AlignedFree(memory);
        return codes;
    }

    // RFC 8439 2.5 in whole numbers of any length.
    private static byte[] Definition(byte[] key, byte[] message)
    {
        BigInteger p = (BigInteger.One << 130) - 5, accumulator = 0;
        var clamp = BigInteger.Parse("0ffffffc0ffffffc0ffffffc0fffffff", NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        BigInteger r = new BigInteger(key.AsSpan(0, 16), isUnsigned: true) & clamp;
        for (int i = 0; i < message.Length; i += 16)
        {
            accumulator = (accumulator + new BigInteger([.. message[i..(i + 16)], 1], isUnsigned: true)) * r % p;
        }

        accumulator += new BigInteger(key.AsSpan(16, 16), isUnsigned: true);
        byte[] code = (accumulator & ((BigInteger.One << 128) - 1)).ToByteArray(isUnsigned: true);
        Array.Resize(ref code, 16);
        return code;
    }

    private static ulong Word(byte[] bytes, int at) => BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(at));

    private static byte[] Finish(Poly1305State state, byte[] key)
    {
        state.Finish(Word(key, 16), Word(key, 24), out ulong code0, out ulong code1);
        byte[] code = new byte[16];
        BinaryPrimitives.WriteUInt64LittleEndian(code, code0);
        BinaryPrimitives.WriteUInt64LittleEndian(code.AsSpan(8), code1);
        return code;
    }
}
