using System.Buffers.Binary;
using Outboard.Crypto;
using Outboard.Devices;
using Outboard.Mbufs;
using Outboard.Security;
using Outboard.Security.Driver;

namespace Outboard.Sdk.Tests.Security.Pdcp;

/// <summary>A device whose cipher and MAC-I are toys that depend on COUNT, direction and key: a PDU opens only under the COUNT it was made with.</summary>
internal sealed class ToyPdcpDevice : ISecurityDriver
{
    private static readonly PdcpCipher[] s_ciphers = [PdcpCipher.Nea0, PdcpCipher.Nea2];
    private static readonly PdcpIntegrity[] s_integrities = [PdcpIntegrity.None, PdcpIntegrity.Nia0, PdcpIntegrity.Nia2];
    private readonly Dictionary<uint, PdcpTransform> _sessions = [];
    private readonly HashSet<(uint Key, uint Count, PdcpDirection Direction)> _used = [];
    private readonly Dictionary<(uint Key, uint Count, PdcpDirection Direction), byte[]> _plain = [];
    private uint _last;

    public ToyPdcpDevice() => Security = new SecurityContext(
        "toy0",
        [
            new PdcpCapability(PdcpDomain.UserPlane, [7, 12, 15, 18], s_ciphers, s_integrities),
            new PdcpCapability(PdcpDomain.ControlPlane, [5, 12], s_ciphers, s_integrities),
        ],
        this,
        _ => { });

    public SecurityContext Security { get; }

    public int SessionCount => _sessions.Count;

    /// <summary>Whether two different SDUs were ever ciphered with one key, COUNT and direction.</summary>
    public bool KeystreamRepeated { get; private set; }

    public uint CreateSecuritySession(SecurityTransform transform)
    {
        _sessions[++_last] = (PdcpTransform)transform;
        return _last;
    }

    public void UpdateSecuritySession(uint handle, SecurityTransform transform) => _sessions[handle] = (PdcpTransform)transform;

    public void ReleaseSecuritySession(uint handle) => Assert.True(_sessions.Remove(handle));

    public SecurityStatistics ReadSecurityStatistics(uint handle) => default;

    public void Process(ReadOnlySpan<CryptoOp> ops)
    {
        foreach (CryptoOp op in ops)
        {
            Assert.Equal(CryptoSessionKind.Security, op.SessionKind);
            PdcpTransform transform = _sessions[op.SessionHandle];
            Assert.True(transform.HfnPerPacket);
            op.Status = transform.Operation == SecurityOperation.Protect ? Protect(op, transform) : Unprotect(op.Source, op.Hfn, transform);
        }
    }

    private OpStatus Protect(CryptoOp op, PdcpTransform transform)
    {
        Mbuf packet = op.Source;
        Assert.True(transform.HeaderInPacket);
        byte[] bytes = new byte[packet.PacketLength];
        packet.CopyTo(bytes);
        int header = (transform.SequenceNumberBits + 7) / 8;
        uint count = Count(bytes, header, op.Hfn, transform);
        var id = (transform.CipherKey.IsEmpty ? 0 : (uint)transform.CipherKey.Span[0], count, transform.Direction);
        if (transform.Cipher != PdcpCipher.Nea0 && !_used.Add(id))
        {
            KeystreamRepeated |= !_plain[id].AsSpan().SequenceEqual(bytes);
        }

        _plain[id] = (byte[])bytes.Clone();
        int code = transform.Integrity == PdcpIntegrity.None ? 0 : 4;
        if (!packet.TryAppend(code, out Span<byte> room))
        {
            return OpStatus.InvalidArguments;
        }

        if (code != 0)
        {
            BinaryPrimitives.WriteUInt32BigEndian(room, Code(bytes, count, transform));
        }

        Cipher(packet, header, count, transform);
        return OpStatus.Success;
    }

    private static OpStatus Unprotect(Mbuf packet, uint hfn, PdcpTransform transform)
    {
        Assert.False(transform.HeaderInPacket);
        int header = (transform.SequenceNumberBits + 7) / 8;
        byte[] head = new byte[header];
        packet.CopyTo(head);
        uint count = Count(head, header, hfn, transform);
        Cipher(packet, header, count, transform);
        byte[] bytes = new byte[packet.PacketLength];
        packet.CopyTo(bytes);
        int code = transform.Integrity == PdcpIntegrity.None ? 0 : 4;
        if (code != 0 && BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(bytes.Length - 4)) != Code(bytes.AsSpan(0, bytes.Length - 4), count, transform))
        {
            return OpStatus.AuthenticationFailed;
        }

        Assert.True(packet.TryTrim(code));
        Assert.True(packet.TryAdjust(header));
        return OpStatus.Success;
    }

    private static uint Count(ReadOnlySpan<byte> bytes, int header, uint hfn, PdcpTransform transform)
    {
        uint value = 0;
        foreach (byte one in bytes[..header])
        {
            value = (value << 8) | one;
        }

        Assert.True(hfn <= uint.MaxValue >> transform.SequenceNumberBits);
        return (hfn << transform.SequenceNumberBits) | (value & ((1u << transform.SequenceNumberBits) - 1));
    }

    private static uint Code(ReadOnlySpan<byte> bytes, uint count, PdcpTransform transform)
    {
        if (transform.Integrity == PdcpIntegrity.Nia0)
        {
            return 0;
        }

        uint sum = (count * 2654435761) ^ ((uint)transform.Direction * 977) ^ transform.IntegrityKey.Span[0];
        foreach (byte one in bytes)
        {
            sum = (sum * 31) + one;
        }

        return sum;
    }

    private static void Cipher(Mbuf packet, int header, uint count, PdcpTransform transform)
    {
        if (transform.Cipher == PdcpCipher.Nea0)
        {
            return;
        }

        byte[] bytes = new byte[packet.PacketLength];
        packet.CopyTo(bytes);
        for (int i = header + (transform.HasSdapHeader ? 1 : 0); i < bytes.Length; i++)
        {
            bytes[i] ^= (byte)((count * 167) + (count >> 9) + ((uint)i * 13) + ((uint)transform.Direction * 91) + transform.CipherKey.Span[0]);
        }

        packet.CopyFrom(bytes);
    }
}
