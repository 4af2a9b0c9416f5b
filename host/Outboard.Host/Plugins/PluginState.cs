namespace Outboard.Host;

/// <summary>What became of a plugin folder.</summary>
public enum PluginState
{
    /// <summary>Its manifest is sound; nothing of it is loaded yet.</summary>
    Found,

    /// <summary>Its drivers are registered.</summary>
    Loaded,

    /// <summary>It was refused, with a reason; nothing of it is registered.</summary>
    Refused,
}
