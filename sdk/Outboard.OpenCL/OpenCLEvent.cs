using System.Runtime.CompilerServices;
using Silk.NET.OpenCL;

namespace Outboard.OpenCL;

/// <summary>The completion of a queued command, to be polled and then released.</summary>
/// <remarks>Owns: whoever received it calls <see cref="Release"/> once. Thread: any, one at a time.</remarks>
public unsafe struct OpenCLEvent
{
    private readonly CL? _api;
    private nint _handle;

    internal OpenCLEvent(CL api, nint handle)
    {
        _api = api;
        _handle = handle;
    }

    /// <summary>Whether there is no event, as before a command and after <see cref="Release"/>.</summary>
    public readonly bool IsNull => _handle == 0;

    /// <summary>Whether the command is over, well or badly; false without an event. Never waits.</summary>
    public readonly bool IsComplete => Poll(out _);

    /// <summary>Asks without waiting whether the command is over.</summary>
    /// <param name="status">Success, or why the command failed.</param>
    /// <returns>Whether it is over.</returns>
    /// <remarks>
    /// A command that was not flushed to the device may never be over: see <see cref="OpenCLQueue.Flush"/>.
    /// </remarks>
    [SkipLocalsInit]
    public readonly bool Poll(out OpenCLStatus status)
    {
        status = default;
        if (_handle == 0)
        {
            return false;
        }

        int state;

        // SAFETY: the event is live until Release, and the size given is that of the local.
        int code = _api!.GetEventInfo(_handle, EventInfo.CommandExecutionStatus, sizeof(int), &state, null);
        if (code != 0)
        {
            status = new OpenCLStatus(code);
            return true;
        }

        // Complete is 0, the three states before it are positive, and a negative value is the command's error.
        if (state < 0)
        {
            status = new OpenCLStatus(state);
        }

        return state <= 0;
    }

    /// <summary>Waits until the command is over. Control path only.</summary>
    public readonly OpenCLStatus Wait()
    {
        if (_handle == 0)
        {
            return OpenCLStatus.Success;
        }

        nint handle = _handle;

        // SAFETY: one live event on the stack.
        return new OpenCLStatus(_api!.WaitForEvents(1, &handle));
    }

    /// <summary>Gives the event back; nothing happens when there is none.</summary>
    public void Release()
    {
        if (_handle != 0)
        {
            _api!.ReleaseEvent(_handle);
            _handle = 0;
        }
    }
}
