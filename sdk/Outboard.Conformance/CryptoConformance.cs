using Outboard.Crypto;
using Outboard.Devices;
using Outboard.Mbufs;
using Outboard.Plugins;
using Outboard.Security;

namespace Outboard.Conformance;

/// <summary>The checks that a crypto device must pass.</summary>
public sealed partial class CryptoConformance : OffloadConformance<CryptoDevice, CryptoOp>
{
    /// <summary>Creates the suite.</summary>
    /// <param name="registry">The drivers.</param>
    /// <param name="specifier">The device.</param>
    public CryptoConformance(DriverRegistry registry, string specifier)
        : base(registry, specifier)
    {
    }

    private protected override IReadOnlyList<ConformanceCheck> ClassChecks =>
    [
        new("capabilities", "Every capability makes a session at its least and greatest sizes.", CheckCapabilities),
        new("refused-transform", "A size outside the capabilities is refused, and what is offered is listed.", CheckRefusedTransform),
        new("refused-sizes", "Every size of IV, digest and associated data that is not listed is refused.", CheckSizes),
        new("sessionless", "Ops that bring their transforms give the answers of a session.", CheckSessionless),
        new("chains", "Chains run in their order, and back.", CheckChains),
        new("bit-lengths", "Ranges in bits leave the bits around them alone, or are refused.", CheckBits),
        new("long-ivs", "Nonces that an op does not hold are read where they lie.", CheckLongIvs),
        new("asymmetric", "Keys are made, and their signatures verify.", CheckAsymmetric),
        new("stale-session", "An op with a disposed session is refused.", CheckStaleSession),
        new("foreign-session", "An op without a session is refused.", CheckNoSession),
        new("round-trip", "What is encrypted decrypts, in one piece and in chains cut anywhere.", CheckRoundTrip),
        new("out-of-place", "An out-of-place op leaves its source as it was.", CheckOutOfPlace),
        new("authentication-failure", "A wrong tag fails the op and no plaintext is left.", CheckAuthenticationFailure),
        new("synchronous", "The synchronous face gives the answers of the queue pair.", CheckSynchronous),
        new("tls13-records", "TLS 1.3 records open again, in order, and a damaged or repeated one is refused.", CheckTls13),
        new("tls13-limits", "Packet limits are kept.", CheckTlsLimits),
        new("pdcp", "PDCP PDUs open again for every combination offered, and a damaged one is refused.", CheckPdcp),
        new("pdcp-count", "COUNT counts on over the sequence number's end, and is never used twice.", CheckPdcpCount),
    ];

    private protected override void Configure(CryptoDevice device, int queuePairCount) =>
        device.Configure(new CryptoConfiguration { QueuePairCount = queuePairCount });

    private protected override object Prepare(CryptoDevice device)
    {
        CryptoOracle oracle = CryptoOracle.Choose(device.Info)
            ?? throw new NotOfferedException("the device offers no algorithm that the kit has an oracle for");
        return new Prepared(oracle, device.CreateSession(oracle.Transform));
    }

    private protected override ConformanceWork<CryptoOp> CreateWork(CryptoDevice device, object prepared, int count) =>
        new Work(device, (Prepared)prepared, count);

    private void CheckCapabilities()
    {
        using CryptoDevice device = Open(Specifier);
        Configure(device, 1);
        Expect.That(
            device.Info.Capabilities.Count + device.Info.SecurityCapabilities.Count + device.Info.AsymmetricCapabilities.Count != 0,
            "the device offers nothing.");
        foreach (CryptoCapability capability in device.Info.Capabilities)
        {
            foreach (bool least in (bool[])[true, false])
            {
                device.CreateSession(Transform(capability, least)).Dispose();
            }
        }
    }

    private void CheckRefusedTransform()
    {
        using CryptoDevice device = Open(Specifier);
        Configure(device, 1);
        foreach (CryptoCapability capability in device.Info.Capabilities)
        {
            byte[] key = new byte[capability.KeySizes.Maximum + 1];
            CryptoTransform wrong = Transform(capability, least: true) switch
            {
                CipherTransform cipher => cipher with { Key = key },
                AuthTransform auth => auth with { Key = key },
                AeadTransform aead => aead with { Key = key },
                var other => other,
            };
            Expect.Throws<ArgumentException>(() => device.CreateSession(wrong), $"{wrong} with a key of {key.Length} bytes");
        }
    }

