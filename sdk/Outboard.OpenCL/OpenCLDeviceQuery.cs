using System.Text;
using Silk.NET.OpenCL;

namespace Outboard.OpenCL;

/// <summary>Reads one device's properties.</summary>
internal readonly unsafe struct OpenCLDeviceQuery(CL api, nint device)
{
    public T Value<T>(DeviceInfo property)
        where T : unmanaged
    {
        T value = default;

        // SAFETY: the size given is the size of the local written to.
        int code = api.GetDeviceInfo(device, property, (nuint)sizeof(T), &value, null);
        new OpenCLStatus(code).ThrowIfFailed($"clGetDeviceInfo({property})");
        return value;
    }

    public string Text(DeviceInfo property)
    {
        nuint length = 0;
        int code = api.GetDeviceInfo(device, property, 0, null, &length);
        new OpenCLStatus(code).ThrowIfFailed($"clGetDeviceInfo({property})");
        byte[] text = new byte[length];
        fixed (byte* target = text)
        {
            // SAFETY: `length` bytes are pinned at `target`.
            code = api.GetDeviceInfo(device, property, length, target, null);
        }

        new OpenCLStatus(code).ThrowIfFailed($"clGetDeviceInfo({property})");
        return FromBytes(text);
    }

    public static string FromBytes(ReadOnlySpan<byte> text)
    {
        int end = text.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? text : text[..end]).Trim();
    }
}
