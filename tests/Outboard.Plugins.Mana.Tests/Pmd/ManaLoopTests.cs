using Outboard.Ethernet;
using Outboard.Mbufs;
using Outboard.Plugins.Mana.Tests.Support;

namespace Outboard.Plugins.Mana.Tests.Pmd;

public sealed class ManaLoopTests
{
    [Theory]
    [InlineData(64)]
    [InlineData(128)]
    [InlineData(256)]
    [InlineData(512)]
    public void WhatIsSentComesBackUnchangedAtEveryWidth(int maxSimd)
    {
        using MbufPool pool = ManaPorts.NewPool();
        using (EthernetDevice port = ManaPorts.Open("net_mana0,wire=loop", maxSimd))
        {
            ManaPorts.Run(port, pool);
            var sent = new List<byte[]>();
            Span<Mbuf> burst = new Mbuf[32];
            Span<Mbuf> back = new Mbuf[64];
            for (int round = 0; round < 200; round++)
            {
                sent.Clear();
                for (int i = 0; i < burst.Length; i++)
                {
                    byte protocol = i % 3 == 0 ? Frames.Tcp : Frames.Udp;
                    sent.Add(Frames.Build(i % 2 == 0 ? 4 : 6, protocol, (round * 7) + i, i));
                    burst[i] = ManaPorts.NewFrame(pool, sent[i]);
                }

                Assert.Equal(burst.Length, port.TransmitBurst(0, burst));
                int count = port.ReceiveBurst(0, back);
                Assert.Equal(burst.Length, count);
                for (int i = 0; i < count; i++)
                {
                    Assert.Equal(sent[i], back[i].Data.ToArray());
                    Assert.Equal(
                        MbufOffloadFlags.ReceiveL4ChecksumGood
                            | (i % 2 == 0 ? MbufOffloadFlags.ReceiveIPChecksumGood : 0),
                        back[i].OffloadFlags);
                    back[i].Free();
                }
            }

            EthernetStatistics statistics = port.Statistics;
            Assert.Equal(6400ul, statistics.ReceivedPackets);
            Assert.Equal(6400ul, statistics.TransmittedPackets);
            Assert.Equal(statistics.TransmittedBytes, statistics.ReceivedBytes);
            Assert.Equal(0ul, statistics.MissedPackets + statistics.TransmitErrors + statistics.ReceiveErrors);
        }

        Assert.Equal(0, pool.InUseCount);
    }
}
