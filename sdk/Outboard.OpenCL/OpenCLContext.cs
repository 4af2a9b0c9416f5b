using Outboard.Memory;
using Silk.NET.OpenCL;

namespace Outboard.OpenCL;

/// <summary>Everything made on one device: its queues, buffers and programs.</summary>
/// <remarks>
/// Thread: control path, any thread, one at a time. Owns: what is made through it; disposing it first waits for every
/// queue, then releases what is left in the reverse of the order in which it was made, then itself.
/// </remarks>
public sealed unsafe class OpenCLContext : IDisposable
{
    // CL_CONTEXT_PLATFORM in CL/cl.h.
    private const nint ContextPlatform = 0x1084;

    private readonly List<IDisposable> _children = [];
    private bool _isDisposed;

    internal OpenCLContext(OpenCLDevice device)
    {
        Device = device;
        nint handle = device.Handle;
        nint* properties = stackalloc nint[] { ContextPlatform, device.Platform.Handle, 0 };
        int code;

        // SAFETY: a zero-terminated list of properties and one device handle, both on the stack for the call.
        Handle = Api.CreateContext(properties, 1, &handle, null, null, &code);
        new OpenCLStatus(code).ThrowIfFailed("clCreateContext");
    }

    /// <summary>The device.</summary>
    public OpenCLDevice Device { get; }

    internal CL Api => Device.Api;

    internal nint Handle { get; }

    /// <summary>
    /// How many queues, buffers, programs and kernels made through this context are not disposed yet.
    /// </summary>
    public int LiveObjectCount => _children.Count;

    /// <summary>Makes an in-order queue.</summary>
    /// <exception cref="OpenCLException">The device refused.</exception>
    public OpenCLQueue CreateQueue()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return new OpenCLQueue(this);
    }

    /// <summary>
    /// Makes a buffer in the device's memory, which the host reaches by reading and writing it through a queue.
    /// </summary>
    /// <param name="byteCount">Its size; 1 to the device's <see cref="OpenCLDevice.AllocationByteCountMax"/>.</param>
    /// <param name="access">What kernels do with it.</param>
    /// <exception cref="ArgumentOutOfRangeException">The size is 0 or above the device's limit.</exception>
    /// <exception cref="OpenCLException">The device refused.</exception>
    public OpenCLBuffer CreateBuffer(nuint byteCount, OpenCLAccess access = OpenCLAccess.ReadWrite)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        CheckSize(byteCount);
        return OpenCLBuffer.OnDevice(this, byteCount, access);
    }

    /// <summary>
    /// Makes a buffer over host memory (a pool's whole region, an arena): in place where the device works on the
    /// host's memory, else with a copy on the device that <see cref="OpenCLQueue.ToDevice"/> and <see
    /// cref="OpenCLQueue.ToHost"/> keep in step.
    /// </summary>
    /// <param name="hostMemory">Start of the region.</param>
    /// <param name="byteCount">Its length; 1 to the device's <see cref="OpenCLDevice.AllocationByteCountMax"/>.</param>
    /// <param name="access">What kernels do with it.</param>
    /// <param name="allowInPlace">False asks for the copy even where it is not needed, to measure or test it.</param>
    /// <remarks>
    /// Owns: the caller keeps the memory and must let it live, unmoved, until the buffer is disposed.
    /// <see cref="OpenCLBuffer.Sharing"/> and <see cref="OpenCLBuffer.SharingReason"/> say what it got.
    /// </remarks>
    /// <exception cref="ArgumentException">The pointer is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The size is 0 or above the device's limit.</exception>
    /// <exception cref="OpenCLException">The device refused.</exception>
    public OpenCLBuffer CreateBufferOver(
        nint hostMemory, nuint byteCount, OpenCLAccess access = OpenCLAccess.ReadWrite, bool allowInPlace = true)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (hostMemory == 0)
        {
            throw new ArgumentException("the host memory is a null pointer", nameof(hostMemory));
        }

        CheckSize(byteCount);
        return OpenCLBuffer.OverHost(this, hostMemory, byteCount, access, allowInPlace);
    }

    /// <summary>
    /// Makes a buffer over a whole block: a pool's memory (<see cref="Mempool.Memory"/>), or an arena.
    /// </summary>
    /// <param name="memory">The block; offsets of its objects count from its <see cref="NativeBlock.Address"/>.</param>
    /// <param name="access">What kernels do with it.</param>
    /// <param name="allowInPlace">False asks for the copy even where it is not needed, to measure or test it.</param>
    /// <remarks>Owns: the caller keeps the block and disposes it after the buffer.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">The block is above the device's limit for one buffer.</exception>
    /// <exception cref="OpenCLException">The device refused.</exception>
    public OpenCLBuffer CreateBufferOver(NativeBlock memory, OpenCLAccess access, bool allowInPlace)
    {
        ArgumentNullException.ThrowIfNull(memory);
        return CreateBufferOver(memory.Address, memory.ByteCount, access, allowInPlace);
    }

    /// <summary>Builds a program from OpenCL C, or takes the built one from the cache.</summary>
    /// <param name="source">The program's text.</param>
    /// <param name="options">Compiler options, such as <c>-D TILE=16</c>.</param>
    /// <param name="cache">Where built programs are kept; null for no cache.</param>
    /// <exception cref="OpenCLException">It does not build; the message ends with the compiler's log.</exception>
    public OpenCLProgram BuildProgram(string source, string options = "", OpenCLProgramCache? cache = null)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        ArgumentException.ThrowIfNullOrWhiteSpace(source);
        ArgumentNullException.ThrowIfNull(options);
        return new OpenCLProgram(this, source, options, cache ?? OpenCLProgramCache.Off);
    }

    /// <summary>Waits for all queues, then releases everything.</summary>
    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;

        // Kernels in flight may still touch host memory that its owner frees as soon as this returns.
        foreach (IDisposable child in _children)
        {
            (child as OpenCLQueue)?.Finish();
        }

        for (int i = _children.Count - 1; i >= 0; i = Math.Min(i, _children.Count) - 1)
        {
            _children[i].Dispose();
        }

        Api.ReleaseContext(Handle);
    }

    internal void Add(IDisposable child) => _children.Add(child);

    internal void Remove(IDisposable child) => _children.Remove(child);

    private void CheckSize(nuint byteCount)
    {
        if (byteCount == 0 || byteCount > Device.AllocationByteCountMax)
        {
            throw new ArgumentOutOfRangeException(
                nameof(byteCount),
                $"a buffer of {byteCount} bytes; {Device.Name} takes 1 to {Device.AllocationByteCountMax}");
        }
    }
}