    private void CheckStaleSession() => WithStarted(Specifier, 1, (device, work) =>
    {
        var mine = (Work)work;
        CryptoSession session = device.CreateSession(mine.Oracle.Transform);
        CryptoOp op = work.Make(1)[0];
        op.SetSession(session);
        session.Dispose();
        RequireInvalidSession(device, op);
        using CryptoSession other = device.CreateSession(mine.Oracle.Transform);
        op.Status = OpStatus.NotProcessed;
        RequireInvalidSession(device, op);
        work.Free([op]);
    });

    private void CheckNoSession() => WithStarted(Specifier, 1, (device, work) =>
    {
        using var ops = new CryptoOpPool(new CryptoOpPoolOptions { Name = "bare", Count = 2 });
        Expect.That(ops.TryAlloc(out CryptoOp op), "the check's op pool is empty.");
        CryptoOp model = work.Make(1)[0];
        op.Source = model.Source;
        op.CipherLength = model.CipherLength;
        RequireInvalidSession(device, op);
        op.Free();
        work.Free([model]);
    });

    private void CheckRoundTrip() => WithStarted(Specifier, 1, (device, work) =>
    {
        var mine = (Work)work;
        using CryptoSession backwards = device.CreateSession(mine.Oracle.Reverse());
        bool chains = device.Info.Features.HasFlag(CryptoFeatures.InPlaceScatterGather);
        for (int number = 0; number < 200; number++)
        {
            byte[] data = mine.Oracle.Data(number);
            CryptoOp op = mine.MakeOne(number, chains ? [number % (data.Length + 1), number * 3 % (data.Length + 1)] : []);
            RunOne(device, op);
            Expect.Equal(OpStatus.Success, op.Status, $"status of the forward op {number}");
            work.Verify(op);
            op.SetSession(backwards);
            RunOne(device, op);
            Expect.Equal(OpStatus.Success, op.Status, $"status of the backward op {number}");
            Expect.That(Bytes(op.Source).AsSpan().SequenceEqual(data), $"op {number} did not come back to its plaintext.");
            work.Free([op]);
        }
    });

    private void CheckOutOfPlace() => WithStarted(Specifier, 1, (device, work) =>
    {
        Expect.Offered(device.Info.Features.HasFlag(CryptoFeatures.OutOfPlace), "out-of-place ops");
        var mine = (Work)work;
        for (int number = 0; number < 40; number++)
        {
            CryptoOp op = mine.MakeOne(number);
            op.Destination = mine.Blank(op.Source.PacketLength);
            byte[] before = Bytes(op.Source);
            RunOne(device, op);
            Expect.Equal(OpStatus.Success, op.Status, $"status of op {number}");
            Expect.That(Bytes(op.Source).AsSpan().SequenceEqual(before), $"the source of op {number} was changed.");
            mine.Verify(op);
            work.Free([op]);
        }
    });

    private void CheckAuthenticationFailure() => WithStarted(Specifier, 1, (device, work) =>
    {
        var mine = (Work)work;
        Expect.Offered(mine.Oracle.Transform is AeadTransform, "an AEAD that the kit has an oracle for");
        using CryptoSession backwards = device.CreateSession(mine.Oracle.Reverse());
        for (int number = 1; number < 40; number++)
        {
            CryptoOp op = mine.MakeOne(number);
            RunOne(device, op);
            byte[] sealedBytes = Bytes(op.Source);
            op.Digest[number % 12] ^= (byte)(1 << (number % 8));
            op.SetSession(backwards);
            RunOne(device, op);
            Expect.Equal(OpStatus.AuthenticationFailed, op.Status, $"status of op {number} with a wrong tag");
            byte[] left = Bytes(op.Source);
            byte[] plain = mine.Oracle.Data(number);
            Expect.That(
                plain.Length < 4 || !left.AsSpan().SequenceEqual(plain), $"op {number} failed and its plaintext is there.");
            Expect.That(sealedBytes.Length == left.Length, $"the length of op {number} changed.");
            work.Free([op]);
        }

        Expect.That(device.Statistics.DequeueErrorCount >= 39, "failures were not counted.");
    });

