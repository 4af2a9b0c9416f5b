using Outboard.Devices;
using Outboard.Devices.Driver;
using Outboard.Security.Driver;

namespace Outboard.Ethernet.Driver;

/// <summary>A port as its author writes it.</summary>
/// <remarks>The <see cref="EthernetDevice"/> in front has checked order, ranges and capabilities.</remarks>
public abstract class EthernetDriver : DeviceDriver
{
    /// <summary>What the port is and can do.</summary>
    public abstract EthernetDeviceInfo Info { get; }

    /// <inheritdoc/>
    public sealed override DeviceInfo BaseInfo => Info;

    /// <summary>The in-line security side of the driver, or null when it has none.</summary>
    public virtual ISecurityDriver? Security => null;

    /// <summary>Where the driver reports events; set by the device before anything else. May be called on any thread.</summary>
    public Action<EthernetEventArgs> Report { protected get; set; } = static _ => { };

    /// <summary>Takes a configuration; all queues have been disposed.</summary>
    /// <param name="configuration">Within the limits of the info.</param>
    public abstract void Configure(EthernetConfiguration configuration);

    /// <summary>Makes a receive queue; it moves frames once the port and the queue are started.</summary>
    /// <param name="index">Its number, from 0.</param>
    /// <param name="options">How.</param>
    public abstract ReceiveQueue CreateReceiveQueue(int index, ReceiveQueueOptions options);

    /// <summary>Makes a transmit queue; it moves frames once the port and the queue are started.</summary>
    /// <param name="index">Its number, from 0.</param>
    /// <param name="options">How.</param>
    public abstract TransmitQueue CreateTransmitQueue(int index, TransmitQueueOptions options);

    /// <summary>Starts a receive queue; at the start of the port for each queue that is not deferred, later with <see cref="EthernetCapabilities.RuntimeQueueState"/>.</summary>
    /// <param name="index">The queue.</param>
    public abstract void StartReceiveQueue(int index);

    /// <summary>Stops a receive queue; no burst is inside it. Frames received and not taken are dropped and counted as missed.</summary>
    /// <param name="index">The queue.</param>
    public abstract void StopReceiveQueue(int index);

    /// <summary>Starts a transmit queue.</summary>
    /// <param name="index">The queue.</param>
    public abstract void StartTransmitQueue(int index);

    /// <summary>Stops a transmit queue; no burst is inside it. Every mbuf in it is freed.</summary>
    /// <param name="index">The queue.</param>
    public abstract void StopTransmitQueue(int index);

    /// <summary>The link now.</summary>
    public abstract EthernetLink ReadLink();

    /// <summary>Takes the link up or down; with <see cref="EthernetCapabilities.SetLink"/>.</summary>
    /// <param name="up">Up or down.</param>
    public virtual void SetLink(bool up) => throw NotOffered(nameof(EthernetCapabilities.SetLink));

    /// <summary>Sets the MTU; while the port runs only with <see cref="EthernetCapabilities.LiveMtu"/>.</summary>
    /// <param name="mtu">Within the info's limits.</param>
    public abstract void SetMtu(int mtu);

    /// <summary>Sets the port's address; with <see cref="EthernetCapabilities.SetMacAddress"/>.</summary>
    /// <param name="address">The address.</param>
    public virtual void SetMacAddress(MacAddress address) => throw NotOffered(nameof(EthernetCapabilities.SetMacAddress));

    /// <summary>Switches promiscuous mode; with <see cref="EthernetCapabilities.Promiscuous"/>.</summary>
    /// <param name="on">On or off.</param>
    public virtual void SetPromiscuous(bool on) => throw NotOffered(nameof(EthernetCapabilities.Promiscuous));

    /// <summary>Switches reception of all multicast; with <see cref="EthernetCapabilities.AllMulticast"/>.</summary>
    /// <param name="on">On or off.</param>
    public virtual void SetAllMulticast(bool on) => throw NotOffered(nameof(EthernetCapabilities.AllMulticast));

    /// <summary>Sets RSS key and hash types; only where the info has hash types.</summary>
    /// <param name="rss">Of the right key length, or with an empty key to keep the one in force.</param>
    public virtual void SetRss(RssConfiguration rss) => throw NotOffered("RSS");

    /// <summary>The RSS key and hash types in force.</summary>
    public virtual RssConfiguration ReadRss() => throw NotOffered("RSS");

    /// <summary>Sets the whole RSS indirection table.</summary>
    /// <param name="queues">A configured receive queue for each entry.</param>
    public virtual void SetReta(ReadOnlySpan<ushort> queues) => throw NotOffered("RSS");

    /// <summary>The RSS indirection table in force.</summary>
    /// <param name="queues">Where to; as long as the table.</param>
    public virtual void ReadReta(Span<ushort> queues) => throw NotOffered("RSS");

    private NotSupportedException NotOffered(string what) => new($"{Info.Name} does not offer {what}.");
}
