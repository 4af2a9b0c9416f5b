using System.Buffers.Binary;
using System.CommandLine;
using Outboard.Ethernet;
using Outboard.Mbufs;

namespace Outboard.Cli.Bench;

/// <summary><c>outboard bench eth</c>: forwarding what comes in, burst by burst, over a port on a loop wire.</summary>
internal sealed class EthBench() : BenchVerb("eth", "Forwarding over a port on a loop wire: receive a burst, transmit it again.")
{
    private readonly Option<string> _device = new("--device")
    {
        Description = "The port, without a number; it must receive what it transmits.",
        DefaultValueFactory = _ => "net_mana,wire=loop",
        HelpName = "DEVICE",
    };

    private readonly Option<string> _sizes = new("--sizes")
    {
        Description = "Frame sizes with frame check sequence, 64 to 1518.",
        DefaultValueFactory = _ => "64",
        HelpName = "LIST",
    };

    private readonly Option<int> _burst = new("--burst")
    {
        Description = "Frames a burst, 1 to 512.",
        DefaultValueFactory = _ => 32,
        HelpName = "N",
    };

    private readonly Option<bool> _widths = new("--widths") { Description = "Every SIMD width, side by side." };

    protected override void AddOptions(Command command)
    {
        command.Add(_device);
        command.Add(_sizes);
        command.Add(_burst);
        command.Add(_widths);
    }

    protected override IReadOnlyList<BenchCase> CreateCases(ParseResult parsed, BenchScope scope)
    {
        int burst = BenchLists.Parse("--burst", $"{parsed.GetValue(_burst)}", 1, 512)[0];
        var cases = new List<BenchCase>();
        int number = 0;
        foreach (int size in BenchLists.Parse("--sizes", parsed.GetRequiredValue(_sizes), 64, 1518))
        {
            foreach (int width in BenchLists.Widths(parsed.GetValue(_widths), scope.Context.Simd))
            {
                string specifier = DeviceNames.Numbered(parsed.GetRequiredValue(_device), number++, width);
                cases.Add(Create(scope, specifier, size - 4, burst, width));
            }
        }

        return cases;
    }

    private static BenchCase Create(BenchScope scope, string specifier, int length, int burst, int width)
    {
        MbufPool pool = scope.Hold(new MbufPool(new MbufPoolOptions { Name = specifier, Count = 4095 }));
        EthernetDevice port = scope.Hold(scope.Host.OpenEthernet(specifier));
        port.Configure(new EthernetConfiguration());
        port.ConfigureReceiveQueue(0, new ReceiveQueueOptions { Pool = pool, DescriptorCount = 512 });
        port.ConfigureTransmitQueue(0, new TransmitQueueOptions { DescriptorCount = 512 });
        port.Start();
        var frames = new Mbuf[burst];
        for (int sent = 0; sent < 2 * burst;)
        {
            if (!pool.TryAlloc(out Mbuf mbuf) || !mbuf.TryAppend(length, out Span<byte> room))
            {
                throw new WorkException($"{specifier}: no mbuf for the frames that go round.");
            }

            Fill(room, port.Info.MacAddress, sent);
            frames[0] = mbuf;
            if (port.TransmitBurst(0, frames.AsSpan(0, 1)) == 0)
            {
                mbuf.Free();
                break;
            }

            sent++;
        }

        return new BenchCase($"forward, {length + 4}-byte frames", port.Name, width, "frame", length, items =>
        {
            int moved = 0;
            for (int idle = 0; moved < items && idle < 1_000_000; idle++)
            {
                int count = port.ReceiveBurst(0, frames);
                for (int sent = 0; sent < count;)
                {
                    sent += port.TransmitBurst(0, frames.AsSpan(sent, count - sent));
                }

                moved += count;
                idle = count == 0 ? idle : 0;
            }

            return moved != 0 ? moved : throw new WorkException($"{specifier}: no frame came back; is it on a loop wire?");
        });
    }

    /// <summary>A UDP frame between addresses of RFC 5737; checksums are not asked for.</summary>
    private static void Fill(Span<byte> frame, MacAddress destination, int flow)
    {
        frame.Clear();
        ((ReadOnlySpan<byte>)destination).CopyTo(frame);
        frame[6] = 0x02;
        frame[12] = 0x08;
        Span<byte> ip = frame[14..];
        ip[0] = 0x45;
        BinaryPrimitives.WriteUInt16BigEndian(ip[2..], (ushort)ip.Length);
        ip[8] = 64;
        ip[9] = 17;
        ((ReadOnlySpan<byte>)[192, 0, 2, 1, 198, 51, 100, 1]).CopyTo(ip[12..]);
        BinaryPrimitives.WriteUInt16BigEndian(ip[20..], (ushort)(1024 + flow));
        BinaryPrimitives.WriteUInt16BigEndian(ip[22..], 4789);
        BinaryPrimitives.WriteUInt16BigEndian(ip[24..], (ushort)(ip.Length - 20));
    }
}
