using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Outboard.Memory;

namespace Outboard.Mbufs;

/// <content>Freeing many packets at once.</content>
public sealed unsafe partial class MbufPool
{
    private const int BatchMax = 64;

    /// <summary>Frees packets, of any pools, through the calling thread's caches. Null mbufs are skipped.</summary>
    public static void FreeBulk(ReadOnlySpan<Mbuf> mbufs) => FreeBulkCore(mbufs, null);

    /// <summary>As <see cref="FreeBulk(ReadOnlySpan{Mbuf})"/>; what belongs to the cache's pool goes through the cache.</summary>
    public static void FreeBulk(ReadOnlySpan<Mbuf> mbufs, MempoolCache cache)
    {
        ArgumentNullException.ThrowIfNull(cache);
        FreeBulkCore(mbufs, cache);
    }

    private static void FreeBulkCore(ReadOnlySpan<Mbuf> mbufs, MempoolCache? cache)
    {
        int i = 0;
        while (i < mbufs.Length)
        {
            // Most bursts are whole packets of one segment that nobody shares, from one pool: those go back as they lie in the span.
            int start = i;
            MbufHeader* header = mbufs[i].Header;
            nint pool = header is null ? 0 : header->Pool;
            while (IsPlain(header, pool))
            {
                i++;
                if (i == mbufs.Length)
                {
                    break;
                }

                header = mbufs[i].Header;
            }

            if (i > start)
            {
                CacheOf(pool, cache).PutBulk(MemoryMarshal.Cast<Mbuf, nint>(mbufs[start..i]));
            }
            else
            {
                i = FreeMixed(mbufs, i, cache);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsPlain(MbufHeader* header, nint pool) =>
        header is not null && header->IsPlain && header->Pool == pool;

    /// <summary>Frees packets that need more than being put, up to the next one that does not; returns where it stopped.</summary>
    [SkipLocalsInit]
    private static int FreeMixed(ReadOnlySpan<Mbuf> mbufs, int start, MempoolCache? cache)
    {
        Span<nint> batch = stackalloc nint[BatchMax];
        int count = 0;
        nint pool = 0;
        int i = start;
        do
        {
            MbufHeader* segment = mbufs[i].Header;
            while (segment is not null)
            {
                MbufHeader* next = segment->Next;
                MbufHeader* dead = Mbuf.Release(segment);
                segment = next;
                if (dead is null)
                {
                    continue;
                }

                if (dead->Pool != pool || count == BatchMax)
                {
                    Flush(batch[..count], pool, cache);
                    pool = dead->Pool;
                    count = 0;
                }

                batch[count++] = (nint)dead;
            }

            i++;
        }
        while (i < mbufs.Length && !(mbufs[i].Header is not null && mbufs[i].Header->IsPlain));
        Flush(batch[..count], pool, cache);
        return i;
    }

    private static void Flush(ReadOnlySpan<nint> batch, nint pool, MempoolCache? cache)
    {
        if (!batch.IsEmpty)
        {
            CacheOf(pool, cache).PutBulk(batch);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static MempoolCache CacheOf(nint pool, MempoolCache? cache) => OfHandle(pool).CacheOr(cache);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static MbufPool OfHandle(nint pool) => Unsafe.As<MbufPool>(GCHandle.FromIntPtr(pool).Target)!;

    /// <summary>The cache given, where it is one of this pool's, else the calling thread's.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal MempoolCache CacheOr(MempoolCache? cache) =>
        cache is not null && cache.Pool == Mempool ? cache : CurrentCache;
}
