using System.Runtime.CompilerServices;
using Silk.NET.OpenCL;

namespace Outboard.OpenCL;

/// <summary>An in-order queue: commands run on the device one after the other, in the order they were given.</summary>
/// <remarks>
/// Thread: one at a time. What returns an <see cref="OpenCLStatus"/>, <see cref="Finish"/> excepted, neither waits
/// nor throws nor allocates: the status says whether the command was queued, its event whether and how it ended.
/// </remarks>
public sealed unsafe class OpenCLQueue : IDisposable
{
    private const int InvalidValue = -30;

    private readonly OpenCLContext _context;
    private readonly CL _api;
    private readonly nint _handle;
    private bool _isDisposed;

    internal OpenCLQueue(OpenCLContext context)
    {
        _context = context;
        _api = context.Api;
        _handle = _api.CreateCommandQueue(
            context.Handle, context.Device.Handle, CommandQueueProperties.None, out int code);
        new OpenCLStatus(code).ThrowIfFailed("clCreateCommandQueue");
        context.Add(this);
    }

    /// <summary>Runs a kernel with its present arguments.</summary>
    /// <param name="kernel">The kernel; its arguments may be set anew as soon as this returns.</param>
    /// <param name="range">How many work items.</param>
    public OpenCLStatus Launch(OpenCLKernel kernel, in OpenCLRange range) => Launch(kernel, range, null);

    /// <summary>Runs a kernel with its present arguments, and gives an event for its end.</summary>
    /// <param name="kernel">The kernel; its arguments may be set anew as soon as this returns.</param>
    /// <param name="range">How many work items.</param>
    /// <param name="completion">Complete when the kernel is over; the caller releases it.</param>
    public OpenCLStatus Launch(OpenCLKernel kernel, in OpenCLRange range, out OpenCLEvent completion)
    {
        nint handle = 0;
        OpenCLStatus status = Launch(kernel, range, &handle);
        completion = new OpenCLEvent(_api, handle);
        return status;
    }

    /// <summary>
    /// Hands a range of shared memory to the device: kernels queued after this see what the host wrote.
    /// </summary>
    /// <param name="buffer">A buffer over host memory.</param>
    /// <param name="offset">Start of the range in bytes.</param>
    /// <param name="byteCount">
    /// Its length; for a buffer in place the range given to <see cref="ToHost"/> before.
    /// </param>
    /// <remarks>Unmaps a buffer in place, and writes the range of a copied one from host memory.</remarks>
    public OpenCLStatus ToDevice(OpenCLBuffer buffer, nuint offset, nuint byteCount)
    {
        if (buffer.Sharing == OpenCLSharing.None || byteCount == 0 || !buffer.Contains(offset, byteCount))
        {
            return new OpenCLStatus(InvalidValue);
        }

        void* host = (byte*)buffer.HostMemory + offset;

        // SAFETY: the range was checked against the region, which lives as long as the buffer. OpenCL maps memory that
        // was given with CL_MEM_USE_HOST_PTR at that very address (clEnqueueMapBuffer), so this is the mapped pointer.
        return new OpenCLStatus(buffer.Sharing == OpenCLSharing.InPlace
            ? _api.EnqueueUnmapMemObject(_handle, buffer.Handle, host, 0, null, null)
            : _api.EnqueueWriteBuffer(_handle, buffer.Handle, false, offset, byteCount, host, 0, null, (nint*)null));
    }

    /// <summary>
    /// Hands a range of shared memory to the host: when the event is complete, it sees what kernels queued before
    /// wrote.
    /// </summary>
    /// <param name="buffer">A buffer over host memory.</param>
    /// <param name="offset">Start of the range in bytes.</param>
    /// <param name="byteCount">Its length.</param>
    /// <param name="completion">Complete when the host may touch the range; the caller releases it.</param>
    /// <remarks>Maps a buffer in place, and reads the range of a copied one into host memory.</remarks>
    public OpenCLStatus ToHost(OpenCLBuffer buffer, nuint offset, nuint byteCount, out OpenCLEvent completion)
    {
        completion = default;
        if (buffer.Sharing == OpenCLSharing.None || byteCount == 0 || !buffer.Contains(offset, byteCount))
        {
            return new OpenCLStatus(InvalidValue);
        }

        nint handle = 0;
        int code;

        // SAFETY: as in ToDevice.
        if (buffer.Sharing == OpenCLSharing.InPlace)
        {
            _api.EnqueueMapBuffer(
                _handle,
                buffer.Handle,
                false,
                MapFlags.Read | MapFlags.Write,
                offset,
                byteCount,
                0,
                null,
                &handle,
                &code);
        }
        else
        {
            void* host = (byte*)buffer.HostMemory + offset;
            code = _api.EnqueueReadBuffer(_handle, buffer.Handle, false, offset, byteCount, host, 0, null, &handle);
        }

        completion = new OpenCLEvent(_api, handle);
        return new OpenCLStatus(code);
    }

