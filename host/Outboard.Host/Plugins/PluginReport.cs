namespace Outboard.Host;

/// <summary>What became of one plugin, for people and for <c>outboard devices</c>.</summary>
/// <param name="Name">Its name: of the manifest, or of the folder where the manifest cannot be read.</param>
/// <param name="Folder">Its folder; empty for a plugin that was registered statically.</param>
/// <param name="Version">Its version; empty where the manifest cannot be read.</param>
/// <param name="State">What became of it.</param>
/// <param name="Reason">Why it was refused, one line; empty otherwise.</param>
/// <param name="Drivers">The drivers its manifest declares.</param>
public sealed record PluginReport(
    string Name, string Folder, string Version, PluginState State, string Reason, IReadOnlyList<string> Drivers);
