using Silk.NET.Core.Contexts;
using Silk.NET.OpenCL;

namespace Outboard.OpenCL;

/// <summary>
/// What OpenCL this machine has. Where it has none, there are no devices and a reason; nothing is thrown.
/// </summary>
/// <remarks>
/// Order: probe, choose a device with <see cref="TrySelect"/>, <see cref="OpenCLDevice.CreateContext"/>, then queues,
/// buffers and programs of that context. A probe holds nothing that must be released.
/// </remarks>
public sealed unsafe class OpenCLProbe
{
    private static readonly Lazy<OpenCLProbe> s_shared = new(static () => Run(), isThreadSafe: true);

    private OpenCLProbe(IReadOnlyList<OpenCLPlatform> platforms, IReadOnlyList<string> problems, string? absenceReason)
    {
        Platforms = platforms;
        Devices = [.. platforms.SelectMany(static platform => platform.Devices)];
        Problems = problems;
        AbsenceReason = Devices.Count > 0 ? null : absenceReason ?? "no OpenCL platform has a device";
    }

    /// <summary>The result of the one probe of this process; the first use runs it.</summary>
    /// <remarks>
    /// The loader reads its list of implementations once a process, so a second probe would see the same.
    /// </remarks>
    public static OpenCLProbe Shared => s_shared.Value;

    /// <summary>The installed implementations.</summary>
    public IReadOnlyList<OpenCLPlatform> Platforms { get; }

    /// <summary>Every device of every platform.</summary>
    public IReadOnlyList<OpenCLDevice> Devices { get; }

    /// <summary>Platforms or devices that were left out, and why.</summary>
    public IReadOnlyList<string> Problems { get; }

    /// <summary>Why there is no device; null when there is one.</summary>
    public string? AbsenceReason { get; }

    /// <summary>
    /// Says why there can be no device, as far as that is known without loading an implementation; null when there
    /// may be one. A probe takes as long as the implementations take to load; this takes next to no time.
    /// </summary>
    public static string? QuickAbsenceReason() => OpenCLInstallation.AbsenceReason(Environment.GetEnvironmentVariable);

    /// <summary>Probes now.</summary>
    /// <param name="libraryName">The loader's file name or path; null for the system's.</param>
    public static OpenCLProbe Run(string? libraryName = null)
    {
        CL api;
        try
        {
            api = libraryName is null ? CL.GetApi() : new CL(new DefaultNativeContext(libraryName));
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // The binding throws FileNotFoundException where the library is missing, and others where it is broken.
            return Absent(OpenCLInstallation.NoLoader(libraryName ?? OpenCLInstallation.LoaderName));
        }

        try
        {
            return Enumerate(api);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return Absent($"the OpenCL loader does not work: {e.Message}");
        }
    }

