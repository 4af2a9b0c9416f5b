using Outboard.Captures;
using Outboard.Cli.Inspect;

namespace Outboard.Cli.Tests.Inspect;

public sealed class FramePreambleTests
{
    [Fact]
    public void ReadsWhatItWrote()
    {
        var preamble = new FramePreamble(CaptureFormat.PcapNg, LinkType.LinuxSll2, 100, 4000, 70000, 1_700_000_000_123_456_789);
        byte[] bytes = new byte[FramePreamble.Length + 3900];
        preamble.Write(bytes);

        Assert.True(FramePreamble.TryRead(bytes, out FramePreamble read));
        Assert.Equal(preamble, read);
        Assert.False(FramePreamble.TryRead(new byte[FramePreamble.Length + 3901].Select((_, i) => i < bytes.Length ? bytes[i] : (byte)0).ToArray(), out _));
    }

    [Fact]
    public void AnyBytesAreTakenOrRefusedWithoutFailing()
    {
        var random = new Random(3);
        byte[] bytes = new byte[FramePreamble.Length + 8];
        for (int i = 0; i < 20_000; i++)
        {
            random.NextBytes(bytes);
            bytes[0] = (byte)(i & 1);
            bytes[1] &= 3;
            int length = random.Next(bytes.Length + 1);
            if (FramePreamble.TryRead(bytes.AsSpan(0, length), out FramePreamble preamble))
            {
                Assert.InRange(preamble.CapturedLength, preamble.Offset, CaptureReader.CapturedLengthMax);
            }
        }
    }
}