    /// <summary>Copies host bytes into a buffer and waits for it. Control path only.</summary>
    /// <param name="buffer">Any buffer.</param>
    /// <param name="offset">Where in it, in bytes.</param>
    /// <param name="source">The bytes.</param>
    /// <exception cref="OpenCLException">The device refused.</exception>
    public void Write(OpenCLBuffer buffer, nuint offset, ReadOnlySpan<byte> source)
    {
        CheckRange(buffer, offset, (nuint)source.Length);
        fixed (byte* host = source)
        {
            // SAFETY: the range lies in the buffer; the call has copied all bytes when it returns.
            int code = source.IsEmpty
                ? 0
                : _api.EnqueueWriteBuffer(
                    _handle, buffer.Handle, true, offset, (nuint)source.Length, host, 0, null, (nint*)null);
            new OpenCLStatus(code).ThrowIfFailed("clEnqueueWriteBuffer");
        }
    }

    /// <summary>Copies a buffer's bytes to the host and waits for it. Control path only.</summary>
    /// <param name="buffer">Any buffer.</param>
    /// <param name="offset">Where in it, in bytes.</param>
    /// <param name="target">Where they go.</param>
    /// <exception cref="OpenCLException">The device refused, or a command before failed.</exception>
    public void Read(OpenCLBuffer buffer, nuint offset, Span<byte> target)
    {
        CheckRange(buffer, offset, (nuint)target.Length);
        fixed (byte* host = target)
        {
            // SAFETY: the range lies in the buffer; the call has written all bytes when it returns.
            int code = target.IsEmpty
                ? 0
                : _api.EnqueueReadBuffer(
                    _handle, buffer.Handle, true, offset, (nuint)target.Length, host, 0, null, (nint*)null);
            new OpenCLStatus(code).ThrowIfFailed("clEnqueueReadBuffer");
        }
    }

    /// <summary>An event for the end of everything queued before.</summary>
    /// <param name="completion">The event; the caller releases it.</param>
    public OpenCLStatus Mark(out OpenCLEvent completion)
    {
        nint handle = 0;

        // SAFETY: no wait list; the handle is written to a local.
        int code = _api.EnqueueMarkerWithWaitList(_handle, 0, null, &handle);
        completion = new OpenCLEvent(_api, handle);
        return new OpenCLStatus(code);
    }

    /// <summary>
    /// Sends everything queued to the device. Without it a polled event may stay incomplete for ever.
    /// </summary>
    public OpenCLStatus Flush() => new(_api.Flush(_handle));

    /// <summary>Waits until everything queued is over. Control path only.</summary>
    public OpenCLStatus Finish() => new(_api.Finish(_handle));

    /// <summary>Waits until everything queued is over and releases the queue.</summary>
    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        _context.Remove(this);
        _api.Finish(_handle);
        _api.ReleaseCommandQueue(_handle);
    }

    [SkipLocalsInit]
    private OpenCLStatus Launch(OpenCLKernel kernel, in OpenCLRange range, nint* completion)
    {
        nuint* global = stackalloc nuint[] { range.GlobalX, range.GlobalY };
        nuint* local = stackalloc nuint[] { range.LocalX, range.LocalY };

        // SAFETY: as many sizes as dimensions, on the stack for the call.
        return new OpenCLStatus(_api.EnqueueNdrangeKernel(
            _handle,
            kernel.Handle,
            range.GlobalY == 0 ? 1u : 2u,
            null,
            global,
            range.LocalX == 0 ? null : local,
            0,
            null,
            completion));
    }

    private static void CheckRange(OpenCLBuffer buffer, nuint offset, nuint byteCount)
    {
        if (!buffer.Contains(offset, byteCount))
        {
            throw new ArgumentOutOfRangeException(
                nameof(offset), $"{byteCount} bytes at {offset} in a buffer of {buffer.ByteCount}");
        }
    }
}
