namespace Outboard.Ml;

/// <summary>A model on a device.</summary>
/// <remarks>Made by <see cref="MlDevice.LoadModel"/>; ops name it by <see cref="Id"/>.</remarks>
public sealed class MlModel
{
    internal MlModel(ushort id, MlModelInfo info)
    {
        Id = id;
        Info = info;
    }

    /// <summary>The number that <see cref="MlOp.ModelId"/> takes.</summary>
    public ushort Id { get; }

    /// <summary>What it is.</summary>
    public MlModelInfo Info { get; }

    /// <summary>Where it stands in its life.</summary>
    public MlModelState State { get; internal set; }
}
