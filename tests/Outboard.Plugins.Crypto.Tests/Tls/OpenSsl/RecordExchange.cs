using Outboard.Crypto;
using Outboard.Devices;
using Outboard.Plugins.Crypto.Tests.Simd;
using Outboard.Security;

namespace Outboard.Plugins.Crypto.Tests.Tls.OpenSsl;

/// <summary>The sessions for one direction: records of the peer are opened, made again byte for byte, and made anew as the device would.</summary>
internal sealed class RecordExchange : IDisposable
{
    private readonly Bench _bench;
    private readonly PeerSuite _suite;
    private readonly SecuritySession _read;
    private readonly SecuritySession _write;
    private readonly SecuritySession _again;
    private readonly int _header;
    private readonly int _explicit;

    public RecordExchange(Bench bench, PeerSuite suite, DirectionKeys keys)
    {
        _bench = bench;
        _suite = suite;
        _header = suite.Version == TlsVersion.Dtls12 ? 13 : 5;
        _explicit = suite.IvLength == 12 || suite.Suite >= TlsCipherSuite.NullHmacSha1 ? 0
            : suite.Suite is TlsCipherSuite.AesGcm or TlsCipherSuite.AesCcm or TlsCipherSuite.TripleDesCbcHmacSha1 ? 8 : 16;
        TlsRecordTransform transform = Transform(keys);
        SecurityContext security = bench.Device.Security!;
        _read = security.CreateSession(transform with { Operation = SecurityOperation.Unprotect, ReplayWindow = _header == 13 ? 64 : 0 });
        _write = security.CreateSession(transform);
        _again = security.CreateSession(transform with { IvPerPacket = _explicit != 0 });
    }

    /// <summary>Records done.</summary>
    public int Count { get; private set; }

    /// <summary>Opens a record; gives its type, its fragment, and a record of ours for it.</summary>
    public (byte Type, byte[] Fragment, byte[] Record) Exchange(byte[] record)
    {
        Count++;
        CryptoOp op = _bench.Op(_read, _bench.Packet(record));
        Assert.Equal(OpStatus.Success, _bench.Run(op));
        byte[] fragment = Bench.Bytes(op.Source);
        byte type = op.ContentType;
        op.FreeWithBuffers();
        int padding = _suite.Version == TlsVersion.Tls13 ? record.Length - _header - 16 - 1 - fragment.Length : 0;
        Assert.Equal(record, Make(_again, fragment, type, padding, record.AsSpan(_header, _explicit)));
        return (type, fragment, Make(_write, fragment, type, padding, []));
    }

    /// <summary>Goes on with the keys of a key update.</summary>
    public void Update(DirectionKeys keys)
    {
        TlsRecordTransform transform = Transform(keys);
        SecurityContext security = _bench.Device.Security!;
        security.UpdateSession(_read, transform with { Operation = SecurityOperation.Unprotect });
        security.UpdateSession(_write, transform);
        security.UpdateSession(_again, transform);
    }

    public void Dispose()
    {
        _read.Dispose();
        _write.Dispose();
        _again.Dispose();
    }

    private TlsRecordTransform Transform(DirectionKeys keys) => new()
    {
        Operation = SecurityOperation.Protect,
        Version = _suite.Version,
        CipherSuite = _suite.Suite,
        Key = keys.Key,
        Iv = keys.Iv,
        MacKey = keys.MacKey,
        EncryptThenMac = _suite.EncryptThenMac,
        Epoch = (ushort)(_header == 13 ? 1 : 0),
    };

    private byte[] Make(SecuritySession session, byte[] fragment, byte type, int padding, ReadOnlySpan<byte> iv)
    {
        CryptoOp op = _bench.Op(session, _bench.Packet(fragment));
        op.ContentType = type;
        op.PaddingLength = padding;
        iv.CopyTo(op.Iv);
        Assert.Equal(OpStatus.Success, _bench.Run(op));
        byte[] record = Bench.Bytes(op.Source);
        op.FreeWithBuffers();
        return record;
    }
}
