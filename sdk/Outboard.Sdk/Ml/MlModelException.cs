namespace Outboard.Ml;

/// <summary>A model was refused: malformed, or with something that the device cannot run.</summary>
public sealed class MlModelException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">The model, the node, the operator and its version, the attribute, and the reason.</param>
    /// <param name="inner">The cause, where another exception was.</param>
    public MlModelException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
