using System.Buffers.Binary;
using System.Net;
using System.Text.Json;
using Outboard.Plugins.Mana.Kernels.Toeplitz;
using Outboard.Plugins.Mana.Pmd;
using Outboard.Plugins.Mana.Tests.Support;

namespace Outboard.Plugins.Mana.Tests.Kernels;

public sealed class ToeplitzKernelTests
{
    /// <summary>
    /// "Verifying the RSS Hash Calculation", Windows driver documentation (learn.microsoft.com/windows-hardware/
    /// drivers/network/verifying-the-rss-hash-calculation): destination, source, hash of addresses, hash with ports.
    /// </summary>
    [Theory]
    [InlineData("161.142.100.80", 1766, "66.9.149.187", 2794, 0x323e8fc2, 0x51ccc178)]
    [InlineData("65.69.140.83", 4739, "199.92.111.2", 14230, 0xd718262a, 0xc626b0ea)]
    [InlineData("12.22.207.184", 38024, "24.19.198.95", 12898, 0xd2d0a5de, 0x5c2b394a)]
    [InlineData("209.142.163.6", 2217, "38.27.205.30", 48228, 0x82989176, 0xafc7327f)]
    [InlineData("202.188.127.2", 1303, "153.39.163.191", 44251, 0x5d1809c5, 0x10e828a2)]
    [InlineData("3ffe:2501:200:3::1", 1766, "3ffe:2501:200:1fff::7", 2794, 0x2cc18cd5, 0x40207d3d)]
    [InlineData("ff02::1", 4739, "3ffe:501:8::260:97ff:fe40:efab", 14230, 0x0f0c461c, 0xdde51bbf)]
    [InlineData(
        "fe80::200:f8ff:fe21:67cf", 38024, "3ffe:1900:4545:3:200:f8ff:fe21:67cf", 44251, 0x4b61e985, 0x02d1feef)]
    public void TheVerificationSuiteIsMetAtEveryWidth(
        string destination, int destinationPort, string source, int sourcePort, uint addresses, uint withPorts)
    {
        var key = new ToeplitzKey(ManaDriver.DefaultRssKey);
        byte[] tuple =
        [
            .. IPAddress.Parse(source).GetAddressBytes(),
            .. IPAddress.Parse(destination).GetAddressBytes(),
            (byte)(sourcePort >> 8), (byte)sourcePort, (byte)(destinationPort >> 8), (byte)destinationPort,
        ];
        AssertAll(key, [tuple[..^4], tuple], [addresses, withPorts]);
    }

    [Fact]
    public void TheSharedSuiteIsMetAtEveryWidth()
    {
        using JsonDocument suite = JsonDocument.Parse(
            File.ReadAllBytes(SharedVectorFiles.Require("ethdev/rss-toeplitz.json")));
        var key = new ToeplitzKey(Convert.FromHexString(suite.RootElement.GetProperty("key").GetString()!));
        foreach (JsonElement test in suite.RootElement.GetProperty("cases").EnumerateArray())
        {
            int source = test.GetProperty("src_port").GetInt32();
            int destination = test.GetProperty("dst_port").GetInt32();
            byte[] tuple =
            [
                .. IPAddress.Parse(test.GetProperty("src_ip").GetString()!).GetAddressBytes(),
                .. IPAddress.Parse(test.GetProperty("dst_ip").GetString()!).GetAddressBytes(),
                (byte)(source >> 8), (byte)source, (byte)(destination >> 8), (byte)destination,
            ];
            AssertAll(key, [tuple[..^4], tuple], [Hex(test, "hash_l3"), Hex(test, "hash_l3l4")]);
        }
    }

    [Fact]
    public void EveryWidthAgreesWithTheBitwiseDefinition()
    {
        var random = new Random(40);
        byte[] keyBytes = new byte[ToeplitzKey.ByteCount];
        for (int round = 0; round < 200; round++)
        {
            random.NextBytes(keyBytes);
            var key = new ToeplitzKey(keyBytes);
            int count = random.Next(0, ToeplitzKey.Lanes + 1);
            byte[][] tuples = new byte[count][];
            uint[] expected = new uint[count];
            for (int i = 0; i < count; i++)
            {
                tuples[i] = new byte[random.Next(0, ToeplitzKey.WordMax + 1) * 4];
                random.NextBytes(tuples[i]);
                expected[i] = Bitwise(keyBytes, tuples[i]);
            }

            AssertAll(key, tuples, expected);
        }
    }

    [Fact]
    public void AKeyOfAnotherLengthIsRefused() =>
        Assert.Throws<ArgumentException>(() => new ToeplitzKey(new byte[39]));

    private static uint Hex(JsonElement test, string name) =>
        Convert.ToUInt32(test.GetProperty(name).GetString(), 16);

    /// <summary>Shift the key left by one for each input bit and add its top 32 bits where the bit is set.</summary>
    private static uint Bitwise(byte[] key, byte[] input)
    {
        uint hash = 0;
        ulong window = BinaryPrimitives.ReadUInt64BigEndian(key);
        int next = 64;
        foreach (byte value in input)
        {
            for (int bit = 7; bit >= 0; bit--)
            {
                hash ^= (value >> bit & 1) != 0 ? (uint)(window >> 32) : 0;
                uint incoming = next < 320 ? (uint)(key[next >> 3] >> (7 - (next & 7))) & 1 : 0;
                window = (window << 1) | incoming;
                next++;
            }
        }

        return hash;
    }

    private static void AssertAll(ToeplitzKey key, byte[][] tuples, uint[] expected)
    {
        AssertOne<ToeplitzScalar>(key, tuples, expected);
        AssertOne<ToeplitzVector128>(key, tuples, expected);
        AssertOne<ToeplitzVector256>(key, tuples, expected);
        AssertOne<ToeplitzVector512>(key, tuples, expected);
    }

    private static void AssertOne<TKernel>(ToeplitzKey key, byte[][] tuples, uint[] expected)
        where TKernel : struct, IToeplitzKernel
    {
        if (!TKernel.IsSupported)
        {
            return;
        }

        uint[] words = new uint[ToeplitzKey.WordMax * ToeplitzKey.Lanes];
        int rows = 0;
        for (int t = 0; t < tuples.Length; t++)
        {
            for (int w = 0; w < tuples[t].Length / 4; w++)
            {
                words[(w * ToeplitzKey.Lanes) + t] = BinaryPrimitives.ReadUInt32LittleEndian(tuples[t].AsSpan(w * 4));
                rows = Math.Max(rows, w + 1);
            }
        }

        uint[] hashes = new uint[ToeplitzKey.Lanes];
        TKernel.Hash(key, ref words[0], rows, tuples.Length, ref hashes[0]);
        Assert.Equal(expected, hashes[..tuples.Length]);
    }
}
