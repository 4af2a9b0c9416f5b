using Silk.NET.OpenCL;

namespace Outboard.OpenCL;

/// <summary>Memory that kernels work on: the device's own, or a region of host memory.</summary>
/// <remarks>
/// Order: the host may touch a range of shared memory from the completion of <see cref="OpenCLQueue.ToHost"/> (for the
/// first time: before the first launch that uses the buffer) until <see cref="OpenCLQueue.ToDevice"/> with the same
/// range; kernels may touch it in between the other way round.
/// </remarks>
public sealed unsafe class OpenCLBuffer : IDisposable
{
    // Drivers of integrated graphics processors use host memory in place only where it begins on a page and ends on a
    // cache line, and else copy it silently.
    private const nuint PageSize = 4096;
    private const nuint LineSize = 64;

    private readonly OpenCLContext _context;
    private bool _isDisposed;

    private OpenCLBuffer(
        OpenCLContext context,
        nint handle,
        nint hostMemory,
        nuint byteCount,
        OpenCLSharing sharing,
        string sharingReason)
    {
        _context = context;
        Handle = handle;
        HostMemory = hostMemory;
        ByteCount = byteCount;
        Sharing = sharing;
        SharingReason = sharingReason;
        context.Add(this);
    }

    /// <summary>Its size in bytes.</summary>
    public nuint ByteCount { get; }

    /// <summary>The host memory it stands for; 0 when it is the device's alone.</summary>
    public nint HostMemory { get; }

    /// <summary>Whether kernels work on the host memory itself.</summary>
    public OpenCLSharing Sharing { get; }

    /// <summary>Why <see cref="Sharing"/> is what it is.</summary>
    public string SharingReason { get; }

    internal nint Handle { get; }

    internal static OpenCLBuffer OnDevice(OpenCLContext context, nuint byteCount, OpenCLAccess access)
    {
        nint handle = Create(context, byteCount, access, null, out int code);
        new OpenCLStatus(code).ThrowIfFailed("clCreateBuffer");
        return new OpenCLBuffer(context, handle, 0, byteCount, OpenCLSharing.None, "made in the device's memory");
    }

    internal static OpenCLBuffer OverHost(
        OpenCLContext context, nint hostMemory, nuint byteCount, OpenCLAccess access, bool allowInPlace)
    {
        if (CanWorkInPlace(context.Device, hostMemory, byteCount, allowInPlace, out string reason))
        {
            nint shared = Create(context, byteCount, access, (void*)hostMemory, out int sharedCode);
            if (sharedCode == 0)
            {
                return new OpenCLBuffer(context, shared, hostMemory, byteCount, OpenCLSharing.InPlace, reason);
            }

            reason = $"the driver refused the host memory with {new OpenCLStatus(sharedCode)}";
        }

        nint handle = Create(context, byteCount, access, null, out int code);
        new OpenCLStatus(code).ThrowIfFailed("clCreateBuffer");
        return new OpenCLBuffer(context, handle, hostMemory, byteCount, OpenCLSharing.Copied, reason);
    }

    /// <summary>Releases it. Work that uses it must be over.</summary>
    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        _context.Remove(this);
        _context.Api.ReleaseMemObject(Handle);
    }

    internal bool Contains(nuint offset, nuint byteCount) => offset <= ByteCount && byteCount <= ByteCount - offset;

    private static bool CanWorkInPlace(
        OpenCLDevice device, nint hostMemory, nuint byteCount, bool allowInPlace, out string reason)
    {
        if (!allowInPlace)
        {
            reason = "the copy was asked for";
            return false;
        }

        if (!device.HasUnifiedMemory)
        {
            reason = "the device has its own memory";
            return false;
        }

        if (device.Type == OpenCLDeviceType.Cpu)
        {
            reason = "the device is the host's processor";
            return true;
        }

        bool isAligned = (nuint)hostMemory % PageSize == 0 && byteCount % LineSize == 0;
        reason = isAligned
            ? "the device shares the host's memory"
            : $"the device shares only memory that begins at a multiple of {PageSize} and ends at one of {LineSize}";
        return isAligned;
    }

    private static nint Create(OpenCLContext context, nuint byteCount, OpenCLAccess access, void* host, out int code)
    {
        MemFlags flags = access switch
        {
            OpenCLAccess.Read => MemFlags.ReadOnly,
            OpenCLAccess.Write => MemFlags.WriteOnly,
            _ => MemFlags.ReadWrite,
        };
        if (host is not null)
        {
            flags |= MemFlags.UseHostPtr;
        }

        // SAFETY: `host` is null or the caller's region of byteCount bytes, which outlives the buffer by contract.
        return context.Api.CreateBuffer(context.Handle, flags, byteCount, host, out code);
    }
}
