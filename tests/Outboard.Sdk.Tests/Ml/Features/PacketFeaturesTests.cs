using System.Text;
using Outboard.Captures;
using Outboard.Ml.Features;
using Pattern = System.Text.RegularExpressions.Regex;

namespace Outboard.Sdk.Tests.Ml.Features;

public sealed class PacketFeaturesTests
{
    // Ethernet, IPv4, UDP 40000 -> 53: a question for the address of "a".
    private const string Dns = "02000000000102000000000208004500002f000000004011000001020304050607089c400035001b0000"
        + "000101000001000000000000016100000100010000";

    // Ethernet, IPv4, TCP 40000 -> 80, SYN, 4 option bytes, padded to 60 bytes.
    private const string Syn = "02000000000102000000000208004500002c000000004006000001020304050607089c400050"
        + "00000000000000006002040000000000020405b40000";

    [Fact]
    public void ADnsQuestionHasItsHeadersPortsAndBeginning()
    {
        float[] features = Extract(Dns);
        Assert.Equal([1, 0, 0, 0], features[1..5]);
        Assert.Equal([0, 1, 0, 0], features[7..11]);
        Assert.Equal([1, 0, 0, 0, 0, 0], features[20..26]);
        Assert.Equal(MathF.Log2(54) / 16, features[26]);
        Assert.Equal(MathF.Log2(40001) / 16, features[27]);
        Assert.Equal(1, features[28]);
        Assert.Equal(19 / 1460f, features[29], 1e-6f);
        Assert.Equal([0, 0, 0, 1, 0, 0], features[58..64]);

        // 19 bytes: twelve zeros, one 'a', six ones.
        Assert.Equal(12 / 19f, features[32], 1e-6f);
        Assert.Equal(6 / 19f, features[33], 1e-6f);
        Assert.Equal(1 / 19f, features[38], 1e-6f);
        double entropy = -((12 / 19.0 * Math.Log2(12 / 19.0)) + (6 / 19.0 * Math.Log2(6 / 19.0)) + (1 / 19.0 * Math.Log2(1 / 19.0)));
        Assert.Equal(entropy / 8, features[52], 1e-5);
        Assert.Equal(3 / 256f, features[53]);
    }

    [Fact]
    public void ATcpSynHasItsFlagsAndOptionsAndItsPaddingIsNoPayload()
    {
        float[] features = Extract(Syn);
        Assert.Equal([1, 0, 0, 0], features[7..11]);
        Assert.Equal([1, 0, 0, 0, 0, 0], features[12..18]);
        Assert.Equal(0.1f, features[18], 1e-6f);
        Assert.Equal(MathF.Log2(1025) / 16, features[19]);
        Assert.Equal([0, 1, 0, 0, 0, 0], features[20..26]);
        Assert.Equal([0, 1, 0], features[29..32]);
        Assert.All(features[32..], share => Assert.Equal(0, share));
    }

    [Theory]
    [InlineData("81000064")]                          // VLAN
    [InlineData("88a8000181000064")]                  // QinQ
    public void TagsAreSteppedThrough(string tags)
    {
        float[] features = Extract(Dns[..24] + tags + Dns[24..]);
        float[] plain = Extract(Dns);
        Assert.Equal(1, features[5]);
        Assert.Equal(0, plain[5]);
        Assert.Equal(plain[1..5], features[1..5]);
        Assert.Equal(plain[6..], features[6..]);
    }

    [Fact]
    public void ATunnelShowsWhatIsInside()
    {
        // IPv4 protocol 47, a GRE header for IPv4, then the packet of the question.
        string packet = Dns[28..];
        float[] features = Extract(Dns[..28] + "4500004700000000402f00000102030405060708" + "00000800" + packet);
        Assert.Equal(1, features[6]);
        Assert.Equal(Extract(Dns)[7..], features[7..]);
    }