    private void CheckSynchronous() => WithStarted(Specifier, 1, (device, work) =>
    {
        if (!device.Info.Features.HasFlag(CryptoFeatures.Synchronous))
        {
            CryptoOp[] none = work.Make(1);
            Expect.Throws<NotSupportedException>(() => device.Process(none), "Process of a device without it");
            work.Free(none);
            throw new NotOfferedException("the device does not offer the synchronous face");
        }

        CryptoOp[] ops = work.Make(40);
        device.Process(ops);
        foreach (CryptoOp op in ops)
        {
            Expect.Equal(OpStatus.Success, op.Status, $"status of op {op.UserData}");
            work.Verify(op);
        }

        work.Free(ops);
        device.Stop();
        Expect.Throws<InvalidOperationException>(() => device.Process(ops), "Process of a stopped device");
    });

    private void CheckTls13() => WithSecurity<TlsRecordCapability>(c => c.Version == TlsVersion.Tls13, (device, records, capability) =>
    {
        foreach (TlsCipherSuite suite in capability.CipherSuites)
        {
            foreach (int keyLength in capability.KeyLengths.Where(length => suite != TlsCipherSuite.ChaCha20Poly1305 || length == 32))
            {
                using var pair = new SessionPair(device, Tls(suite, keyLength));
                for (int number = 0; number < 70; number++)
                {
                    CheckRecord(device, records, pair, number, $"{suite} key {keyLength}");
                }

                CryptoOp damaged = records.Make(pair.Protect, [1, 2, 3, 4, 5], contentType: 23);
                RunOne(device, damaged);
                damaged.Source.Data[7] ^= 1;
                damaged.SetSession(pair.Unprotect);
                RunOne(device, damaged);
                Expect.Equal(OpStatus.AuthenticationFailed, damaged.Status, "status of a damaged record");
                Expect.Equal(1ul, pair.Unprotect.Statistics.AuthenticationFailureCount, "failures of the session");
                Expect.Equal(70ul, pair.Unprotect.Statistics.PacketCount, "records of the session");
                damaged.FreeWithBuffers();
            }
        }
    });

    private static void CheckRecord(CryptoDevice device, Records records, SessionPair pair, int number, string suite)
    {
        byte[] fragment = CryptoOracle.Pattern(number * 13 % 1200, number);
        CryptoOp op = records.Make(pair.Protect, fragment, contentType: (byte)(number % 2 == 0 ? 23 : 22));
        if (number % 2 == 1 && fragment.Length == 0)
        {
            op.ContentType = 23;
        }

        byte type = op.ContentType;
        op.PaddingLength = number % 5;
        RunOne(device, op);
        Expect.Equal(OpStatus.Success, op.Status, $"{suite}: status of protecting record {number}");
        byte[] record = Bytes(op.Source);
        Expect.Equal(5 + fragment.Length + 1 + (number % 5) + 16, record.Length, $"{suite}: length of record {number}");
        Expect.That(
            record[0] == 23 && record[1] == 3 && record[2] == 3 && (record[3] << 8 | record[4]) == record.Length - 5,
            $"{suite}: the header of record {number} is wrong.");
        op.SetSession(pair.Unprotect);
        op.ContentType = 0;
        RunOne(device, op);
        Expect.Equal(OpStatus.Success, op.Status, $"{suite}: status of opening record {number}");
        Expect.Equal(type, op.ContentType, $"{suite}: content type of record {number}");
        Expect.That(Bytes(op.Source).AsSpan().SequenceEqual(fragment), $"{suite}: record {number} did not open to its fragment.");
        op.FreeWithBuffers();
    }

    private void CheckTlsLimits() => WithSecurity<TlsRecordCapability>(c => c.Version == TlsVersion.Tls13, (device, records, capability) =>
    {
        TlsRecordTransform transform = Tls(capability.CipherSuites[0], capability.KeyLengths[0]) with
        {
            SoftPacketLimit = 2,
            HardPacketLimit = 3,
        };
        using SecuritySession session = device.Security!.CreateSession(transform);
        (OpStatus Status, bool Soft)[] expected =
            [(OpStatus.Success, false), (OpStatus.Success, true), (OpStatus.Success, true), (OpStatus.LifetimeExceeded, false)];
        foreach ((OpStatus status, bool soft) in expected)
        {
            CryptoOp op = records.Make(session, [1, 2, 3], contentType: 23);
            RunOne(device, op);
            Expect.Equal(status, op.Status, "status under the limits");
            Expect.Equal(
                soft, status == OpStatus.Success && op.Flags.HasFlag(CryptoOpFlags.SoftExpiry), "soft expiry under the limits");
            op.FreeWithBuffers();
        }

        Expect.Equal(1ul, session.Statistics.LifetimeCount, "records refused for the limit");
        using SecuritySession last = device.Security.CreateSession(
            Tls(capability.CipherSuites[0], capability.KeyLengths[0]) with { SequenceNumber = ulong.MaxValue });
        CryptoOp first = records.Make(last, [1], contentType: 23);
        RunOne(device, first);
        CryptoOp second = records.Make(last, [1], contentType: 23);
        RunOne(device, second);
        Expect.Equal(OpStatus.LifetimeExceeded, second.Status, "status once the sequence number is used up");
        first.FreeWithBuffers();
        second.FreeWithBuffers();
    });

