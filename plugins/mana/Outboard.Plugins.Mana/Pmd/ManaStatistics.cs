using Outboard.Devices;
using Outboard.Ethernet;
using Outboard.Plugins.Mana.Wires;

namespace Outboard.Plugins.Mana.Pmd;

/// <summary>The extended statistics: generic names, one set a queue, the hardware counters, the wire.</summary>
internal static class ManaStatistics
{
    /// <summary>In the order of the adapter's answer.</summary>
    public static ReadOnlySpan<string> HardwareNames => s_hardwareNames;

    private static readonly string[] s_hardwareNames =
    [
        "hw_rx_no_wqe", "hw_rx_vport_disabled", "hw_rx_bytes",
        "hw_rx_unicast_packets", "hw_rx_unicast_bytes",
        "hw_rx_broadcast_packets", "hw_rx_broadcast_bytes",
        "hw_rx_multicast_packets", "hw_rx_multicast_bytes",
        "hw_tx_gf_disabled", "hw_tx_vport_disabled", "hw_tx_invalid_vport_offset", "hw_tx_vlan_enforcement",
        "hw_tx_ethertype_enforcement", "hw_tx_source_enforcement", "hw_tx_sq_pd_enforcement",
        "hw_tx_cq_pd_enforcement", "hw_tx_mtu_violation", "hw_tx_invalid_oob",
        "hw_tx_bytes",
        "hw_tx_unicast_packets", "hw_tx_unicast_bytes",
        "hw_tx_broadcast_packets", "hw_tx_broadcast_bytes",
        "hw_tx_multicast_packets", "hw_tx_multicast_bytes",
        "hw_tx_gdma_error",
    ];

    public static List<ExtendedStatistic> Read(
        ManaDriver driver, ManaReceiveQueue?[] receive, ManaTransmitQueue?[] transmit, IWire? wire)
    {
        var list = new List<ExtendedStatistic>();
        ReadOnlySpan<ulong> hardware = driver.ReadCounters();
        var total = default(EthernetStatistics);
        foreach (ManaReceiveQueue? queue in receive)
        {
            total += queue?.Statistics ?? default;
        }

        foreach (ManaTransmitQueue? queue in transmit)
        {
            total += queue?.Statistics ?? default;
        }

        Add(list, "rx_good_packets", total.ReceivedPackets);
        Add(list, "tx_good_packets", total.TransmittedPackets);
        Add(list, "rx_good_bytes", total.ReceivedBytes);
        Add(list, "tx_good_bytes", total.TransmittedBytes);
        Add(list, "rx_missed_errors", total.MissedPackets);
        Add(list, "rx_errors", total.ReceiveErrors);
        Add(list, "tx_errors", total.TransmitErrors);
        Add(list, "rx_mbuf_allocation_errors", total.NoMbufCount);
        for (int i = 0; i < receive.Length; i++)
        {
            EthernetStatistics queue = receive[i]?.Statistics ?? default;
            Add(list, $"rx_q{i}_packets", queue.ReceivedPackets);
            Add(list, $"rx_q{i}_bytes", queue.ReceivedBytes);
            Add(list, $"rx_q{i}_errors", queue.ReceiveErrors);
        }

        for (int i = 0; i < transmit.Length; i++)
        {
            EthernetStatistics queue = transmit[i]?.Statistics ?? default;
            Add(list, $"tx_q{i}_packets", queue.TransmittedPackets);
            Add(list, $"tx_q{i}_bytes", queue.TransmittedBytes);
            Add(list, $"tx_q{i}_errors", queue.TransmitErrors);
        }

        for (int i = 0; i < s_hardwareNames.Length; i++)
        {
            Add(list, s_hardwareNames[i], hardware[i]);
        }

        if (wire is not null)
        {
            Add(list, "wire_rx_exhausted", wire.IsExhausted ? 1UL : 0);
            Add(list, "wire_faults", wire.Fault is null ? 0 : 1UL);
        }

        return list;
    }

    private static void Add(List<ExtendedStatistic> list, string name, ulong value) =>
        list.Add(new ExtendedStatistic(list.Count, name, value));
}
