namespace Outboard.OpenCL;

/// <summary>One installed OpenCL implementation and its devices.</summary>
public sealed class OpenCLPlatform
{
    internal OpenCLPlatform(int index, nint handle, string name, string vendor, string version)
    {
        Index = index;
        Handle = handle;
        Name = name;
        Vendor = vendor;
        Version = version;
    }

    /// <summary>Its place in the loader's list, from 0.</summary>
    public int Index { get; }

    /// <summary>Its name, such as <c>Portable Computing Language</c>.</summary>
    public string Name { get; }

    /// <summary>Who makes it.</summary>
    public string Vendor { get; }

    /// <summary>OpenCL version and the implementation's own.</summary>
    public string Version { get; }

    /// <summary>Its devices, in the order the platform lists them.</summary>
    public IReadOnlyList<OpenCLDevice> Devices { get; internal set; } = [];

    internal nint Handle { get; }

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
