using Outboard.Plugins.Crypto.Tests.Simd;
using Outboard.Security;

namespace Outboard.Plugins.Crypto.Tests.Tls;

/// <summary>What sessions of records there are, and what is refused when one is made.</summary>
public sealed class TlsTransformTests
{
    [Theory]
    [InlineData(64)]
    [InlineData(512)]
    public void EveryVersionSuiteAndKeyLengthIsOffered(int width)
    {
        using var bench = new Bench(width);
        foreach (TlsRecordTransform transform in TlsCases.All(new Random(1)))
        {
            bench.Device.Security!.CreateSession(transform).Dispose();
            bench.Device.Security.CreateSession(TlsCases.Reading(transform)).Dispose();
        }
    }

    [Fact]
    public void WhatDoesNotFitIsRefusedWithItsName()
    {
        using var bench = new Bench(512);
        var random = new Random(2);
        TlsRecordTransform gcm12 = TlsCases.Make(random, TlsVersion.Tls12, TlsCipherSuite.AesGcm, 16);
        TlsRecordTransform gcm13 = TlsCases.Make(random, TlsVersion.Tls13, TlsCipherSuite.AesGcm, 16);
        TlsRecordTransform chacha = TlsCases.Make(random, TlsVersion.Tls12, TlsCipherSuite.ChaCha20Poly1305, 32);
        TlsRecordTransform cbc = TlsCases.Make(random, TlsVersion.Tls12, TlsCipherSuite.AesCbcHmacSha256, 16);
        TlsRecordTransform none = TlsCases.Make(random, TlsVersion.Tls12, TlsCipherSuite.NullHmacSha1, 0);
        TlsRecordTransform datagram = TlsCases.Make(random, TlsVersion.Dtls12, TlsCipherSuite.AesGcm, 16);
        (TlsRecordTransform Transform, string Named)[] cases =
        [
            (gcm12 with { Key = new byte[24] }, "key of 24 bytes"),
            (gcm12 with { Iv = new byte[12] }, "Iv has 12 bytes"),
            (gcm13 with { Iv = new byte[4] }, "Iv has 4 bytes"),
            (chacha with { Iv = new byte[4] }, "Iv has 4 bytes"),
            (chacha with { Key = new byte[16] }, "key of 16 bytes"),
            (cbc with { Iv = new byte[16] }, "Iv has 16 bytes"),
            (cbc with { MacKey = new byte[20] }, "MacKey has 20 bytes"),
            (gcm12 with { MacKey = new byte[20] }, "MacKey has 20 bytes"),
            (cbc with { Version = TlsVersion.Tls13 }, "does not offer Tls13"),
            (none with { Key = new byte[16] }, "key of 16 bytes"),
            (none with { EncryptThenMac = true }, "EncryptThenMac"),
            (gcm12 with { EncryptThenMac = true }, "EncryptThenMac"),
            (gcm13 with { IvPerPacket = true }, "no IV"),
            (chacha with { IvPerPacket = true }, "no IV"),
            (none with { IvPerPacket = true }, "no IV"),
            (gcm12 with { WireVersion = 0x0302 }, "WireVersion 0302"),
            (gcm12 with { Epoch = 1 }, "epoch"),
            (gcm12 with { ReplayWindow = 64 }, "ReplayWindow 64"),
            (datagram with { ReplayWindow = 32 }, "ReplayWindow 32"),
            (datagram with { ReplayWindow = 96 }, "ReplayWindow 96"),
            (datagram with { ReplayWindow = 8192 }, "ReplayWindow 8192"),
            (datagram with { SequenceNumber = 1UL << 48 }, "48 bits"),
            (gcm13 with { RecordSizeLimit = 63 }, "RecordSizeLimit 63"),
            (gcm13 with { RecordSizeLimit = 16386 }, "RecordSizeLimit 16386"),
            (gcm13 with { FragmentLengthMin = 16385 }, "FragmentLengthMin"),
            (gcm12 with { FragmentLengthMin = 10 }, "TLS 1.3"),
            (gcm12 with { SoftPacketLimit = 5, HardPacketLimit = 4 }, "SoftPacketLimit 5"),
        ];
        foreach ((TlsRecordTransform transform, string named) in cases)
        {
            ArgumentException refused = Assert.ThrowsAny<ArgumentException>(() => bench.Device.Security!.CreateSession(transform));
            Assert.Contains(named, refused.Message, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact]
    public void AnUpdateKeepsTheProtocol()
    {
        using var bench = new Bench(512);
        using SecuritySession session = bench.Device.Security!.CreateSession(
            TlsCases.Make(new Random(3), TlsVersion.Tls13, TlsCipherSuite.AesGcm, 16));
        var pdcp = new PdcpTransform
        {
            Operation = SecurityOperation.Protect,
            Domain = PdcpDomain.UserPlane,
            Direction = PdcpDirection.Uplink,
            Bearer = 1,
            SequenceNumberBits = 12,
            Cipher = PdcpCipher.Nea0,
            Integrity = PdcpIntegrity.None,
        };
        Assert.Throws<ArgumentException>(() => bench.Device.Security!.UpdateSession(session, pdcp));
    }
}