    [Fact]
    public void RawPacketsHaveTheFeaturesOfTheirFrames()
    {
        float[] raw = new float[PacketFeatures.Count];
        PacketFeatures.Extract(Bytes(Dns)[14..], LinkType.Raw, raw);
        Assert.Equal(Extract(Dns)[1..], raw[1..]);
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\n", 59)]
    [InlineData("220 mail ready\r\n", 60)]
    [InlineData("+OK ready\r\n", 62)]
    [InlineData("a12 LOGIN x y\r\n", 62)]
    [InlineData("RCPT TO:<x@y>\r\n", 63)]
    [InlineData("\u0016\u0003\u0001\u0000\u0040", 58)]
    public void PayloadsAreKnownByTheirBeginning(string payload, int feature)
    {
        byte[] head = Bytes(Dns)[..42];
        byte[] text = [.. payload.Select(c => (byte)c)];
        byte[] frame = [.. head, .. text];
        frame[17] = (byte)(28 + text.Length);
        float[] features = new float[PacketFeatures.Count];
        PacketFeatures.Extract(frame, features);
        Assert.Equal(feature, 58 + Array.IndexOf(features[58..64], 1f));
        Assert.Equal(1, features[58..64].Sum());
    }

    [Fact]
    public void HostileLookingTextShowsInTheShares()
    {
        byte[] frame = [.. Bytes(Dns)[..42], .. "GET /?q=%27%20../../<>(){}"u8];
        frame[17] = (byte)(frame.Length - 14);
        float[] features = new float[PacketFeatures.Count];
        PacketFeatures.Extract(frame, features);
        Assert.Equal(6 / 26f, features[56], 1e-6f);
        Assert.Equal(2 / 8f, features[57]);
        Assert.Equal(2 / 26f, features[42], 1e-6f);
        Assert.Equal(2 / 26f, features[43], 1e-6f);
        Assert.Equal(2 / 26f, features[44], 1e-6f);
    }

    [Fact]
    public void AnyBytesOfAnyLengthGiveFiniteNumbers()
    {
        Random random = new(11);
        float[] features = new float[PacketFeatures.Count];
        string[] seeds = [Dns, Syn, Dns[..28] + "4500004700000000402f00000102030405060708" + "00000800" + Dns[28..]];
        for (int round = 0; round < 20_000; round++)
        {
            byte[] frame = Bytes(seeds[round % seeds.Length]);
            for (int n = random.Next(0, 8); n > 0; n--)
            {
                frame[random.Next(frame.Length)] = (byte)random.Next(256);
            }
            LinkType linkType = (round % 11) switch
            {
                0 => LinkType.Raw,
                1 => LinkType.Null,
                2 => LinkType.LinuxSll,
                3 => LinkType.LinuxSll2,
                4 => LinkType.Ieee80211,
                _ => LinkType.Ethernet,
            };
            PacketFeatures.Extract(frame.AsSpan(0, random.Next(frame.Length + 1)), linkType, features);
            Assert.All(features, value => Assert.InRange(value, 0f, 2f));
        }
    }

    [Fact]
    public void RunsAndSequencesAreCountedAcrossAllOfThePayload()
    {
        var random = new Random(20);
        for (int round = 0; round < 2_000; round++)
        {
            // An IPv4 frame of UDP whose payload is made of few different bytes, so that runs and escapes are frequent.
            byte[] frame = new byte[42 + random.Next(1, 257)];
            Bytes(Dns)[..42].CopyTo(frame, 0);
            frame[16] = (byte)((frame.Length - 14) >> 8);
            frame[17] = (byte)(frame.Length - 14);
            string alphabet = (round % 4) switch { 0 => "%4F.", 1 => "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa ", 2 => "x", _ => "..%aZ0-" };
            for (int i = 42; i < frame.Length; i++)
            {
                frame[i] = round % 8 == 7 ? (byte)i : (byte)alphabet[random.Next(alphabet.Length)];
            }

            float[] features = new float[PacketFeatures.Count];
            PacketFeatures.Extract(frame, features);
            string text = Encoding.Latin1.GetString(frame, 42, frame.Length - 42);
            int run = Pattern.Matches(text, "(?s)(.)\\1*").Max(match => match.Length);
            int word = Pattern.Matches(text, "[0-9A-Za-z]*").Max(match => match.Length);
            int escapes = Pattern.Count(text, "%(?=[0-9A-Fa-f]{2})");
            int stops = Pattern.Count(text, "(?<=\\.)\\.");
            Assert.Equal(text.Distinct().Count() / 256f, features[53]);
            Assert.Equal(Math.Min(run / 64f, 1f), features[54]);
            Assert.Equal(Math.Min(word / 64f, 1f), features[55]);
            Assert.Equal(escapes * 3f / text.Length, features[56], 1e-6f);
            Assert.Equal(Math.Min(stops / 8f, 1f), features[57]);
        }
    }

    [Fact]
    public void NothingIsAllocated()
    {
        byte[] frame = Bytes(Dns);
        float[] features = new float[PacketFeatures.Count];
        long least = long.MaxValue;
        for (int round = 0; round < 4; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 1_000; i++)
            {
                PacketFeatures.Extract(frame, features);
            }
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        Assert.Equal(0, least);
    }

    private static byte[] Bytes(string hex) => Convert.FromHexString(hex);

    private static float[] Extract(string hex)
    {
        float[] features = new float[PacketFeatures.Count];
        PacketFeatures.Extract(Bytes(hex), features);
        return features;
    }
}
