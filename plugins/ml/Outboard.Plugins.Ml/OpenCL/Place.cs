namespace Outboard.Plugins.Ml.OpenCL;

/// <summary>A tensor's place: the kind and the number among its kind.</summary>
internal readonly record struct Place(PlaceKind Kind, int Index)
{
    public override string ToString() => $"{Kind.ToString().ToLowerInvariant()}{Index}";
}
