namespace Outboard.Plugins.Crypto.Simd;

/// <summary>What an engine did for one queue pair, by kind of work.</summary>
internal struct EngineCounters
{
    public ulong CipherOps;
    public ulong AuthOps;
    public ulong AeadOps;
    public ulong TlsRecords;
    public ulong PdcpPdus;
    public ulong Bytes;
    public ulong AuthenticationFailures;

    public static readonly string[] Names =
        ["cipher_ops", "auth_ops", "aead_ops", "tls_records", "pdcp_pdus", "bytes", "authentication_failures"];

    public readonly ulong Get(int index) => index switch
    {
        0 => CipherOps,
        1 => AuthOps,
        2 => AeadOps,
        3 => TlsRecords,
        4 => PdcpPdus,
        5 => Bytes,
        _ => AuthenticationFailures,
    };

    /// <summary>Adds another set with one atomic addition a counter, for callers on any thread.</summary>
    public void AddShared(in EngineCounters other)
    {
        Interlocked.Add(ref CipherOps, other.CipherOps);
        Interlocked.Add(ref AuthOps, other.AuthOps);
        Interlocked.Add(ref AeadOps, other.AeadOps);
        Interlocked.Add(ref TlsRecords, other.TlsRecords);
        Interlocked.Add(ref PdcpPdus, other.PdcpPdus);
        Interlocked.Add(ref Bytes, other.Bytes);
        Interlocked.Add(ref AuthenticationFailures, other.AuthenticationFailures);
    }
}
