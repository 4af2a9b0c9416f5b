using Outboard.Devices;
using Outboard.Mbufs;

namespace Outboard.Conformance;

/// <summary>A source of ops with known answers, numbered from 0 by user data.</summary>
/// <typeparam name="TOp">The op handle.</typeparam>
internal abstract class ConformanceWork<TOp>(OpPool<TOp> ops, MbufPool mbufs) : IDisposable
    where TOp : unmanaged, IOp
{
    /// <summary>The pool of the ops.</summary>
    protected OpPool<TOp> Ops => ops;

    /// <summary>The pool of their packets.</summary>
    protected MbufPool Mbufs => mbufs;

    /// <summary>Makes ops with user data 0, 1, 2, ...</summary>
    public TOp[] Make(int count)
    {
        var made = new TOp[count];
        Expect.That(ops.TryAllocBulk(made), $"the op pool of the check is out of ops: {count} wanted.");
        for (int i = 0; i < count; i++)
        {
            made[i].UserData = (ulong)i;
            Fill(made[i], i);
        }

        return made;
    }

    /// <summary>Makes an op that the device must refuse or fail.</summary>
    public TOp MakeInvalid()
    {
        TOp op = Make(1)[0];
        Spoil(op);
        return op;
    }

    /// <summary>Makes completed ops ready to be sent again, with the same numbers.</summary>
    public void Renew(ReadOnlySpan<TOp> done)
    {
        foreach (TOp op in done)
        {
            Refill(op, (int)op.UserData);
            TOp renewed = op;
            renewed.Status = OpStatus.NotProcessed;
        }
    }

    /// <summary>Checks an op's answer.</summary>
    public abstract void Verify(TOp op);

    /// <summary>Gives ops and their packets back.</summary>
    public void Free(ReadOnlySpan<TOp> done)
    {
        foreach (TOp op in done)
        {
            op.FreeWithBuffers();
        }
    }

    /// <summary>Fails unless every op and mbuf is back in its pool.</summary>
    public void RequireAllBack()
    {
        Expect.Equal(0, ops.InUseCount, "ops that did not come back to their pool");
        Expect.Equal(0, mbufs.InUseCount, "mbufs that did not come back to their pool");
    }

    public virtual void Dispose()
    {
        ops.Dispose();
        mbufs.Dispose();
    }

    /// <summary>Fills a fresh op with the work of its number.</summary>
    protected abstract void Fill(TOp op, int number);

    /// <summary>Fills a completed op with the work of its number again, in the buffers that it has.</summary>
    protected abstract void Refill(TOp op, int number);

    /// <summary>Makes a filled op invalid.</summary>
    protected abstract void Spoil(TOp op);

    /// <summary>Takes an mbuf with the given bytes.</summary>
    protected Mbuf Packet(ReadOnlySpan<byte> bytes) => PacketMaker.Chain(mbufs, bytes);

    /// <summary>Takes a chain of mbufs with the given bytes, cut at the given places.</summary>
    protected Mbuf Chain(ReadOnlySpan<byte> bytes, params ReadOnlySpan<int> cuts) => PacketMaker.Chain(mbufs, bytes, cuts);
}
