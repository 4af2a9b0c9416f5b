namespace Outboard.Plugins.Ml.OpenCL;

/// <summary>Where a tensor of the model lives on the device.</summary>
internal enum PlaceKind
{
    /// <summary>The batch's staging area, among the model's inputs.</summary>
    Input,

    /// <summary>The batch's staging area, among the model's outputs.</summary>
    Output,

    /// <summary>A buffer between two steps.</summary>
    Scratch,

    /// <summary>A constant, resident as long as the model is started.</summary>
    Constant,
}
