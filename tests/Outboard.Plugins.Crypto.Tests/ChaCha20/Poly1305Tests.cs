using System.Buffers.Binary;
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
