namespace Outboard.Plugins.Ml.Graph;

/// <summary>Computes an operation whose inputs are all constants, so that it disappears from the model.</summary>
internal interface IConstantEvaluator
{
    /// <summary>The bytes of each output.</summary>
    byte[][] Evaluate(Operation operation);
}
