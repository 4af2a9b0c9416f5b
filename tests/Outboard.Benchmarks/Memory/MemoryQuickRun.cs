using System.Globalization;
using System.Runtime.InteropServices;
using Outboard.Mbufs;
using Outboard.Memory;

namespace Outboard.Benchmarks.Memory;

/// <summary>
/// Pool, mbuf and ring operations as dpdk_core.c of the peers kit measures them, under the same names; figures are nanoseconds an object.
/// <c>dotnet run -c Release --project tests/Outboard.Benchmarks -- quick-memory [FILTER] [ROUNDS] [PROCESSOR]</c>
/// </summary>
internal static unsafe class MemoryQuickRun
{
    private static readonly int[] s_bulks = [1, 8, 32, 64, 256];

    public static void Run(string[] args)
    {
        var run = new QuickRun();
        using var cached = new Mempool(new MempoolOptions { ObjectCount = 16383, ObjectSize = 64, CacheSize = 512 });
        using var bare = new Mempool(new MempoolOptions { ObjectCount = 16383, ObjectSize = 64, CacheSize = 0 });
        using var mbufs = new MbufPool(new MbufPoolOptions { Count = 8191, CacheSize = 256 });
        AddPool(run, "cache512", cached);
        AddPool(run, "nocache", bare);
        AddMbufs(run, mbufs);
        using Ring<nint> single = AddRing<SingleThreadSync>(run, "sp-sc");
        using Ring<nint> multi = AddRing<MultiThreadSync>(run, "mp-mc");
        using Ring<nint> relaxed = AddRing<RelaxedSync>(run, "mp-mc-rts");
        using Ring<nint> serialized = AddRing<SerializedSync>(run, "mp-mc-hts");
        Mempool[] placements =
        [
            AddPlacement(run, "2048-packed", 2048, MempoolLayout.Packed),
            AddPlacement(run, "2048-spread", 2048, MempoolLayout.Spread),
            AddPlacement(run, "2304-packed", 2304, MempoolLayout.Packed),
            AddPlacement(run, "2368-spread", 2368, MempoolLayout.Spread),
            AddPlacement(run, "2368-page", 2368, MempoolLayout.Page),
        ];
        run.Run(
            args.Length > 0 && args[0].Length > 0 ? args[0] : null,
            args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 60,
            args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : -1);
        foreach (Mempool pool in placements)
        {
            pool.Dispose();
        }
    }

    private static void AddPool(QuickRun run, string name, Mempool pool)
    {
        MempoolCache cache = pool.CreateCache("bench");
        foreach (int bulk in s_bulks)
        {
            nint* items = Aligned(bulk);
            if (bulk == 1)
            {
                run.Add($"mempool-get+put/{name}/single", 1, count =>
                {
                    for (long i = 0; i < count; i++)
                    {
                        _ = cache.TryGet(out nint item);
                        cache.Put(item);
                    }
                });
            }

            AddBulk($"mempool-get+put/{name}/bulk{bulk}", items, bulk);

            // Arrays of the managed heap start anywhere on 8 bytes; here every other copy step crosses a cache line.
            AddBulk($"mempool-get+put-off24/{name}/bulk{bulk}", Aligned(bulk + 3) + 3, bulk);
            run.Add($"mempool-get+put-thread/{name}/bulk{bulk}", bulk, count =>
            {
                var span = new Span<nint>(items, bulk);
                for (long i = 0; i < count; i++)
                {
                    _ = pool.TryGetBulk(span);
                    pool.PutBulk(span);
                }
            });
        }

        void AddBulk(string title, nint* items, int bulk) => run.Add(title, bulk, count =>
        {
            var span = new Span<nint>(items, bulk);
            for (long i = 0; i < count; i++)
            {
                _ = cache.TryGetBulk(span);
                cache.PutBulk(span);
            }
        });

        nint* held = Aligned(2048);
        run.Add($"mempool-get+put/{name}/bulk32-hold2048", 2048, count =>
        {
            for (long i = 0; i < count; i++)
            {
                for (int at = 0; at < 2048; at += 32)
                {
                    _ = cache.TryGetBulk(new Span<nint>(held + at, 32));
                }

                for (int at = 0; at < 2048; at += 32)
                {
                    cache.PutBulk(new ReadOnlySpan<nint>(held + at, 32));
                }
            }
        });
    }

