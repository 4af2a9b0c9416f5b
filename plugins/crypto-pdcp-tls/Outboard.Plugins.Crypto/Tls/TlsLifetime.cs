using Outboard.Security;

namespace Outboard.Plugins.Crypto.Tls;

/// <summary>How many records a key may still protect or open.</summary>
internal struct TlsLifetime
{
    /// <summary>2^24.5: full-size records under one AES-GCM key before the confidentiality margin is used up (RFC 8446 5.5).</summary>
    public const ulong GcmRecordsMax = 23_726_566;

    /// <summary>2^23: the same for AES-CCM (RFC 9147 4.5.3).</summary>
    public const ulong CcmRecordsMax = 1UL << 23;

    /// <summary>2^20: full-size records stay at 2^31 blocks, half of what makes two blocks of 64 bits alike likely.</summary>
    public const ulong TripleDesRecordsMax = 1UL << 20;

    /// <summary>2^36: forged records after which AES-GCM and ChaCha20-Poly1305 lose their integrity margin (RFC 9147 4.5.3).</summary>
    public const ulong ForgeriesMax = 1UL << 36;

    /// <summary>2^23.5: the same for AES-CCM.</summary>
    public const ulong CcmForgeriesMax = 11_863_283;

    private readonly ulong _soft;
    private readonly ulong _hard;
    private readonly ulong _forgeriesMax;
    private ulong _records;
    private ulong _forgeries;

    /// <param name="suite">The cipher suite.</param>
    /// <param name="soft">The first record that is marked, counted from 1; 0 for none.</param>
    /// <param name="hard">Records; 0 for the limit of the suite.</param>
    public TlsLifetime(TlsCipherSuite suite, ulong soft, ulong hard)
    {
        _soft = soft == 0 ? ulong.MaxValue : soft;
        _hard = hard != 0 ? hard : suite switch
        {
            TlsCipherSuite.AesGcm => GcmRecordsMax,
            TlsCipherSuite.AesCcm => CcmRecordsMax,
            TlsCipherSuite.TripleDesCbcHmacSha1 => TripleDesRecordsMax,
            _ => ulong.MaxValue,
        };
        _forgeriesMax = suite == TlsCipherSuite.AesCcm ? CcmForgeriesMax : ForgeriesMax;
    }

    /// <summary>Whether nothing more may be done under the key.</summary>
    public readonly bool IsOver => _records >= _hard || _forgeries >= _forgeriesMax;

    /// <summary>Counts a record; says whether the soft limit is reached.</summary>
    public bool CountRecord() => ++_records >= _soft;

    /// <summary>Counts a record that did not verify.</summary>
    public void CountForgery() => _forgeries++;
}
