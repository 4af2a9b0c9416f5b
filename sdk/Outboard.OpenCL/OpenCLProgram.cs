using Silk.NET.OpenCL;

namespace Outboard.OpenCL;

/// <summary>A program built for one device.</summary>
/// <remarks>Owns: its kernels, which are released before it.</remarks>
public sealed unsafe class OpenCLProgram : IDisposable
{
    private readonly OpenCLContext _context;
    private readonly CL _api;
    private readonly List<OpenCLKernel> _kernels = [];
    private nint _handle;
    private bool _isDisposed;

    internal OpenCLProgram(OpenCLContext context, string source, string options, OpenCLProgramCache cache)
    {
        _context = context;
        _api = context.Api;
        string key = OpenCLProgramCache.KeyOf(context.Device, source, options);
        byte[]? cached = cache.TryRead(key, out string cacheReport);
        if (cached is not null && TryBuildBinary(cached, options))
        {
            Origin = OpenCLProgramOrigin.Cache;
            CacheReport = cacheReport;
        }
        else
        {
            if (cached is not null)
            {
                cacheReport = "the device no longer takes the kept program";
            }

            BuildSource(source, options);
            CacheReport = cache.IsEnabled ? $"{cacheReport}; {Keep(cache, key)}" : cacheReport;
        }

        context.Add(this);
    }

    /// <summary>Whether it was compiled now or taken from the cache.</summary>
    public OpenCLProgramOrigin Origin { get; }

    /// <summary>What the cache did.</summary>
    public string CacheReport { get; }

    /// <summary>Makes a kernel object.</summary>
    /// <param name="name">The kernel's name in the source.</param>
    /// <exception cref="OpenCLException">There is no such kernel.</exception>
    public OpenCLKernel CreateKernel(string name)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        ArgumentException.ThrowIfNullOrEmpty(name);
        var kernel = new OpenCLKernel(_context, _handle, name);
        _kernels.Add(kernel);
        return kernel;
    }

    /// <summary>Releases its kernels and itself.</summary>
    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        for (int i = _kernels.Count - 1; i >= 0; i--)
        {
            _kernels[i].Dispose();
        }

        _context.Remove(this);
        _api.ReleaseProgram(_handle);
    }

    // Only asked for when it is kept: some devices compile a second time to make it.
    private string Keep(OpenCLProgramCache cache, string key) =>
        Binary() is { Length: > 0 } binary ? cache.Write(key, binary) : "the device gives no binary to keep";

    private void BuildSource(string source, string options)
    {
        string[] sources = [source];
        _handle = _api.CreateProgramWithSource(_context.Handle, 1, sources, (nuint*)null, out int code);
        new OpenCLStatus(code).ThrowIfFailed("clCreateProgramWithSource");
        nint device = _context.Device.Handle;
        code = _api.BuildProgram(_handle, 1, &device, options, null, (void*)null);
        if (code != 0)
        {
            string log = BuildLog();
            _api.ReleaseProgram(_handle);
            throw new OpenCLException("clBuildProgram", code, $"for {_context.Device.Name}, options '{options}'", log);
        }
    }

    private bool TryBuildBinary(byte[] binary, string options)
    {
        nint device = _context.Device.Handle;
        nuint length = (nuint)binary.Length;
        int binaryStatus;
        int code;
        fixed (byte* start = binary)
        {
            byte* first = start;

            // SAFETY: one device, one length and one pinned image; the call copies it.
            _handle = _api.CreateProgramWithBinary(
                _context.Handle, 1, &device, &length, &first, &binaryStatus, &code);
        }

        if (code != 0)
        {
            return false;
        }

        if (binaryStatus == 0 && _api.BuildProgram(_handle, 1, &device, options, null, (void*)null) == 0)
        {
            return true;
        }

        _api.ReleaseProgram(_handle);
        return false;
    }

    private string BuildLog()
    {
        nint device = _context.Device.Handle;
        nuint length = 0;
        if (_api.GetProgramBuildInfo(_handle, device, ProgramBuildInfo.BuildLog, 0, null, &length) != 0 || length == 0)
        {
            return "";
        }

        byte[] log = new byte[length];
        fixed (byte* target = log)
        {
            // SAFETY: `length` bytes are pinned at `target`.
            int code = _api.GetProgramBuildInfo(_handle, device, ProgramBuildInfo.BuildLog, length, target, null);
            return code == 0 ? OpenCLDeviceQuery.FromBytes(log) : "";
        }
    }

    private byte[]? Binary()
    {
        nuint length = 0;
        int code = _api.GetProgramInfo(_handle, ProgramInfo.BinarySizes, (nuint)sizeof(nuint), &length, null);
        if (code != 0 || length == 0)
        {
            return null;
        }

        byte[] binary = new byte[length];
        fixed (byte* start = binary)
        {
            byte* target = start;

            // SAFETY: one device, so one pointer, to as many pinned bytes as the device named.
            code = _api.GetProgramInfo(_handle, ProgramInfo.Binaries, (nuint)sizeof(byte*), &target, null);
            return code == 0 ? binary : null;
        }
    }
}
