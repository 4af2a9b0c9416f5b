namespace Outboard.Plugins.Regex.Kernels.WindowHash;

/// <summary>Positions from one test to the next, known when a kernel is compiled.</summary>
internal interface IStride
{
    static abstract int Value { get; }
}

/// <summary>Every position.</summary>
internal readonly struct Stride1 : IStride
{
    public static int Value => 1;
}

/// <summary>Every second position.</summary>
internal readonly struct Stride2 : IStride
{
    public static int Value => 2;
}

/// <summary>Every fourth position.</summary>
internal readonly struct Stride4 : IStride
{
    public static int Value => 4;
}
