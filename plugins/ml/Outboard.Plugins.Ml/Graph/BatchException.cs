namespace Outboard.Plugins.Ml.Graph;

/// <summary>The model is not wrong, but one of its operators mixes inferences: it can only run one at a time.</summary>
internal sealed class BatchException(string message) : ModelException(message);
