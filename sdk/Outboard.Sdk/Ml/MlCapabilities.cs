namespace Outboard.Ml;

/// <summary>What an ml device can do beyond running models.</summary>
[Flags]
public enum MlCapabilities
{
    /// <summary>Nothing beyond it.</summary>
    None = 0,

    /// <summary>Op buffers may be mbuf chains.</summary>
    MbufBuffers = 1 << 0,

    /// <summary>Op buffers may be chains of segments.</summary>
    SegmentedBuffers = 1 << 1,

    /// <summary>Inputs may be raw bytes (<see cref="MlModelOptions.ByteInputs"/>).</summary>
    ByteInput = 1 << 2,

    /// <summary>Parameters of a loaded model can be replaced (<see cref="MlDevice.UpdateParameters"/>).</summary>
    UpdateParameters = 1 << 3,

    /// <summary>A running model can be replaced by another of the same shape (<see cref="MlDevice.ReplaceModel"/>).</summary>
    ReplaceModel = 1 << 4,

    /// <summary>The layout <see cref="MlIoLayout.Split"/>.</summary>
    SplitLayout = 1 << 5,

    /// <summary>Models may have external data.</summary>
    ExternalData = 1 << 6,

    /// <summary>Out-of-order queue pairs.</summary>
    OutOfOrder = 1 << 7,
}
