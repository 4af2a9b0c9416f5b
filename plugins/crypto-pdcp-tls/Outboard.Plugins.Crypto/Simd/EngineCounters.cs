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

    /// <summary>Adds another set, which its owner may be counting on: each number is whole, together they may be of different moments.</summary>
    public void Add(in EngineCounters other)
    {
        CipherOps += Volatile.Read(in other.CipherOps);
        AuthOps += Volatile.Read(in other.AuthOps);
        AeadOps += Volatile.Read(in other.AeadOps);
        TlsRecords += Volatile.Read(in other.TlsRecords);
        PdcpPdus += Volatile.Read(in other.PdcpPdus);
        Bytes += Volatile.Read(in other.Bytes);
        AuthenticationFailures += Volatile.Read(in other.AuthenticationFailures);
    }
}