    private void CheckPdcp() => WithSecurity<PdcpCapability>(c => c.Domain != PdcpDomain.ShortMac, (device, records, _) =>
    {
        foreach (PdcpCapability capability in device.Info.SecurityCapabilities.OfType<PdcpCapability>()
            .Where(c => c.Domain != PdcpDomain.ShortMac))
        {
            foreach (int bits in capability.SequenceNumberBits)
            {
                foreach (PdcpCipher cipher in capability.Ciphers)
                {
                    foreach (PdcpIntegrity integrity in capability.Integrities)
                    {
                        CheckPdcp(device, records, Pdcp(capability.Domain, bits, cipher, integrity));
                    }
                }
            }
        }
    });

    private static void CheckPdcp(CryptoDevice device, Records records, PdcpTransform transform)
    {
        string what = $"{transform.Domain} SN {transform.SequenceNumberBits} {transform.Cipher} {transform.Integrity}";
        int header = transform.SequenceNumberBits switch
        {
            5 or 7 => 1,
            18 => 3,
            _ => 2,
        };
        int mac = transform.Integrity == PdcpIntegrity.None ? 0 : 4;
        using var pair = new SessionPair(device, transform);
        for (int number = 0; number < 20; number++)
        {
            byte[] sdu = CryptoOracle.Pattern(1 + (number * 17), number);
            CryptoOp op = records.Make(pair.Protect, sdu, contentType: 0);
            RunOne(device, op);
            Expect.Equal(OpStatus.Success, op.Status, $"{what}: status of protecting PDU {number}");
            Expect.Equal(header + sdu.Length + mac, op.Source.PacketLength, $"{what}: length of PDU {number}");
            op.SetSession(pair.Unprotect);
            RunOne(device, op);
            Expect.Equal(OpStatus.Success, op.Status, $"{what}: status of opening PDU {number}");
            Expect.That(Bytes(op.Source).AsSpan().SequenceEqual(sdu), $"{what}: PDU {number} did not open to its SDU.");
            op.FreeWithBuffers();
        }

        if (transform.Integrity is PdcpIntegrity.None)
        {
            return;
        }

        CryptoOp damaged = records.Make(pair.Protect, CryptoOracle.Pattern(40, 1), contentType: 0);
        RunOne(device, damaged);
        damaged.Source.Data[^1] ^= 0x10;
        damaged.SetSession(pair.Unprotect);
        RunOne(device, damaged);
        Expect.Equal(OpStatus.AuthenticationFailed, damaged.Status, $"{what}: status of a damaged PDU");
        damaged.FreeWithBuffers();
    }

    private void CheckPdcpCount() => WithSecurity<PdcpCapability>(c => c.Domain == PdcpDomain.UserPlane, (device, records, capability) =>
    {
        int bits = capability.SequenceNumberBits.Min();
        PdcpTransform transform = Pdcp(PdcpDomain.UserPlane, bits, capability.Ciphers[^1], capability.Integrities[^1]) with
        {
            SequenceNumber = (1u << bits) - 2,
            Hfn = 5,
            HfnThreshold = 6,
        };
        using var pair = new SessionPair(device, transform);
        for (int number = 0; number < 4; number++)
        {
            CryptoOp op = records.Make(pair.Protect, CryptoOracle.Pattern(30, number), contentType: 0);
            RunOne(device, op);
            Expect.Equal(OpStatus.Success, op.Status, $"status of PDU {number} over the sequence number's end");
            Expect.Equal(number >= 2, op.Flags.HasFlag(CryptoOpFlags.SoftExpiry), $"soft expiry of PDU {number}");
            op.SetSession(pair.Unprotect);
            RunOne(device, op);
            Expect.Equal(OpStatus.Success, op.Status, $"status of opening PDU {number} over the sequence number's end");
            op.FreeWithBuffers();
        }

        using SecuritySession last = device.Security!.CreateSession(transform with
        {
            SequenceNumber = (1u << bits) - 1,
            Hfn = (1u << (32 - bits)) - 1,
            HfnThreshold = 0,
        });
        CryptoOp final = records.Make(last, [1, 2, 3], contentType: 0);
        RunOne(device, final);
        Expect.Equal(OpStatus.Success, final.Status, "status of the last COUNT");
        CryptoOp beyond = records.Make(last, [1, 2, 3], contentType: 0);
        RunOne(device, beyond);
        Expect.Equal(OpStatus.LifetimeExceeded, beyond.Status, "status beyond the last COUNT");
        Expect.That(Bytes(beyond.Source).AsSpan().SequenceEqual((byte[])[1, 2, 3]), "a refused PDU was changed.");
        final.FreeWithBuffers();
        beyond.FreeWithBuffers();
    });

