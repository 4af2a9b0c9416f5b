namespace Outboard.Ml;

/// <summary>Where a model stands in its life.</summary>
public enum MlModelState
{
    /// <summary>Loaded; ops for it are refused.</summary>
    Loaded,

    /// <summary>Started; ops for it are taken.</summary>
    Started,

    /// <summary>Unloaded.</summary>
    Unloaded,
}