    private static void AddMbufs(QuickRun run, MbufPool pool)
    {
        MempoolCache cache = pool.Mempool.CreateCache("bench");
        foreach (int bulk in s_bulks)
        {
            nint* items = Aligned(bulk);
            run.Add($"mbuf-alloc+free-bulk/bulk{bulk}", bulk, count =>
            {
                var span = new Span<Mbuf>(items, bulk);
                for (long i = 0; i < count; i++)
                {
                    _ = pool.TryAllocBulk(span, cache);
                    MbufPool.FreeBulk(span, cache);
                }
            });
        }

        var burst = new Mbuf[32];
        run.Add("mbuf-alloc+free-single/hold1", 1, count =>
        {
            for (long i = 0; i < count; i++)
            {
                _ = pool.TryAlloc(out Mbuf m);
                m.Free();
            }
        });
        run.Add("mbuf-alloc+free-single-cache/hold1", 1, count =>
        {
            for (long i = 0; i < count; i++)
            {
                _ = pool.TryAlloc(out Mbuf m, cache);
                m.Free(cache);
            }
        });
        run.Add("mbuf-alloc+free-single/hold32", 32, count =>
        {
            for (long i = 0; i < count; i++)
            {
                for (int j = 0; j < 32; j++)
                {
                    _ = pool.TryAlloc(out burst[j]);
                }

                for (int j = 0; j < 32; j++)
                {
                    burst[j].Free();
                }
            }
        });
        run.Add("mbuf-alloc+append+prepend+adj+free/bulk32", 32, count =>
        {
            for (long i = 0; i < count; i++)
            {
                _ = pool.TryAllocBulk(burst, cache);
                foreach (Mbuf m in burst)
                {
                    _ = m.TryAppend(64, out Span<byte> data);
                    data[0] = (byte)i;
                    _ = m.TryPrepend(14, out _);
                    _ = m.TryAdjust(14);
                }

                MbufPool.FreeBulk(burst, cache);
            }
        });
        _ = pool.TryAlloc(out Mbuf source, cache);
        _ = source.TryAppend(1420, out _);
        run.Add("mbuf-clone+free", 1, count =>
        {
            for (long i = 0; i < count; i++)
            {
                _ = source.TryClone(pool, out Mbuf clone);
                clone.Free();
            }
        });
        foreach (int length in new[] { 64, 1420 })
        {
            run.Add($"mbuf-copy+free/{length}", 1, count =>
            {
                for (long i = 0; i < count; i++)
                {
                    _ = source.TryCopy(pool, out Mbuf copy, 0, length);
                    copy.Free();
                }
            });
        }
    }

    /// <summary>Touches three lines of each of some buffers in turn: what placement costs a forwarder.</summary>
    private static Mempool AddPlacement(QuickRun run, string name, int size, MempoolLayout layout)
    {
        var pool = new Mempool(
            new MempoolOptions { ObjectCount = 4096, ObjectSize = size, CacheSize = 0, Layout = layout });
        foreach (int buffers in new[] { 256, 512, 1024, 4096 })
        {
            nint[] objects = [.. Enumerable.Range(0, buffers).Select(pool.ObjectAt)];
            run.Add($"touch/{name}/{buffers}", buffers, count =>
            {
                for (long i = 0; i < count; i++)
                {
                    foreach (nint item in objects)
                    {
                        byte* bytes = (byte*)item;
                        bytes[64]++;
                        bytes[128]++;
                        bytes[320]++;
                    }
                }
            });
        }

        return pool;
    }

    private static Ring<nint> AddRing<TSync>(QuickRun run, string name)
        where TSync : struct, IRingSync
    {
        var ring = new Ring<nint>(
            new RingOptions { Size = 4096, ExactSize = false, Producer = TSync.Mode, Consumer = TSync.Mode });
        RingView<nint, TSync, TSync> view = ring.View<TSync, TSync>();
        foreach (int bulk in s_bulks)
        {
            nint* items = Aligned(bulk);
            if (bulk == 1)
            {
                run.Add($"ring-enq+deq/{name}/bulk1", 1, count =>
                {
                    for (long i = 0; i < count; i++)
                    {
                        _ = view.TryEnqueue(5);
                        _ = view.TryDequeue(out items[0]);
                    }
                });
                continue;
            }

            run.Add($"ring-enq+deq/{name}/bulk{bulk}", bulk, count =>
            {
                var span = new Span<nint>(items, bulk);
                for (long i = 0; i < count; i++)
                {
                    _ = view.EnqueueBulk(span);
                    _ = view.DequeueBulk(span);
                }
            });
            run.Add($"ring-enq+deq-switch/{name}/bulk{bulk}", bulk, count =>
            {
                var span = new Span<nint>(items, bulk);
                for (long i = 0; i < count; i++)
                {
                    _ = ring.EnqueueBulk(span);
                    _ = ring.DequeueBulk(span);
                }
            });
        }

        return ring;
    }

    /// <summary>A table of pointers on a cache line, as a C program's stack has it; lives as long as the process.</summary>
    private static nint* Aligned(int count)
    {
        nuint byteCount = (nuint)(count * sizeof(nint));
        void* memory = NativeMemory.AlignedAlloc(byteCount, 64);
        NativeMemory.Clear(memory, byteCount);
        return (nint*)memory;
    }
}
