using Silk.NET.OpenCL;

namespace Outboard.OpenCL;

/// <summary>One OpenCL device and what it says about itself.</summary>
public sealed class OpenCLDevice
{
    // Names from CL/cl.h that the binding lacks or marks as deprecated, though every implementation still answers them.
    private const DeviceInfo DriverVersionName = (DeviceInfo)0x102D;
    private const DeviceInfo HostUnifiedMemoryName = (DeviceInfo)0x1035;
    private const DeviceInfo LanguageVersionName = (DeviceInfo)0x103D;
    private const uint DedicatedLocalMemory = 1;

    internal OpenCLDevice(CL api, OpenCLPlatform platform, int index, nint handle)
    {
        var query = new OpenCLDeviceQuery(api, handle);
        Api = api;
        Platform = platform;
        Index = index;
        Handle = handle;
        Name = query.Text(DeviceInfo.Name);
        Vendor = query.Text(DeviceInfo.Vendor);
        Version = query.Text(DeviceInfo.Version);
        DriverVersion = query.Text(DriverVersionName);
        LanguageVersion = query.Text(LanguageVersionName);
        Type = TypeOf(query.Value<ulong>(DeviceInfo.Type));
        ComputeUnitCount = (int)query.Value<uint>(DeviceInfo.MaxComputeUnits);
        ClockMegahertzMax = (int)query.Value<uint>(DeviceInfo.MaxClockFrequency);
        WorkGroupSizeMax = checked((int)query.Value<nuint>(DeviceInfo.MaxWorkGroupSize));
        GlobalMemoryByteCount = query.Value<ulong>(DeviceInfo.GlobalMemSize);
        AllocationByteCountMax = query.Value<ulong>(DeviceInfo.MaxMemAllocSize);
        LocalMemoryByteCount = query.Value<ulong>(DeviceInfo.LocalMemSize);
        HasDedicatedLocalMemory = query.Value<uint>(DeviceInfo.LocalMemType) == DedicatedLocalMemory;
        HasUnifiedMemory = query.Value<uint>(HostUnifiedMemoryName) != 0;
        AlignmentByteCount = (int)(query.Value<uint>(DeviceInfo.MemBaseAddrAlign) / 8);
        IsAvailable = query.Value<uint>(DeviceInfo.Available) != 0;
        HasCompiler = query.Value<uint>(DeviceInfo.CompilerAvailable) != 0;
    }

    /// <summary>The platform it belongs to.</summary>
    public OpenCLPlatform Platform { get; }

    /// <summary>Its place among its platform's devices, from 0.</summary>
    public int Index { get; }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>Who makes it.</summary>
    public string Vendor { get; }

    /// <summary>The OpenCL version it supports, with the implementation's own text.</summary>
    public string Version { get; }

    /// <summary>The driver's version.</summary>
    public string DriverVersion { get; }

    /// <summary>The version of OpenCL C its compiler takes by default.</summary>
    public string LanguageVersion { get; }

    /// <summary>What kind of device it is.</summary>
    public OpenCLDeviceType Type { get; }

    /// <summary>Compute units: cores of a processor, multiprocessors of a graphics processor.</summary>
    public int ComputeUnitCount { get; }

    /// <summary>Highest clock in MHz; 0 where unknown.</summary>
    public int ClockMegahertzMax { get; }

    /// <summary>Most work items in one work group.</summary>
    public int WorkGroupSizeMax { get; }

    /// <summary>Bytes of global memory.</summary>
    public ulong GlobalMemoryByteCount { get; }

    /// <summary>Most bytes in one buffer.</summary>
    public ulong AllocationByteCountMax { get; }

    /// <summary>Bytes of local memory for one work group.</summary>
    public ulong LocalMemoryByteCount { get; }

    /// <summary>Whether local memory is a store of its own, not a part of global memory as on processors.</summary>
    public bool HasDedicatedLocalMemory { get; }

    /// <summary>Whether device and host work on the same memory.</summary>
    public bool HasUnifiedMemory { get; }

    /// <summary>The alignment of buffer starts, in bytes.</summary>
    public int AlignmentByteCount { get; }

    /// <summary>Whether it can be used now.</summary>
    public bool IsAvailable { get; }

    /// <summary>Whether programs can be built from source for it.</summary>
    public bool HasCompiler { get; }

    internal CL Api { get; }

    internal nint Handle { get; }

    /// <summary>Makes a context on this device, through which everything else is made.</summary>
    /// <exception cref="OpenCLException">The device refused.</exception>
    public OpenCLContext CreateContext() => new(this);

    /// <summary>Name, platform and driver version.</summary>
    public override string ToString() => $"{Name} ({Platform.Name}, driver {DriverVersion})";

    private static OpenCLDeviceType TypeOf(ulong bits)
    {
        if ((bits & (ulong)DeviceType.Gpu) != 0)
        {
            return OpenCLDeviceType.Gpu;
        }

        if ((bits & (ulong)DeviceType.Accelerator) != 0)
        {
            return OpenCLDeviceType.Accelerator;
        }

        return (bits & (ulong)DeviceType.Cpu) != 0 ? OpenCLDeviceType.Cpu : OpenCLDeviceType.Other;
    }
}