    private void WithSecurity<TCapability>(Func<TCapability, bool> wanted, Action<CryptoDevice, Records, TCapability> body)
        where TCapability : SecurityCapability
    {
        using CryptoDevice device = Open(Specifier);
        TCapability? capability = device.Info.SecurityCapabilities.OfType<TCapability>().FirstOrDefault(wanted);
        Expect.Offered(capability is not null && device.Security is not null, typeof(TCapability).Name);
        Configure(device, 1);
        device.Start();
        using var records = new Records();
        body(device, records, capability!);
        records.RequireAllBack();
    }

    private static TlsRecordTransform Tls(TlsCipherSuite suite, int keyLength) => new()
    {
        Operation = SecurityOperation.Protect,
        Version = TlsVersion.Tls13,
        CipherSuite = suite,
        Key = CryptoOracle.Pattern(keyLength, 3),
        Iv = CryptoOracle.Pattern(12, 4),
    };

    private static PdcpTransform Pdcp(PdcpDomain domain, int bits, PdcpCipher cipher, PdcpIntegrity integrity) => new()
    {
        Operation = SecurityOperation.Protect,
        Domain = domain,
        Direction = PdcpDirection.Downlink,
        Bearer = 22,
        SequenceNumberBits = bits,
        Cipher = cipher,
        CipherKey = cipher == PdcpCipher.Nea0 ? [] : CryptoOracle.Pattern(16, 5),
        Integrity = integrity,
        IntegrityKey = integrity is PdcpIntegrity.None or PdcpIntegrity.Nia0 ? [] : CryptoOracle.Pattern(16, 6),
        Hfn = 1,
    };

    private static CryptoTransform Transform(CryptoCapability capability, bool least)
    {
        int Size(SizeRange range) => least ? range.Minimum : range.Maximum;
        byte[] key = new byte[Size(capability.KeySizes)];
        return capability switch
        {
            CipherCapability c => new CipherTransform(c.Algorithm, CipherOperation.Encrypt, key, Size(c.IvSizes)),
            AuthCapability a => new AuthTransform(a.Algorithm, AuthOperation.Generate, key, Size(a.IvSizes), Size(a.DigestSizes)),
            AeadCapability e => new AeadTransform(
                e.Algorithm, CipherOperation.Encrypt, key, Size(e.IvSizes), Size(e.DigestSizes), Size(e.AadSizes)),
            _ => throw new ConformanceException($"capability {capability} is of no known kind."),
        };
    }

    private static void RequireInvalidSession(CryptoDevice device, CryptoOp op)
    {
        if (device.EnqueueBurst(0, [op]) == 1)
        {
            var back = new CryptoOp[1];
            Collect(device, 0, back);
        }

        Expect.Equal(OpStatus.InvalidSession, op.Status, "status of an op whose session is not in force");
    }

    private static void RunOne(CryptoDevice device, CryptoOp op)
    {
        op.Status = OpStatus.NotProcessed;
        if (device.EnqueueBurst(0, [op]) == 1)
        {
            var back = new CryptoOp[1];
            Collect(device, 0, back);
            Expect.That(back[0] == op, "another op came back.");
        }
    }

    private static byte[] Bytes(Mbuf mbuf)
    {
        byte[] bytes = new byte[mbuf.PacketLength];
        mbuf.CopyTo(bytes);
        return bytes;
    }

    private sealed record Prepared(CryptoOracle Oracle, CryptoSession Session);

