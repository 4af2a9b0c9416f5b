using System.Buffers.Binary;
using System.Text;
using Outboard.Plugins.Crypto.Tests.Simd;
using Outboard.Security;

namespace Outboard.Plugins.Crypto.Tests.Tls.OpenSsl;

/// <summary>Stands between two peers: every protected record is opened and made anew here, so each peer reads records of the device only.</summary>
internal sealed class RecordRelay(Bench bench, PeerSuite suite, KeyLog log) : IDisposable
{
    private const byte ChangeCipherSpec = 20;
    private const byte Handshake = 22;
    private const byte ApplicationData = 23;
    private const byte ServerHello = 2;
    private const byte Finished = 20;
    private const byte KeyUpdate = 24;
    private const int EncryptThenMacExtension = 22;

    private readonly Lock _lock = new();
    private readonly Side[] _sides = [new("CLIENT"), new("SERVER")];
    private readonly int _headerLength = suite.Version == TlsVersion.Dtls12 ? 13 : 5;
    private byte[]? _clientRandom;
    private byte[]? _serverRandom;

    /// <summary>Application data of both directions, as text: that of the client, then that of the server.</summary>
    public (string Client, string Server) Text => (_sides[0].Text.ToString(), _sides[1].Text.ToString());

    /// <summary>Protected records that went through.</summary>
    public int Count => _sides.Sum(side => side.Exchanged + (side.Exchange?.Count ?? 0));

    /// <summary>Key updates seen.</summary>
    public int KeyUpdateCount { get; private set; }

    /// <summary>The bytes of a record that stand at the start, or 0 where there is no whole one yet.</summary>
    public int RecordLength(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < _headerLength)
        {
            return 0;
        }

        int length = _headerLength + BinaryPrimitives.ReadUInt16BigEndian(bytes[(_headerLength - 2)..]);
        return bytes.Length < length ? 0 : length;
    }

    /// <summary>The record to pass on for one of a peer.</summary>
    public byte[] Pass(bool fromServer, byte[] record)
    {
        lock (_lock)
        {
            Side side = _sides[fromServer ? 1 : 0];
            bool isProtected = suite.Version switch
            {
                TlsVersion.Tls13 => record[0] == ApplicationData,
                TlsVersion.Dtls12 => BinaryPrimitives.ReadUInt16BigEndian(record.AsSpan(3)) != 0,
                _ => side.IsProtected,
            };
            if (!isProtected)
            {
                side.IsProtected |= record[0] == ChangeCipherSpec;
                if (record[0] == Handshake)
                {
                    ReadHello(fromServer, record.AsSpan(_headerLength));
                }

                return record;
            }

            side.Exchange ??= NewExchange(side, fromServer);
            (byte type, byte[] fragment, byte[] made) = side.Exchange.Exchange(record);
            if (type == ApplicationData)
            {
                side.Text.Append(Encoding.Latin1.GetString(fragment));
            }
            else if (type == Handshake && suite.Version == TlsVersion.Tls13)
            {
                Follow(side, fragment);
            }

            return made;
        }
    }

    public void Dispose()
    {
        foreach (Side side in _sides)
        {
            side.Exchange?.Dispose();
        }
    }

    private RecordExchange NewExchange(Side side, bool fromServer)
    {
        if (suite.Version == TlsVersion.Tls13)
        {
            side.Secret = log.Wait($"{side.Name}_{(side.IsHandshakeDone ? "TRAFFIC_SECRET_0" : "HANDSHAKE_TRAFFIC_SECRET")}");
            return new RecordExchange(bench, suite, PeerKeys.OfSecret(suite, side.Secret));
        }

        Assert.NotNull(_clientRandom);
        Assert.NotNull(_serverRandom);
        (DirectionKeys client, DirectionKeys server) =
            PeerKeys.OfMaster(suite, log.Wait("CLIENT_RANDOM"), _clientRandom, _serverRandom);
        return new RecordExchange(bench, suite, fromServer ? server : client);
    }

    // TLS 1.3: what a direction's handshake messages do to its keys.
    private void Follow(Side side, byte[] fragment)
    {
        if (!side.IsHandshakeDone)
        {
            side.Messages.AddRange(fragment);
            while (side.Messages.Count >= 4)
            {
                int length = 4 + ((side.Messages[1] << 16) | (side.Messages[2] << 8) | side.Messages[3]);
                if (side.Messages.Count < length)
                {
                    return;
                }

                side.IsHandshakeDone |= side.Messages[0] == Finished;
                side.Messages.RemoveRange(0, length);
            }

            if (side.IsHandshakeDone)
            {
                side.Exchanged += side.Exchange!.Count;
                side.Exchange.Dispose();
                side.Exchange = null;
            }
        }
        else if (fragment[0] == KeyUpdate)
        {
            KeyUpdateCount++;
            side.Secret = PeerKeys.NextSecret(suite, side.Secret);
            side.Exchange!.Update(PeerKeys.OfSecret(suite, side.Secret));
        }
    }

    // The randoms of both sides, and whether they agreed on what the suite says.
    private void ReadHello(bool fromServer, ReadOnlySpan<byte> message)
    {
        if (message[0] is not (1 or ServerHello) || message[0] == (fromServer ? 1 : ServerHello))
        {
            return;
        }

        message = message[(_headerLength == 13 ? 12 : 4)..];
        byte[] random = message.Slice(2, 32).ToArray();
        if (!fromServer)
        {
            _clientRandom ??= random;
            return;
        }

        _serverRandom = random;
        message = message[(34 + 1 + message[34] + 2 + 1)..];
        bool encryptThenMac = false;
        for (message = message.IsEmpty ? message : message[2..]; message.Length >= 4;)
        {
            encryptThenMac |= BinaryPrimitives.ReadUInt16BigEndian(message) == EncryptThenMacExtension;
            message = message[(4 + BinaryPrimitives.ReadUInt16BigEndian(message[2..]))..];
        }

        Assert.Equal(suite.EncryptThenMac, encryptThenMac);
    }

    private sealed class Side(string name)
    {
        public string Name { get; } = name;

        public StringBuilder Text { get; } = new();

        public List<byte> Messages { get; } = [];

        public RecordExchange? Exchange { get; set; }

        public byte[] Secret { get; set; } = [];

        public bool IsProtected { get; set; }

        public bool IsHandshakeDone { get; set; }

        public int Exchanged { get; set; }
    }
}
