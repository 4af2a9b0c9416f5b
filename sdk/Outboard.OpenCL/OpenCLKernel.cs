using Silk.NET.OpenCL;

namespace Outboard.OpenCL;

/// <summary>One kernel of a program, with its own set of arguments.</summary>
/// <remarks>Thread: one at a time; two threads take a kernel object each.</remarks>
public sealed unsafe class OpenCLKernel : IDisposable
{
    private readonly OpenCLContext _context;
    private readonly CL _api;
    private bool _isDisposed;

    internal OpenCLKernel(OpenCLContext context, nint program, string name)
    {
        _context = context;
        _api = context.Api;
        Name = name;
        Handle = _api.CreateKernel(program, name, out int code);
        if (code != 0)
        {
            throw new OpenCLException("clCreateKernel", code, $"the kernel '{name}'", buildLog: null);
        }

        context.Add(this);
        ArgumentCount = (int)Info<uint>(KernelInfo.NumArgs);
        WorkGroupSizeMax = checked((int)WorkGroupInfo<nuint>(KernelWorkGroupInfo.WorkGroupSize));
        WorkGroupSizeMultiple = checked((int)WorkGroupInfo<nuint>(KernelWorkGroupInfo.PreferredWorkGroupSizeMultiple));
        LocalMemoryByteCount = WorkGroupInfo<ulong>(KernelWorkGroupInfo.LocalMemSize);
    }

    /// <summary>Its name in the source.</summary>
    public string Name { get; }

    /// <summary>How many arguments it takes.</summary>
    public int ArgumentCount { get; }

    /// <summary>Most work items a group of it may have on this device.</summary>
    public int WorkGroupSizeMax { get; }

    /// <summary>The group size the device prefers a multiple of.</summary>
    public int WorkGroupSizeMultiple { get; }

    /// <summary>Local memory one group uses, in bytes.</summary>
    public ulong LocalMemoryByteCount { get; }

    internal nint Handle { get; }

    /// <summary>Sets an argument passed by value.</summary>
    /// <typeparam name="T">
    /// A type of the argument's size: <c>int</c> for <c>int</c>, <c>float</c> for <c>float</c>.
    /// </typeparam>
    /// <param name="index">Its place, from 0.</param>
    /// <param name="value">The value; copied.</param>
    public OpenCLStatus SetArgument<T>(int index, T value)
        where T : unmanaged =>

        // SAFETY: the value lives on the stack for the call, which copies it.
        new(_api.SetKernelArg(Handle, (uint)index, (nuint)sizeof(T), &value));

    /// <summary>Sets an argument in global or constant memory.</summary>
    /// <param name="index">Its place, from 0.</param>
    /// <param name="buffer">The buffer; must live until the last launch with it is over.</param>
    public OpenCLStatus SetArgument(int index, OpenCLBuffer buffer)
    {
        nint handle = buffer.Handle;

        // SAFETY: a buffer argument is a pointer to its handle.
        return new OpenCLStatus(_api.SetKernelArg(Handle, (uint)index, (nuint)sizeof(nint), &handle));
    }

    /// <summary>Gives an argument local memory.</summary>
    /// <param name="index">Its place, from 0.</param>
    /// <param name="byteCount">Bytes for each work group.</param>
    public OpenCLStatus SetLocalArgument(int index, nuint byteCount) =>
        new(_api.SetKernelArg(Handle, (uint)index, byteCount, null));

    /// <summary>Releases it.</summary>
    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        _context.Remove(this);
        _api.ReleaseKernel(Handle);
    }

    private T Info<T>(KernelInfo property)
        where T : unmanaged
    {
        T value = default;

        // SAFETY: the size given is the size of the local written to.
        int code = _api.GetKernelInfo(Handle, property, (nuint)sizeof(T), &value, null);
        new OpenCLStatus(code).ThrowIfFailed("clGetKernelInfo");
        return value;
    }

    private T WorkGroupInfo<T>(KernelWorkGroupInfo property)
        where T : unmanaged
    {
        T value = default;

        // SAFETY: the size given is the size of the local written to.
        int code = _api.GetKernelWorkGroupInfo(
            Handle, _context.Device.Handle, property, (nuint)sizeof(T), &value, null);
        new OpenCLStatus(code).ThrowIfFailed("clGetKernelWorkGroupInfo");
        return value;
    }
}
