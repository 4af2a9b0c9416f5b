namespace Outboard.Plugins.Ml.Graph;

/// <summary>A model that cannot be loaded; the message is one line that names the place and the reason.</summary>
internal class ModelException(string message) : Exception(message);
