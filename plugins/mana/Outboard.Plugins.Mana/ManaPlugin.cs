using Outboard.Plugins.Mana.Pmd;

namespace Outboard.Plugins.Mana;

/// <summary>The plugin's entry: brings the Ethernet driver <c>net_mana</c>.</summary>
public sealed class ManaPlugin : IDevicePlugin
{
    /// <inheritdoc/>
    public void Register(IDriverRegistry registry)
    {
        ArgumentNullException.ThrowIfNull(registry);
        registry.AddEthernet(ManaDriver.DriverName, ManaPortFactory.Open);
    }
}
