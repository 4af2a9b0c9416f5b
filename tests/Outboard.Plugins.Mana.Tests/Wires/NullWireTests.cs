using Outboard.Ethernet;
using Outboard.Mbufs;
using Outboard.Plugins.Mana.Tests.Support;
using Outboard.Plugins.Mana.Wires;

namespace Outboard.Plugins.Mana.Tests.Wires;

public sealed class NullWireTests
{
    [Fact]
    public void FramesAreNumberedAndTheirChecksumsStayRight()
    {
        using MbufPool pool = ManaPorts.NewPool();
        using EthernetDevice port = ManaPorts.Open("net_mana0,wire=null,size=77,flows=5,frames=1000,seed=9");
        ManaPorts.Run(port, pool);
        Span<Mbuf> burst = new Mbuf[37];
        ulong next = 0;
        for (int count; (count = port.ReceiveBurst(0, burst)) != 0;)
        {
            foreach (Mbuf mbuf in burst[..count])
            {
                Assert.Equal(77, mbuf.PacketLength);
                Assert.Equal(next++, BitConverter.ToUInt64(mbuf.Data[NullWire.NumberOffset..]));
                Assert.Equal(0, Frames.Checksum(mbuf.Data.Slice(14, 20)));
                Assert.Equal(0, Frames.TransportChecksum(mbuf.Data.Slice(14, 20), 4, Frames.Udp, mbuf.Data[34..]));
                Assert.Equal(
                    MbufOffloadFlags.ReceiveIPChecksumGood | MbufOffloadFlags.ReceiveL4ChecksumGood,
                    mbuf.OffloadFlags);
                mbuf.Free();
            }
        }

        Assert.Equal(1000ul, next);
        Assert.Equal(1ul, ManaPorts.Counter(port, "wire_rx_exhausted"));
        Assert.False(port.Link.IsUp);
    }

    [Fact]
    public void TheSameSeedMakesTheSameFrames()
    {
        Assert.Equal(Read("seed=3"), Read("seed=3"));
        Assert.NotEqual(Read("seed=3"), Read("seed=4"));
    }

    [Fact]
    public void WhatIsSentIsGoneAndCounted()
    {
        using MbufPool pool = ManaPorts.NewPool();
        using (EthernetDevice port = ManaPorts.Open("net_mana0,wire=null,frames=1"))
        {
            ManaPorts.Run(port, pool);
            Mbuf mbuf = ManaPorts.NewFrame(pool, new byte[100]);
            Assert.Equal(1, port.TransmitBurst(0, [mbuf]));
            Assert.Equal(1ul, port.Statistics.TransmittedPackets);
            Assert.Equal(100ul, ManaPorts.Counter(port, "hw_tx_bytes"));
        }

        Assert.Equal(0, pool.InUseCount);
    }

    private static string Read(string more)
    {
        using MbufPool pool = ManaPorts.NewPool();
        using EthernetDevice port = ManaPorts.Open($"net_mana0,wire=null,frames=40,{more}");
        ManaPorts.Run(port, pool);
        Mbuf[] burst = new Mbuf[64];
        int count = port.ReceiveBurst(0, burst);
        string all = string.Concat(burst[..count].Select(mbuf => Convert.ToHexString(mbuf.Data)));
        MbufPool.FreeBulk(burst.AsSpan(0, count));
        return all;
    }
}
