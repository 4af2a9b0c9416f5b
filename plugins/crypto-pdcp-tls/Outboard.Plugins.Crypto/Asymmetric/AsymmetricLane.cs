using Outboard.Crypto;
using Outboard.Devices;

namespace Outboard.Plugins.Crypto.Asymmetric;

/// <summary>The asymmetric ops of one queue pair on their way to a worker and back: one thread posts and takes, one works.</summary>
internal sealed class AsymmetricLane(AsymmetricWorker worker, int capacity)
{
    private readonly CryptoOp[] _ops = new CryptoOp[capacity];
    private readonly AsymmetricSession[] _sessions = new AsymmetricSession[capacity];
    private readonly uint _mask = (uint)capacity - 1;
    private readonly Lock _working = new();
    private bool _closed;
    private uint _posted;
    private uint _done;
    private uint _taken;

    /// <summary>Gives an op to the worker. The queue pair has counted that there is room.</summary>
    public void Post(CryptoOp op, AsymmetricSession session)
    {
        op.Status = OpStatus.NotProcessed;
        _ops[_posted & _mask] = op;
        _sessions[_posted & _mask] = session;
        Volatile.Write(ref _posted, _posted + 1);
        worker.Wake();
    }

    /// <summary>Takes the oldest op back when the worker is done with it.</summary>
    public bool TryTake()
    {
        if (Volatile.Read(ref _done) == _taken)
        {
            return false;
        }

        _taken++;
        return true;
    }

    /// <summary>The worker's side: does what was posted. True when there was something.</summary>
    public bool Work()
    {
        uint posted = Volatile.Read(ref _posted);
        if (posted == _done)
        {
            return false;
        }

        lock (_working)
        {
            while (_done != posted && !Volatile.Read(ref _closed))
            {
                uint slot = _done & _mask;
                _sessions[slot].Run(_ops[slot]);
                _sessions[slot] = null!;
                Volatile.Write(ref _done, _done + 1);
            }
        }

        return true;
    }

    /// <summary>Waits for the op that is worked on and lets no other begin: the ops and their buffers may be freed afterwards.</summary>
    public void Close()
    {
        Volatile.Write(ref _closed, true);
        lock (_working)
        {
            // The worker is out of the lane, or sees that it is closed.
        }
    }
}
