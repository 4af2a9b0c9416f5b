using Outboard.Crypto;
using Outboard.Plugins.Crypto.Engine;
using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Tests.Simd;

/// <summary>Everything that the capability table lists, at random, through devices of every width, with emitted kernels and without.</summary>
public sealed class DifferentialTests
{
    private const int Rounds = 24;
    private const int ChainRounds = 500;

    private static readonly AlgorithmTable s_table = new(new SimdSelector(Unlimited(), SimdWidth.Scalar), emit: false);

    public static TheoryData<string> Algorithms
    {
        get
        {
            var names = new TheoryData<string>();
            foreach (CryptoCapability capability in s_table.Capabilities)
            {
                names.Add(Name(capability));
            }

            return names;
        }
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void EveryWidthWritesTheSameAndNothingElse(string name)
    {
        using var devices = new Devices();
        CryptoCapability capability = s_table.Capabilities.Single(one => Name(one) == name);
        var random = new Random(name.Sum(c => c) + 1000);
        for (int round = 0; round < Rounds; round++)
        {
            devices.Check(random, SymmetricCase.Make(random, capability, CountsBits(capability)));
        }
    }

    [Fact]
    public void EveryWidthChainsTheSame()
    {
        using var devices = new Devices();
        CipherCapability[] ciphers = [.. s_table.Capabilities.OfType<CipherCapability>()];
        AuthCapability[] auths = [.. s_table.Capabilities.OfType<AuthCapability>()];
        var random = new Random(4711);
        for (int round = 0; round < ChainRounds; round++)
        {
            CipherCapability cipher = ciphers[round % ciphers.Length];
            AuthCapability auth = auths[round / ciphers.Length % auths.Length];
            devices.Check(random, SymmetricCase.MakeChain(random, cipher, CountsBits(cipher), auth, CountsBits(auth)));
        }
    }

    [Theory]
    [InlineData(64)]
    [InlineData(128)]
    [InlineData(256)]
    [InlineData(512)]
    public void MixedBurstsAreWhatEachOpIsAlone(int width)
    {
        using var bench = new Bench(width);
        var random = new Random(99 + width);
        for (int round = 0; round < 6; round++)
        {
            SymmetricCase[] cases = [.. Mixed(random, 20 + (30 * round))];
            var sessions = new List<CryptoSession>();
            byte[][] alone = new byte[cases.Length][];
            for (int i = 0; i < cases.Length; i++)
            {
                sessions.Add(bench.Device.CreateSession(cases[i].Forward));
                using var work = new SymmetricWork(bench, cases[i]);
                work.Op.SetSession(sessions[i]);
                bench.Run(work.Op);
                alone[i] = work.Finish($"{width} alone {cases[i]}");
            }

            // The whole burst through the queue pair, through the synchronous face, and with each op's own transforms.
            for (int way = 0; way < 3; way++)
            {
                SymmetricWork[] works = [.. cases.Select(one => new SymmetricWork(bench, one))];
                for (int i = 0; i < works.Length; i++)
                {
                    if (way == 2 && cases[i].FitsAnOp)
                    {
                        works[i].Op.SetSessionless(cases[i].Forward);
                    }
                    else
                    {
                        works[i].Op.SetSession(sessions[i]);
                    }
                }

                CryptoOp[] ops = [.. works.Select(work => work.Op)];
                if (way == 1)
                {
                    bench.Device.Process(ops);
                }
                else
                {
                    bench.Run(ops);
                }

                for (int i = 0; i < works.Length; i++)
                {
                    Assert.Equal(alone[i], works[i].Finish($"{width} way {way} op {i} {cases[i]}"));
                    works[i].Dispose();
                }
            }

            sessions.ForEach(session => session.Dispose());
        }
    }

    [Fact]
    public void ManyThreadsAtOnceGetWhatOneGets()
    {
        using var bench = new Bench(512);
        var random = new Random(17);
        SymmetricCase[] cases = [.. Mixed(random, 64)];
        CryptoSession[] sessions = [.. cases.Select(one => bench.Device.CreateSession(one.Forward))];
        SymmetricWork[] expected = [.. cases.Select(one => new SymmetricWork(bench, one))];
        SymmetricWork[] works = [.. cases.Select(one => new SymmetricWork(bench, one))];
        for (int i = 0; i < cases.Length; i++)
        {
            expected[i].Op.SetSession(sessions[i]);
            works[i].Op.SetSession(sessions[i]);
        }

        bench.Run([.. expected.Select(work => work.Op)]);
        CryptoOp[] ops = [.. works.Select(work => work.Op)];
        Parallel.For(0, 8, t => bench.Device.Process(ops.AsSpan(8 * t, 8)));
        for (int i = 0; i < cases.Length; i++)
        {
            Assert.Equal(expected[i].Finish($"one {cases[i]}"), works[i].Finish($"many {cases[i]}"));
            expected[i].Dispose();
            works[i].Dispose();
            sessions[i].Dispose();
        }
    }

    private static IEnumerable<SymmetricCase> Mixed(Random random, int count)
    {
        IReadOnlyList<CryptoCapability> all = s_table.Capabilities;
        for (int i = 0; i < count; i++)
        {
            CryptoCapability capability = all[random.Next(all.Count)];
            yield return random.Next(3) == 0 && capability is CipherCapability cipher
                && all[random.Next(all.Count)] is AuthCapability auth
                ? SymmetricCase.MakeChain(random, cipher, CountsBits(cipher), auth, CountsBits(auth))
                : SymmetricCase.Make(random, capability, CountsBits(capability));
        }
    }

    private static string Name(CryptoCapability capability) => capability switch
    {
        CipherCapability cipher => $"cipher {cipher.Algorithm}",
        AuthCapability auth => $"auth {auth.Algorithm}",
        _ => $"aead {((AeadCapability)capability).Algorithm}",
    };

    private static bool CountsBits(CryptoCapability capability) => capability switch
    {
        CipherCapability cipher => s_table.Find(cipher.Algorithm)!.CountsBits,
        AuthCapability auth => s_table.Find(auth.Algorithm)!.CountsBits,
        _ => false,
    };

    private static SimdPolicy Unlimited()
    {
        var policy = new SimdPolicy();
        policy.Set(0);
        return policy;
    }

    /// <summary>A device of every form.</summary>
    private sealed class Devices : IDisposable
    {
        private static readonly (int Width, bool Emit)[] s_forms =
            [(64, true), (128, true), (256, true), (256, false), (512, true), (512, false)];

        private readonly (string Name, Bench Bench)[] _benches =
            [.. s_forms.Select(form => ($"{form.Width} emit {form.Emit}", new Bench(form.Width, form.Emit)))];

        public void Check(Random random, SymmetricCase one)
        {
            byte[]? expected = null;
            int spoiled = random.Next(Math.Max(1, one.DigestLength * 8));
            foreach ((string name, Bench bench) in _benches)
            {
                string what = $"{name}: {one}";
                using CryptoSession forward = bench.Device.CreateSession(one.Forward);
                using CryptoSession backward = bench.Device.CreateSession(one.Backward);
                using var work = new SymmetricWork(bench, one);
                work.Op.SetSession(forward);
                bench.Run(work.Op);
                byte[] result = work.Finish(what);
                expected ??= result;
                Assert.True(expected.AsSpan().SequenceEqual(result), $"{what}: not what 64 bits give");
                work.Reverse();
                work.Op.SetSession(backward);
                bench.Run(work.Op);
                work.FinishReverse(what);
                if (!one.IsAuthenticated || one.Place == DigestPlace.Encrypted)
                {
                    continue;
                }

                using var damaged = new SymmetricWork(bench, one);
                damaged.Op.SetSession(forward);
                bench.Run(damaged.Op);
                damaged.Reverse();
                damaged.Digest[spoiled / 8] ^= (byte)(0x80 >> (spoiled % 8));
                damaged.Op.SetSession(backward);
                bench.Run(damaged.Op);
                damaged.FinishFailure(what);
            }
        }

        public void Dispose() => Array.ForEach(_benches, one => one.Bench.Dispose());
    }
}