    /// <summary>Chooses a device by what a user wrote.</summary>
    /// <param name="platform">A platform's index or a part of its name; null or empty for any.</param>
    /// <param name="device">
    /// A device's index among those of the platforms left, a part of its name, or <c>gpu</c>, <c>accelerator</c> or
    /// <c>cpu</c>; null or empty for the best: graphics processor, accelerator, processor in this order.
    /// </param>
    /// <param name="selected">The device.</param>
    /// <param name="reason">Why there is none.</param>
    public bool TrySelect(
        string? platform,
        string? device,
        [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out OpenCLDevice? selected,
        [System.Diagnostics.CodeAnalysis.NotNullWhen(false)] out string? reason)
    {
        selected = null;
        if (Devices.Count == 0)
        {
            reason = AbsenceReason!;
            return false;
        }

        OpenCLDevice[] candidates = [.. Devices.Where(candidate => Matches(candidate.Platform, platform))];
        if (candidates.Length == 0)
        {
            reason = $"no OpenCL platform '{platform}'; there are: "
                + string.Join(", ", Platforms.Select(static p => $"{p.Index} '{p.Name}'"));
            return false;
        }

        selected = Choose(candidates, device);
        reason = selected is not null
            ? null
            : $"no OpenCL device '{device}'; there are: "
                + string.Join(", ", candidates.Select(static (d, i) => $"{i} '{d.Name}' ({Kind(d.Type)})"));
        return selected is not null;
    }

    private static OpenCLProbe Absent(string reason) => new([], [], reason);

    private static OpenCLProbe Enumerate(CL api)
    {
        uint count = 0;
        int code = api.GetPlatformIDs(0, null, &count);
        if (code == OpenCLStatusNames.PlatformNotFound || (code == 0 && count == 0))
        {
            return Absent(OpenCLInstallation.NoPlatform);
        }

        new OpenCLStatus(code).ThrowIfFailed("clGetPlatformIDs");
        nint[] handles = new nint[count];
        fixed (nint* target = handles)
        {
            // SAFETY: `count` handles are pinned at `target`.
            code = api.GetPlatformIDs(count, target, null);
        }

        new OpenCLStatus(code).ThrowIfFailed("clGetPlatformIDs");
        List<OpenCLPlatform> platforms = [];
        List<string> problems = [];
        for (int i = 0; i < handles.Length; i++)
        {
            try
            {
                platforms.Add(Describe(api, i, handles[i], problems));
            }
            catch (OpenCLException e)
            {
                // One broken implementation must not hide the others.
                problems.Add($"platform {i}: {e.Message}");
            }
        }

        return new OpenCLProbe(platforms, problems, problems.Count > 0 ? string.Join("; ", problems) : null);
    }

    private static OpenCLPlatform Describe(CL api, int index, nint handle, List<string> problems)
    {
        var platform = new OpenCLPlatform(
            index,
            handle,
            Text(api, handle, PlatformInfo.Name),
            Text(api, handle, PlatformInfo.Vendor),
            Text(api, handle, PlatformInfo.Version));
        uint count = 0;
        int code = api.GetDeviceIDs(handle, DeviceType.All, 0, null, &count);
        if (code == OpenCLStatusNames.DeviceNotFound || (code == 0 && count == 0))
        {
            problems.Add($"platform '{platform.Name}' has no device");
            return platform;
        }

        new OpenCLStatus(code).ThrowIfFailed("clGetDeviceIDs");
        nint[] handles = new nint[count];
        fixed (nint* target = handles)
        {
            // SAFETY: `count` handles are pinned at `target`.
            code = api.GetDeviceIDs(handle, DeviceType.All, count, target, (uint*)null);
        }

        new OpenCLStatus(code).ThrowIfFailed("clGetDeviceIDs");
        List<OpenCLDevice> devices = [];
        foreach (nint device in handles)
        {
            var described = new OpenCLDevice(api, platform, devices.Count, device);
            if (described.IsAvailable)
            {
                devices.Add(described);
            }
            else
            {
                problems.Add($"device '{described.Name}' of '{platform.Name}' is not available");
            }
        }

        platform.Devices = devices;
        return platform;
    }

    private static string Text(CL api, nint platform, PlatformInfo property)
    {
        nuint length = 0;
        int code = api.GetPlatformInfo(platform, property, 0, null, &length);
        new OpenCLStatus(code).ThrowIfFailed($"clGetPlatformInfo({property})");
        byte[] text = new byte[length];
        fixed (byte* target = text)
        {
            // SAFETY: `length` bytes are pinned at `target`.
            code = api.GetPlatformInfo(platform, property, length, target, null);
        }

        new OpenCLStatus(code).ThrowIfFailed($"clGetPlatformInfo({property})");
        return OpenCLDeviceQuery.FromBytes(text);
    }

    private static bool Matches(OpenCLPlatform platform, string? wanted)
    {
        if (string.IsNullOrEmpty(wanted))
        {
            return true;
        }

        return int.TryParse(wanted, out int index)
            ? platform.Index == index
            : platform.Name.Contains(wanted, StringComparison.OrdinalIgnoreCase);
    }

    private static OpenCLDevice? Choose(OpenCLDevice[] candidates, string? wanted)
    {
        if (string.IsNullOrEmpty(wanted))
        {
            return candidates.MinBy(static device => device.Type switch
            {
                OpenCLDeviceType.Gpu => 0,
                OpenCLDeviceType.Accelerator => 1,
                OpenCLDeviceType.Cpu => 2,
                _ => 3,
            });
        }

        if (int.TryParse(wanted, out int index))
        {
            return index >= 0 && index < candidates.Length ? candidates[index] : null;
        }

        return candidates.FirstOrDefault(device => Kind(device.Type) == wanted.ToLowerInvariant())
            ?? candidates.FirstOrDefault(device => device.Name.Contains(wanted, StringComparison.OrdinalIgnoreCase));
    }

    private static string Kind(OpenCLDeviceType type) => type switch
    {
        OpenCLDeviceType.Gpu => "gpu",
        OpenCLDeviceType.Accelerator => "accelerator",
        OpenCLDeviceType.Cpu => "cpu",
        _ => "other",
    };
}
