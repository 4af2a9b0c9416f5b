using Outboard.Plugins.Crypto.Tls;
using Outboard.Security;

namespace Outboard.Plugins.Crypto.Tests.Tls;

public sealed class TlsRecordShapeTests
{
    public static TheoryData<TlsVersion, TlsCipherSuite, bool> Shapes
    {
        get
        {
            var all = new TheoryData<TlsVersion, TlsCipherSuite, bool>();
            foreach (TlsCipherSuite suite in Enum.GetValues<TlsCipherSuite>())
            {
                bool aead = suite <= TlsCipherSuite.AesCcm;
                all.Add(TlsVersion.Tls12, suite, false);
                all.Add(TlsVersion.Dtls12, suite, false);
                if (aead)
                {
                    all.Add(TlsVersion.Tls13, suite, false);
                }
                else if (suite < TlsCipherSuite.NullHmacSha1)
                {
                    all.Add(TlsVersion.Tls12, suite, true);
                }
            }

            return all;
        }
    }

    [Theory]
    [InlineData(TlsVersion.Tls12, TlsCipherSuite.AesGcm, false, 5, 8, 16, 0)]
    [InlineData(TlsVersion.Tls12, TlsCipherSuite.AesCcm, false, 5, 8, 16, 0)]
    [InlineData(TlsVersion.Tls12, TlsCipherSuite.ChaCha20Poly1305, false, 5, 0, 16, 0)]
    [InlineData(TlsVersion.Tls13, TlsCipherSuite.AesGcm, false, 5, 0, 16, 0)]
    [InlineData(TlsVersion.Dtls12, TlsCipherSuite.AesGcm, false, 13, 8, 16, 0)]
    [InlineData(TlsVersion.Dtls12, TlsCipherSuite.ChaCha20Poly1305, false, 13, 0, 16, 0)]
    [InlineData(TlsVersion.Tls12, TlsCipherSuite.AesCbcHmacSha1, false, 5, 16, 20, 16)]
    [InlineData(TlsVersion.Tls12, TlsCipherSuite.AesCbcHmacSha256, true, 5, 16, 32, 16)]
    [InlineData(TlsVersion.Dtls12, TlsCipherSuite.AesCbcHmacSha384, false, 13, 16, 48, 16)]
    [InlineData(TlsVersion.Tls12, TlsCipherSuite.TripleDesCbcHmacSha1, false, 5, 8, 20, 8)]
    [InlineData(TlsVersion.Tls12, TlsCipherSuite.NullHmacSha256, false, 5, 0, 32, 0)]
    public void LengthsAreThoseOfTheStandards(
        TlsVersion version, TlsCipherSuite suite, bool encryptThenMac, int header, int explicitLength, int code, int block)
    {
        var shape = new TlsRecordShape(version, suite, encryptThenMac);
        Assert.Equal(header, shape.HeaderLength);
        Assert.Equal(explicitLength, shape.ExplicitLength);
        Assert.Equal(code, shape.CodeLength);
        Assert.Equal(block, shape.BlockLength);
        Assert.Equal(encryptThenMac, shape.MacComesLast);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void WhatIsWrittenCanBeRead(TlsVersion version, TlsCipherSuite suite, bool encryptThenMac)
    {
        var shape = new TlsRecordShape(version, suite, encryptThenMac);
        foreach (int length in (int[])[0, 1, 15, 16, 17, 1000, 16383, 16384])
        {
            foreach (int extra in (int[])[0, 1, 8, 100, 240])
            {
                int padding = shape.PaddingLength(length, extra);
                if (padding < 0)
                {
                    Assert.False(shape.HasInnerType);
                    Assert.NotEqual(0, extra);
                    continue;
                }

                Assert.True(padding >= extra);
                int body = shape.BodyLength(length, padding);
                bool fits = !shape.HasInnerType || length + 1 + padding <= TlsRecordShape.InnerMax;
                Assert.Equal(fits, shape.IsBody(body, TlsRecordShape.InnerMax));
                if (shape.IsCbc)
                {
                    Assert.Equal(0, (body - (shape.MacComesLast ? shape.CodeLength : 0)) % shape.BlockLength);
                    Assert.InRange(padding, 1, 256);
                    Assert.False(shape.IsBody(body + 1, TlsRecordShape.InnerMax));
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void WhatIsTooShortOrTooLongIsNoBody(TlsVersion version, TlsCipherSuite suite, bool encryptThenMac)
    {
        var shape = new TlsRecordShape(version, suite, encryptThenMac);
        int least = shape.ExplicitLength + shape.CodeLength;
        for (int body = 0; body < least; body++)
        {
            Assert.False(shape.IsBody(body, TlsRecordShape.InnerMax));
        }

        // An empty fragment may be one, but with its content type it is not empty, and with CBC it is padded.
        Assert.Equal(!shape.HasInnerType && !shape.IsCbc, shape.IsBody(least, TlsRecordShape.InnerMax));
        for (int body = TlsRecordShape.BodyMax + 1; body < TlsRecordShape.BodyMax + 20; body++)
        {
            Assert.False(shape.IsBody(body, TlsRecordShape.InnerMax));
        }

        int longest = shape.BodyLength(64, Math.Max(0, shape.PaddingLength(64, 0)));
        if (!shape.IsCbc)
        {
            longest -= shape.HasInnerType ? 1 : 0;
            Assert.True(shape.IsBody(longest, 64));
            Assert.False(shape.IsBody(longest + 1, 64));
        }
    }
}
