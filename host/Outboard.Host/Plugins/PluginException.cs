namespace Outboard.Host;

/// <summary>A plugin cannot be used; the message is the reason alone, the report names the plugin.</summary>
internal sealed class PluginException(string message, Exception? inner = null) : Exception(message, inner);