    /// <summary>The two ends of one security session.</summary>
    private sealed class SessionPair : IDisposable
    {
        public SessionPair(CryptoDevice device, SecurityTransform transform)
        {
            Protect = device.Security!.CreateSession(transform);
            Unprotect = device.Security.CreateSession(transform switch
            {
                TlsRecordTransform tls => tls with { Operation = SecurityOperation.Unprotect },
                PdcpTransform pdcp => pdcp with { Operation = SecurityOperation.Unprotect },
                _ => transform,
            });
        }

        public SecuritySession Protect { get; }

        public SecuritySession Unprotect { get; }

        public void Dispose()
        {
            Protect.Dispose();
            Unprotect.Dispose();
        }
    }

    /// <summary>Ops of security sessions, one at a time.</summary>
    private sealed class Records : IDisposable
    {
        private readonly CryptoOpPool _ops = new(new CryptoOpPoolOptions { Name = "records", Count = 8 });
        private readonly MbufPool _mbufs = new(new MbufPoolOptions { Name = "records", Count = 8 });

        public CryptoOp Make(CryptoSession session, ReadOnlySpan<byte> data)
        {
            Expect.That(_ops.TryAlloc(out CryptoOp op), "the check's op pool is empty.");
            op.Source = PacketMaker.Chain(_mbufs, data);
            op.CipherLength = op.AuthLength = data.Length;
            op.SetSession(session);
            return op;
        }

        public CryptoOp Make(SecuritySession session, ReadOnlySpan<byte> data, byte contentType)
        {
            Expect.That(_ops.TryAlloc(out CryptoOp op), "the check's op pool is empty.");
            op.Source = PacketMaker.Chain(_mbufs, data);
            op.CipherLength = data.Length;
            op.ContentType = contentType;
            op.SetSession(session);
            return op;
        }

        public void RequireAllBack()
        {
            Expect.Equal(0, _ops.InUseCount, "ops that did not come back to their pool");
            Expect.Equal(0, _mbufs.InUseCount, "mbufs that did not come back to their pool");
        }

        public void Dispose()
        {
            _ops.Dispose();
            _mbufs.Dispose();
        }
    }

    /// <summary>Packets of many lengths, whose ciphertext the platform's own cryptography knows.</summary>
    private sealed class Work(CryptoDevice device, Prepared prepared, int count) : ConformanceWork<CryptoOp>(
        new CryptoOpPool(new CryptoOpPoolOptions { Name = "conformance", Count = count }),
        new MbufPool(new MbufPoolOptions { Name = "conformance", Count = 3 * count }))
    {
        private readonly bool _chains = device.Info.Features.HasFlag(CryptoFeatures.InPlaceScatterGather);

        public CryptoOracle Oracle => prepared.Oracle;

        public CryptoOp MakeOne(int number, params ReadOnlySpan<int> cuts)
        {
            Expect.That(Ops.TryAlloc(out CryptoOp op), "the check's op pool is empty.");
            op.UserData = (ulong)number;
            op.Source = Chain(Oracle.Data(number), Sorted(cuts));
            Describe(op, number);
            return op;
        }

        public Mbuf Blank(int length) => Packet(new byte[length]);

        public override void Verify(CryptoOp op)
        {
            int number = (int)op.UserData;
            Oracle.Answer(number, out byte[] data, out byte[] digest);
            byte[] seen = Bytes(op.Destination.IsNull ? op.Source : op.Destination);
            Expect.That(seen.AsSpan().SequenceEqual(data), $"the data of op {number} is wrong.");
            Expect.That(op.Digest[..digest.Length].SequenceEqual(digest), $"the digest of op {number} is wrong.");
        }

        protected override void Fill(CryptoOp op, int number)
        {
            byte[] data = Oracle.Data(number);
            op.Source = _chains && number % 3 == 0 ? Chain(data, data.Length / 2) : Packet(data);
            Describe(op, number);
        }

        protected override void Refill(CryptoOp op, int number)
        {
        }

        protected override void Spoil(CryptoOp op) => op.CipherLength = op.Source.PacketLength + 1;

        private void Describe(CryptoOp op, int number)
        {
            op.SetSession(prepared.Session);
            op.CipherLength = op.Source.PacketLength;
            op.AuthLength = op.Source.PacketLength;
            Oracle.Iv(number).CopyTo(op.Iv);
            Oracle.Aad(number).CopyTo(op.Aad);
        }

        private static int[] Sorted(ReadOnlySpan<int> cuts)
        {
            int[] sorted = cuts.ToArray();
            Array.Sort(sorted);
            return sorted;
        }
    }
}
