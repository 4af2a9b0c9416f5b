using Outboard.Crypto.Driver;
using Outboard.Devices;
using Outboard.Ethernet.Driver;
using Outboard.Ml.Driver;
using Outboard.Regex.Driver;

namespace Outboard.Plugins;

/// <summary>Where a plugin says what it brings.</summary>
/// <remarks>A driver's name is lower case, ends in a letter, and is registered once.</remarks>
public interface IDriverRegistry
{
    /// <summary>Registers a regex driver.</summary>
    /// <param name="name">The driver's name, such as <c>regex_simd</c>.</param>
    /// <param name="open">Opens a device.</param>
    void AddRegex(string name, Func<DriverContext, RegexDriver> open);

    /// <summary>Registers an ml driver.</summary>
    /// <param name="name">The driver's name, such as <c>ml_simd</c>.</param>
    /// <param name="open">Opens a device.</param>
    void AddMl(string name, Func<DriverContext, MlDriver> open);

    /// <summary>Registers a crypto driver.</summary>
    /// <param name="name">The driver's name, such as <c>crypto_simd</c>.</param>
    /// <param name="open">Opens a device.</param>
    void AddCrypto(string name, Func<DriverContext, CryptoDriver> open);

    /// <summary>Registers an Ethernet driver.</summary>
    /// <param name="name">The driver's name, such as <c>net_mana</c>.</param>
    /// <param name="open">Opens a device.</param>
    void AddEthernet(string name, Func<DriverContext, EthernetDriver> open);

    /// <summary>Says that a driver is not to be had on this machine.</summary>
    /// <param name="deviceClass">Its class.</param>
    /// <param name="name">Its name.</param>
    /// <param name="reason">Why, and what would supply it.</param>
    void AddAbsent(DeviceClass deviceClass, string name, string reason);
}
