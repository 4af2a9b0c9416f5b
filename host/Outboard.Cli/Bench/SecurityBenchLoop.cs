using Outboard.Crypto;
using Outboard.Mbufs;
using Outboard.Security;

namespace Outboard.Cli.Bench;

/// <summary>Protects the same payloads again and again, or unprotects what was protected a moment before.</summary>
/// <remarks>
/// Both sessions count the same numbers, so what one makes the other takes, in order, for as long as it lasts. Only the burst of the
/// operation asked for counts: putting the payload back, and protecting what is to be unprotected, fall into the pause.
/// </remarks>
internal sealed class SecurityBenchLoop
{
    private const byte ApplicationData = 23;

    private readonly CryptoOp[] _ops;
    private readonly OffloadLoop<CryptoOp> _loop;
    private readonly SecuritySession _protect;
    private readonly SecuritySession? _unprotect;
    private readonly int _size;
    private uint _round;

    public SecurityBenchLoop(CryptoDevice device, CryptoOp[] ops, SecuritySession protect, SecuritySession? unprotect, int size)
    {
        _ops = ops;
        _loop = new OffloadLoop<CryptoOp>(device, ops);
        _protect = protect;
        _unprotect = unprotect;
        _size = size;
    }

    /// <summary>What does not count.</summary>
    public BenchPause Pause { get; } = new();

    /// <summary>Does about that many ops and returns how many it did.</summary>
    public int Run(int items)
    {
        int done = 0;
        while (done < items)
        {
            Pause.Begin();
            _round++;
            foreach (CryptoOp op in _ops)
            {
                Restore(op);
            }

            if (_unprotect is not null)
            {
                _loop.Run(_ops.Length);
                foreach (CryptoOp op in _ops)
                {
                    op.SetSession(_unprotect);
                }
            }

            Pause.End();
            done += _loop.Run(_ops.Length);
        }

        return done;
    }

    // A payload of the size where one was first; its bytes do not matter.
    private void Restore(CryptoOp op)
    {
        Mbuf mbuf = op.Source;
        int offset = mbuf.DataOffset;
        if (offset < MbufPoolOptions.DefaultHeadroom)
        {
            _ = mbuf.TryAdjust(MbufPoolOptions.DefaultHeadroom - offset);
        }
        else if (offset > MbufPoolOptions.DefaultHeadroom)
        {
            _ = mbuf.TryPrepend(offset - MbufPoolOptions.DefaultHeadroom, out _);
        }

        int excess = mbuf.PacketLength - _size;
        if (excess > 0)
        {
            _ = mbuf.TryTrim(excess);
        }
        else if (excess < 0)
        {
            _ = mbuf.TryAppend(-excess, out _);
        }

        op.SetSession(_protect);
        op.ContentType = ApplicationData;
        op.CipherLength = _size;
        op.Hfn = _round & 0x3FFF;
    }
}
