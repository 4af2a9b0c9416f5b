using Outboard.Devices;

namespace Outboard.Plugins;

/// <summary>One registered driver.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Class">Its class.</param>
/// <param name="Plugin">The plugin that brought it.</param>
/// <param name="PluginVersion">That plugin's version.</param>
/// <param name="AbsentReason">Why it is not to be had here, or null when it is.</param>
public sealed record DriverEntry(string Name, DeviceClass Class, string Plugin, string PluginVersion, string? AbsentReason);
