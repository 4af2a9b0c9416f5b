namespace Outboard.Plugins.Mana.Gdma;

/// <summary>The adapter refused a request, broke its protocol, or did not answer. Control path only.</summary>
internal sealed class GdmaException(string message, uint status = 0) : Exception(message)
{
    /// <summary>Status of the answer; 0 where there was none.</summary>
    public uint Status { get; } = status;
}
