using Outboard.Plugins.Mana.Adapter;
using Outboard.Plugins.Mana.Gdma;
using Outboard.Plugins.Mana.Tests.Support;
using Outboard.Plugins.Mana.Wires;

namespace Outboard.Plugins.Mana.Tests.Adapter;

/// <summary>
/// Whatever a driver writes, the adapter answers or refuses; it never throws and reads nothing it may not.
/// </summary>
public sealed unsafe class FuzzTests
{
    private static readonly uint[] s_codes =
    [
        1, 2, 3, 4, 5, 12, 13, 22, 24, 25, 26, 27, 29, 30, 31, 32, 0x20001, 0x20002, 0x20003, 0x20004, 0x20005,
        0x20006, 0x20007, 0x20008, 0, 77, 0x2000A,
    ];

    [Fact]
    public void RequestsOfNoiseAreAnsweredOrRefused()
    {
        var random = new Random(2024);
        using var adapter = new SoftwareAdapter(new AdapterOptions(), new LoopWire());
        int refused = 0, taken = 0;
        for (int round = 0; round < 20; round++)
        {
            using var device = new GdmaDevice(adapter);
            for (int i = 0; i < 400; i++)
            {
                byte[] request = new byte[random.Next(40, i % 20 == 0 ? 4096 : 200)];
                Noise(random, request);
                try
                {
                    device.Channel.Request(
                        (RequestCode)s_codes[random.Next(s_codes.Length)],
                        new DeviceId((ushort)random.Next(1, 4), 0),
                        request,
                        new byte[random.Next(32, 400)]);
                    taken++;
                }
                catch (GdmaException)
                {
                    refused++;
                }
            }
        }

        Assert.True(refused > 1000 && taken > 100, $"{refused} refused, {taken} taken");
    }

    [Fact]
    public void ElementsOfNoiseNeverReachOutsideOfTheirRegion()
    {
        var random = new Random(7);
        for (int round = 0; round < 300; round++)
        {
            using var port = new RawPort();
            for (int i = 0; i < 64; i++)
            {
                WriteElement(random, port, port.Receive.Work, receive: true);
                WriteElement(random, port, port.Send.Work, receive: false);
            }

            port.Receive.Work.Ring();
            port.Send.Work.Ring();
            port.Adapter.RingDoorbell(
                port.Device.DoorbellPage, (uint)random.Next(0, 3) * 0x400, (ulong)random.NextInt64());
            Assert.True(RawPort.TakeTypes(port.Send).Count <= 128);
        }
    }

    [Fact]
    public void MailboxMessagesOfNoiseLeaveTheAdapterUsable()
    {
        var random = new Random(3);
        using var adapter = new SoftwareAdapter(new AdapterOptions(), new LoopWire());
        for (int i = 0; i < 2000; i++)
        {
            for (uint dword = 0; dword < 8; dword++)
            {
                adapter.WriteRegister32(SoftwareAdapter.SharedMemory + (dword * 4), (uint)random.NextInt64());
            }

            Assert.NotEqual(0u, adapter.ReadRegister32(SoftwareAdapter.SharedMemory + 28) & 0x7FFFFFFFu);
        }

        using var device = new GdmaDevice(adapter);
        Assert.Equal(1, device.Config.VportMax);
    }

    /// <summary>Mostly right, with one thing wrong more often than not.</summary>
    private static void WriteElement(Random random, RawPort port, WorkRing work, bool receive)
    {
        int segments = random.Next(8) == 0 ? random.Next(0, 20) : random.Next(1, 4);
        int oob = receive || random.Next(4) != 0 ? 8 : 24;
        uint units = Math.Max(1, WorkRequest.BasicUnits(Math.Max(segments, 1), oob));
        if (units > work.FreeBasicUnits)
        {
            return;
        }

        ulong* element = (ulong*)work.At(work.Head);
        element[0] = WorkRequest.Header(segments, oob);
        element[1] = receive ? 0 : port.QueueFields | (uint)random.Next(random.Next(2) == 0 ? 256 : 8);
        if (random.Next(16) == 0)
        {
            element[random.Next(2)] ^= 1UL << random.Next(64);
        }

        for (int i = 0; i < segments; i++)
        {
            bool wild = random.Next(40) == 0;
            WorkRequest.WriteSegment(
                work.SegmentAt(oob, i),
                wild ? (ulong)random.NextInt64() : port.Address(random.Next(RawPort.BufferCount)),
                random.Next(40) == 0 ? (uint)random.Next() : port.Key.Key,
                (uint)(random.Next(20) == 0 ? random.Next() : random.Next(0, RawPort.BufferSize)));
        }

        work.Post(units);
    }

    private static void Noise(Random random, byte[] request)
    {
        // Small numbers hit handles, ids and counts; pure noise hits nothing.
        for (int i = 40; i < request.Length; i++)
        {
            request[i] = (i & 3) == 0 ? (byte)random.Next(random.Next(2) == 0 ? 4 : 256)
                : random.Next(12) == 0 ? (byte)random.Next(256)
                : (byte)0;
        }
    }
}
