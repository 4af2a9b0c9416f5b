using System.Security.Cryptography;
using Outboard.Crypto;
using Outboard.Devices;
using Outboard.Plugins.Crypto.Engine;
using Outboard.Plugins.Crypto.Keys;
using Outboard.Plugins.Crypto.Tests.Simd;
using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Tests.Keys;

/// <summary>
/// Keys and what is expanded from them lie in locked memory while their session lives, and nowhere else: not on a stack, not in an op,
/// not in working memory. When the session or the device is gone they lie nowhere.
/// </summary>
[Collection(AloneCollection.Name)]
public sealed unsafe class KeyMemoryTests
{
    public static TheoryData<int> Widths => SimdDevices.Widths;

    [Theory]
    [MemberData(nameof(Widths))]
    public void KeysOfEveryAlgorithmAreWhereTheyShouldBe(int width)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "memory is read from /proc");
        using var search = new MemorySearch();
        var names = new Dictionary<int, string>();
        var bench = new Bench(width);
        List<(CryptoTransform Transform, string Name, NativeBytes Key)> all = [.. Transforms(bench.Device.Info, width, search, names)];

        // Session after session, then ops of all of them in one burst, whole and cut.
        var sessions = new List<CryptoSession>();
        foreach ((CryptoTransform transform, _, _) in all)
        {
            sessions.Add(bench.Device.CreateSession(transform));
        }

        Use(bench, [.. sessions.Select(session => (Action<CryptoOp>)(op => op.SetSession(session)))]);
        Use(bench, [.. all.Where(one => one.Key.Memory.Length <= SessionlessTransform.KeyLengthMax)
            .Select(one => (Action<CryptoOp>)(op => op.SetSessionless(one.Transform)))]);
        all.ForEach(one => one.Key.Wipe());
        List<MemorySearch.Hit> hits = search.Find();
        Assert.Contains(hits, hit => hit.IsKeyMemory);
        AssertNone(hits.Where(hit => !hit.IsKeyMemory), names, $"{width} bits, sessions alive");

        sessions.ForEach(session => session.Dispose());
        AssertNone(search.Find(), names, $"{width} bits, sessions disposed of");
        all.ForEach(one => ((IDisposable)one.Key).Dispose());

        all = [.. Transforms(bench.Device.Info, width, search, names)];
        sessions = [.. all.Select(one => bench.Device.CreateSession(one.Transform))];
        all.ForEach(one => ((IDisposable)one.Key).Dispose());
        bench.Dispose();
        AssertNone(search.Find(), names, $"{width} bits, the device disposed of");
        GC.KeepAlive(sessions);
    }

    private static void AssertNone(IEnumerable<MemorySearch.Hit> hits, Dictionary<int, string> names, string when)
    {
        string[] found = [.. hits.Select(hit => $"{names[hit.Pattern]} at {hit.Address:x} in {hit.Region}").Distinct().Take(12)];
        Assert.True(found.Length == 0, $"{when}: {string.Join('\n', found)}");
    }

    private static void Use(Bench bench, Action<CryptoOp>[] set)
    {
        foreach (int length in (int[])[48, 720])
        {
            var ops = new List<CryptoOp>();
            for (int i = 0; i < set.Length; i++)
            {
                CryptoOp op = bench.Bare(bench.Packet(new byte[length], i % 2 == 0 ? null : new Random(i)));
                set[i](op);
                op.CipherLength = op.AuthLength = length;
                ops.Add(op);
            }

            bench.Run([.. ops]);
            Assert.All(ops, op => Assert.Equal(OpStatus.Success, op.Status));
            ops.ForEach(op => op.FreeWithBuffers());
        }
    }

    // A transform of every algorithm, with a key that lies in native memory only; the search knows it and what is expanded from it.
    private static IEnumerable<(CryptoTransform Transform, string Name, NativeBytes Key)> Transforms(
        CryptoDeviceInfo info, int width, MemorySearch search, Dictionary<int, string> names)
    {
        var policy = new SimdPolicy();
        policy.Set(0);
        var table = new AlgorithmTable(new SimdSelector(policy, deviceMaximum: (SimdWidth)width), emit: true);
        using var store = new KeyStore();
        foreach (CryptoCapability capability in info.Capabilities.Where(one => one.KeySizes.Maximum != 0))
        {
            int keyLength = Math.Min(capability.KeySizes.Maximum, 80);
            var key = new NativeBytes(keyLength);
            RandomNumberGenerator.Fill(key.GetSpan());
            ReadOnlyMemory<byte> memory = key.Memory;
            (CryptoTransform transform, string name, CryptoUnit? unit) = capability switch
            {
                CipherCapability c => (
                    (CryptoTransform)new CipherTransform(c.Algorithm, CipherOperation.Encrypt, memory, c.IvSizes.Minimum),
                    c.Algorithm.ToString(),
                    table.Find(c.Algorithm)!.Unit),
                AuthCapability a => (
                    new AuthTransform(a.Algorithm, AuthOperation.Generate, memory, a.IvSizes.Minimum, a.DigestSizes.Maximum),
                    a.Algorithm.ToString(),
                    table.Find(a.Algorithm)!.Unit),
                _ => Aead((AeadCapability)capability, memory, table),
            };
            AddPatterns(search, names, name, key.GetSpan(), unit!, store);
            yield return (transform, name, key);
        }

        WipeStack();
    }

    private static (CryptoTransform Transform, string Name, CryptoUnit? Unit) Aead(
        AeadCapability aead, ReadOnlyMemory<byte> key, AlgorithmTable table) => (
        new AeadTransform(
            aead.Algorithm, CipherOperation.Encrypt, key, Math.Clamp(12, aead.IvSizes.Minimum, aead.IvSizes.Maximum), aead.DigestSizes.Maximum, 0),
        aead.Algorithm.ToString(),
        table.Find(aead.Algorithm)!.Unit);

    private static void AddPatterns(
        MemorySearch search, Dictionary<int, string> names, string name, ReadOnlySpan<byte> key, CryptoUnit unit, KeyStore store)
    {
        for (int i = 0; i + 16 <= key.Length; i += 16)
        {
            names.TryAdd(search.Add(key.Slice(i, 16)), $"{name}: byte {i} of the key");
        }

        // What another key expands to as well is no secret.
        using var otherKey = new NativeBytes(key.Length);
        RandomNumberGenerator.Fill(otherKey.GetSpan());
        UnitKey expanded = UnitKey.Expand(store, unit, key), other = UnitKey.Expand(store, unit, otherKey.GetSpan());
        for (int i = 0; i + 16 <= unit.KeyLength; i += 16)
        {
            var piece = new ReadOnlySpan<byte>(expanded.Key + i, 16);
            if (!piece.SequenceEqual(new ReadOnlySpan<byte>(other.Key + i, 16)))
            {
                names.TryAdd(search.Add(piece), $"{name}: byte {i} of the expanded key");
            }
        }

        expanded.Release(store);
        other.Release(store);
        WipeStack();
    }

    // What the test itself expanded is not the device's.
    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private static void WipeStack()
    {
        VectorRegisters.Clear();
        byte* window = stackalloc byte[64 * 1024];
        CryptographicOperations.ZeroMemory(new Span<byte>(window, 64 * 1024));
    }
}
