using System.Runtime.InteropServices;

namespace Outboard.Cli;

/// <summary>A person's Ctrl+C, or a request to terminate: noted the first time, so that work can end in order; obeyed the second.</summary>
internal sealed class Interruption : IDisposable
{
    private readonly Action? _requested;
    private readonly PosixSignalRegistration[] _registrations;
    private volatile bool _isRequested;

    /// <param name="requested">Called the first time, on a thread of its own.</param>
    public Interruption(Action? requested = null)
    {
        _requested = requested;
        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle),
        ];
    }

    /// <summary>Whether it was asked for.</summary>
    public bool IsRequested => _isRequested;

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations)
        {
            registration.Dispose();
        }
    }

    private void Handle(PosixSignalContext context)
    {
        if (!_isRequested)
        {
            context.Cancel = true;
            _isRequested = true;
            _requested?.Invoke();
        }
    }
}
