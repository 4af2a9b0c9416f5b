using Outboard.Plugins.Crypto.Pdcp;
using Outboard.Plugins.Crypto.Tests.Keys;
using Outboard.Plugins.Crypto.Tests.Vectors;
using Outboard.Plugins.Crypto.Tls;

namespace Outboard.Plugins.Crypto.Tests.Kernels;

/// <summary>The known answers of the standards through the bare kernels.</summary>
public sealed class KnownAnswerTests
{
    public static TheoryData<KernelSet> Kernels => KernelSet.All;

    [Theory]
    [MemberData(nameof(Kernels))]
    public void CounterMode(KernelSet kernel)
    {
        kernel.SkipUnlessSupported();
        foreach (KnownAnswer answer in KnownAnswers.Read("aes-ctr.txt"))
        {
            using var holder = new KeyHolder(answer.Bytes("key"));
            byte[] output = new byte[answer.Bytes("plaintext").Length];
            kernel.Ctr(ref holder.Key, answer.Bytes("counter"), answer.Bytes("plaintext"), output);
            Assert.Equal(answer.Bytes("ciphertext"), output);
        }
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void GaloisCounterMode(KernelSet kernel)
    {
        kernel.SkipUnlessSupported();
        foreach (KnownAnswer answer in KnownAnswers.Read("aes-gcm.txt"))
        {
            using var holder = new KeyHolder(answer.Bytes("key"));
            byte[] plaintext = answer.Bytes("plaintext");
            byte[] output = new byte[plaintext.Length];
            byte[] tag = new byte[16];
            AesGcmTests.Whole(kernel, holder, true, answer.Bytes("iv"), answer.Bytes("aad"), plaintext, output, tag);
            Assert.Equal(answer.Bytes("ciphertext"), output);
            Assert.Equal(answer.Bytes("tag"), tag);
            AesGcmTests.Whole(kernel, holder, false, answer.Bytes("iv"), answer.Bytes("aad"), output, output, tag);
            Assert.Equal(plaintext, output);
            Assert.Equal(answer.Bytes("tag"), tag);
        }
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void TlsRecordOfRfc8448(KernelSet kernel)
    {
        kernel.SkipUnlessSupported();
        foreach (KnownAnswer answer in KnownAnswers.Read("tls13-record.txt"))
        {
            using var holder = new KeyHolder(answer.Bytes("key"));
            byte[] inner = [.. answer.Bytes("plaintext"), .. answer.Bytes("type")];
            byte[] nonce = new byte[TlsNonce.Length];
            byte[] header = new byte[TlsHeader.Length];
            byte[] tag = new byte[16];
            TlsNonce.WriteMasked(answer.Bytes("iv"), BitConverter.ToUInt64([.. answer.Bytes("sequence").Reverse()]), nonce);
            TlsHeader.Write(header, TlsContent.ApplicationData, TlsHeader.Version, 0, inner.Length + 16);
            AesGcmTests.Whole(kernel, holder, true, nonce, header, inner, inner, tag);
            Assert.Equal(answer.Bytes("record"), (byte[])[.. header, .. inner, .. tag]);
            Assert.True(TlsHeader.Matches(header, TlsHeader.Version, answer.Bytes("record").Length - TlsHeader.Length));
        }
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Eea2(KernelSet kernel)
    {
        kernel.SkipUnlessSupported();
        foreach (KnownAnswer answer in KnownAnswers.Read("3gpp-128.txt").Where(answer => !answer.Has("mac")))
        {
            using var holder = new KeyHolder(answer.Bytes("key"));
            byte[] input = new byte[16];
            PdcpPdu.WriteInput(input, answer.Hex("count"), answer.Number("bearer"), answer.Number("direction"));
            byte[] output = new byte[answer.Bytes("plaintext").Length];
            kernel.Ctr(ref holder.Key, input, answer.Bytes("plaintext"), output);
            output[^1] &= (byte)(0xFF << (8 - (answer.Number("length_bits") % 8)));
            Assert.Equal(answer.Bytes("ciphertext"), output);
        }
    }
}
