namespace Outboard.Plugins;

/// <summary>The entry of a plugin: one public class with a parameterless constructor in the plugin's assembly.</summary>
public interface IDevicePlugin
{
    /// <summary>Registers the plugin's drivers, or says which are absent here and why.</summary>
    /// <param name="registry">Where to.</param>
    /// <remarks>Opens nothing: what costs time or memory belongs to the opening of a device.</remarks>
    void Register(IDriverRegistry registry);
}
