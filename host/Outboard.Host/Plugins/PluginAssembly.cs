using System.Reflection;
using McMaster.NETCore.Plugins;
using Outboard.Plugins;

namespace Outboard.Host;

/// <summary>A plugin's assembly in a load context of its own.</summary>
/// <remarks>
/// The one class that knows the loader library. Only <c>Outboard.Sdk</c> is shared, by name; everything else a plugin
/// brings stays its own, so two plugins may carry different versions of one library.
/// <para><i>Thread</i>: one at a time; the library is not safe for more.</para>
/// </remarks>
internal sealed class PluginAssembly : IDisposable
{
    private readonly PluginLoader _loader;

    /// <summary>Prepares the load context; nothing of the plugin runs yet.</summary>
    public PluginAssembly(string path, bool isCollectible) =>
        _loader = PluginLoader.CreateFromAssemblyFile(path, config =>
        {
            config.SharedAssemblies.Add(typeof(IDevicePlugin).Assembly.GetName());
            config.IsUnloadable = isCollectible;
            config.IsLazyLoaded = true;
        });

    /// <summary>Loads the assembly and makes its one plugin.</summary>
    /// <exception cref="PluginException">There is none, or more than one, or it cannot be made.</exception>
    public IDevicePlugin Create()
    {
        Assembly assembly = _loader.LoadDefaultAssembly();
        var found = new List<Type>();

        // GetExportedTypes throws where a type cannot be loaded; asking for one type by name would give null.
        foreach (Type type in assembly.GetExportedTypes())
        {
            if (!type.IsAbstract && typeof(IDevicePlugin).IsAssignableFrom(type))
            {
                found.Add(type);
            }
        }

        if (found.Count != 1)
        {
            throw new PluginException(found.Count == 0
                ? $"{assembly.GetName().Name} has no public class that implements {nameof(IDevicePlugin)}"
                : $"{assembly.GetName().Name} has more than one {nameof(IDevicePlugin)}: {string.Join(", ", found.Select(t => t.Name))}");
        }

        try
        {
            return (IDevicePlugin)Activator.CreateInstance(found[0])!;
        }
        catch (MissingMethodException e)
        {
            throw new PluginException($"{found[0].Name} has no public parameterless constructor", e);
        }
        catch (TargetInvocationException e) when (e.InnerException is not null)
        {
            throw new PluginException($"{found[0].Name} threw {e.InnerException.GetType().Name}: {e.InnerException.Message}", e);
        }
    }

    /// <summary>Unloads the plugin where it is collectible.</summary>
    public void Dispose()
    {
        if (_loader.IsUnloadable)
        {
            _loader.Dispose();
        }
    }
}
