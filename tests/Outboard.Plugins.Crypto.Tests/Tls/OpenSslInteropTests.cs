using System.Net;
using System.Net.Sockets;
using Outboard.Plugins.Crypto.Tests.Simd;
using Outboard.Plugins.Crypto.Tests.Tls.OpenSsl;
using Outboard.Security;

namespace Outboard.Plugins.Crypto.Tests.Tls;

/// <summary>
/// Live connections between two OpenSSL programs, with the device between them: every protected record of either opens here, is made
/// again byte for byte, and what goes on to the other side is a record that the device made.
/// </summary>
public sealed class OpenSslInteropTests(PeerCertificate certificate) : IClassFixture<PeerCertificate>
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    public static IEnumerable<TheoryDataRow<PeerSuite>> Suites
    {
        get
        {
            yield return new PeerSuite(TlsVersion.Tls13, "TLS_AES_128_GCM_SHA256", TlsCipherSuite.AesGcm, 16);
            yield return new PeerSuite(TlsVersion.Tls13, "TLS_AES_256_GCM_SHA384", TlsCipherSuite.AesGcm, 32, Sha384: true);
            yield return new PeerSuite(TlsVersion.Tls13, "TLS_CHACHA20_POLY1305_SHA256", TlsCipherSuite.ChaCha20Poly1305, 32);
            yield return new PeerSuite(TlsVersion.Tls13, "TLS_AES_128_CCM_SHA256", TlsCipherSuite.AesCcm, 16);
            foreach (TlsVersion version in (TlsVersion[])[TlsVersion.Tls12, TlsVersion.Dtls12])
            {
                yield return new PeerSuite(version, "ECDHE-RSA-AES128-GCM-SHA256", TlsCipherSuite.AesGcm, 16);
                yield return new PeerSuite(version, "ECDHE-RSA-AES256-GCM-SHA384", TlsCipherSuite.AesGcm, 32, Sha384: true);
                yield return new PeerSuite(version, "ECDHE-RSA-CHACHA20-POLY1305", TlsCipherSuite.ChaCha20Poly1305, 32);
                yield return new PeerSuite(version, "AES128-CCM", TlsCipherSuite.AesCcm, 16);
                yield return new PeerSuite(version, "AES256-CCM", TlsCipherSuite.AesCcm, 32);
                yield return new PeerSuite(version, "NULL-SHA", TlsCipherSuite.NullHmacSha1, 0);
                yield return new PeerSuite(version, "NULL-SHA256", TlsCipherSuite.NullHmacSha256, 0);
                foreach (bool encryptThenMac in (bool[])[false, true])
                {
                    yield return new PeerSuite(version, "AES128-SHA", TlsCipherSuite.AesCbcHmacSha1, 16, encryptThenMac);
                    yield return new PeerSuite(version, "AES256-SHA", TlsCipherSuite.AesCbcHmacSha1, 32, encryptThenMac);
                    yield return new PeerSuite(version, "AES128-SHA256", TlsCipherSuite.AesCbcHmacSha256, 16, encryptThenMac);
                    yield return new PeerSuite(version, "AES256-SHA256", TlsCipherSuite.AesCbcHmacSha256, 32, encryptThenMac);
                    yield return new PeerSuite(
                        version, "ECDHE-RSA-AES256-SHA384", TlsCipherSuite.AesCbcHmacSha384, 32, encryptThenMac, Sha384: true);
                    yield return new PeerSuite(version, "DES-CBC3-SHA", TlsCipherSuite.TripleDesCbcHmacSha1, 24, encryptThenMac);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Suites))]
    public async Task BothPeersReadTheRecordsOfTheDevice(PeerSuite suite)
    {
        SkipWhereThePeerHasItNot(suite);

        // Names are of different lengths, so every width meets a peer.
        using var bench = new Bench(64 << (suite.Name.Length % 4));
        await using var connection = new PeerConnection(bench, suite, certificate);
        await connection.Open();
        string shortLine = "a line of no great length", longLine = new('x', suite.Version == TlsVersion.Dtls12 ? 4000 : 20_000);
        await connection.Say(fromServer: false, shortLine);
        await connection.Say(fromServer: false, longLine);
        await connection.Say(fromServer: true, "and one back");
        await connection.Say(fromServer: true, longLine);
        Assert.Contains(shortLine, connection.Relay.Text.Client, StringComparison.Ordinal);
        Assert.Contains(longLine, connection.Relay.Text.Client, StringComparison.Ordinal);
        Assert.Contains("and one back", connection.Relay.Text.Server, StringComparison.Ordinal);
        Assert.Contains(longLine, connection.Relay.Text.Server, StringComparison.Ordinal);
        Assert.True(connection.Relay.Count >= 6);
    }

    [Theory]
    [InlineData("TLS_AES_128_GCM_SHA256", TlsCipherSuite.AesGcm, 16)]
    [InlineData("TLS_CHACHA20_POLY1305_SHA256", TlsCipherSuite.ChaCha20Poly1305, 32)]
    public async Task KeyUpdatesOfBothSidesAreFollowed(string name, TlsCipherSuite cipher, int keyLength)
    {
        var suite = new PeerSuite(TlsVersion.Tls13, name, cipher, keyLength);
        SkipWhereThePeerHasItNot(suite);
        using var bench = new Bench(256);
        await using var connection = new PeerConnection(bench, suite, certificate, commands: true);
        await connection.Open();
        await connection.Say(fromServer: false, "a line under the first keys");

        // A key update that asks for one in return.
        connection.Client.WriteLine("K");
        await connection.Client.WaitFor("KEYUPDATE");
        await connection.Say(fromServer: false, "a line under the next keys");
        await connection.Say(fromServer: true, "and one back under theirs");
        Assert.Equal(2, connection.Relay.KeyUpdateCount);
    }

    private static void SkipWhereThePeerHasItNot(PeerSuite suite)
    {
        string? obstacle = PeerProgram.Obstacle(suite);
        Assert.SkipWhen(obstacle is not null, obstacle ?? string.Empty);
    }

    /// <summary>A client, a server, and the relay between them.</summary>
    private sealed class PeerConnection : IAsyncDisposable
    {
        private readonly CancellationTokenSource _end = new();
        private readonly List<Task> _copies = [];
        private readonly List<IDisposable> _sockets = [];
        private readonly PeerSuite _suite;
        private readonly string[] _clientArguments;
        private readonly PeerProgram _server;
        private readonly int _serverPort = FreePort();
        private PeerProgram? _client;

        public PeerConnection(Bench bench, PeerSuite suite, PeerCertificate certificate, bool commands = false)
        {
            _suite = suite;
            string serverLog = certificate.NewLogPath(), clientLog = certificate.NewLogPath();
            Relay = new RecordRelay(bench, suite, new KeyLog(serverLog, clientLog));
            string[] choice =
            [
                suite.VersionOption,
                .. suite.Version == TlsVersion.Tls13
                    ? (string[])["-ciphersuites", suite.Name] : ["-cipher", suite.Name + ":@SECLEVEL=0"],
                .. suite.Suite > TlsCipherSuite.AesCcm && !suite.EncryptThenMac ? (string[])["-no_etm"] : [],
            ];
            _clientArguments =
                ["s_client", .. choice, "-keylogfile", clientLog, .. commands ? [] : (string[])["-quiet"], "-connect"];
            _server = PeerProgram.Start(
                ["s_server", .. choice, "-keylogfile", serverLog, "-accept", $"127.0.0.1:{_serverPort}",
                    "-cert", certificate.CertificatePath, "-key", certificate.KeyPath]);
        }

        public RecordRelay Relay { get; }

        public PeerProgram Client => _client!;

        public async Task Open()
        {
            await _server.WaitFor("ACCEPT");
            if (_suite.Version == TlsVersion.Dtls12)
            {
                OpenDatagrams();
            }
            else
            {
                await OpenStreams();
            }
        }

        /// <summary>Sends a line and sees it come out on the other side.</summary>
        public async Task Say(bool fromServer, string line)
        {
            (fromServer ? _server : Client).WriteLine(line);
            Task heard = (fromServer ? Client : _server).WaitFor(line);

            // A copy ends only by a failure before the connection does: show that, not that nothing was heard.
            Task first = await Task.WhenAny([heard, .. _copies]);
            await first;
            await heard;
        }

        public async ValueTask DisposeAsync()
        {
            await _end.CancelAsync();
            _client?.Dispose();
            _server.Dispose();
            _sockets.ForEach(socket => socket.Dispose());
            await Task.WhenAll(_copies).WaitAsync(s_patience).ContinueWith(_ => { }, TaskScheduler.Default);
            Relay.Dispose();
            _end.Dispose();
        }

        private async Task OpenStreams()
        {
            using var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            _client = PeerProgram.Start([.. _clientArguments, $"127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}"]);
            TcpClient near = await listener.AcceptTcpClientAsync().WaitAsync(s_patience);
            var far = new TcpClient();
            await far.ConnectAsync(IPAddress.Loopback, _serverPort);
            _sockets.AddRange([near, far]);
            near.NoDelay = far.NoDelay = true;
            _copies.Add(Task.Run(() => CopyStream(near, far, fromServer: false)));
            _copies.Add(Task.Run(() => CopyStream(far, near, fromServer: true)));
        }

        private void OpenDatagrams()
        {
            var near = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
            var far = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
            _sockets.AddRange([near, far]);
            far.Connect(IPAddress.Loopback, _serverPort);
            _client = PeerProgram.Start([.. _clientArguments, $"127.0.0.1:{((IPEndPoint)near.Client.LocalEndPoint!).Port}"]);
            IPEndPoint? client = null;
            _copies.Add(Task.Run(async () =>
            {
                while (!_end.IsCancellationRequested)
                {
                    UdpReceiveResult datagram = await near.ReceiveAsync(_end.Token);
                    client = datagram.RemoteEndPoint;
                    await far.SendAsync(PassAll(datagram.Buffer, fromServer: false));
                }
            }));
            _copies.Add(Task.Run(async () =>
            {
                while (!_end.IsCancellationRequested)
                {
                    byte[] datagram = (await far.ReceiveAsync(_end.Token)).Buffer;
                    await near.SendAsync(PassAll(datagram, fromServer: true), client, _end.Token);
                }
            }));
        }

        private async Task CopyStream(TcpClient from, TcpClient to, bool fromServer)
        {
            byte[] buffer = new byte[65536];
            int filled = 0;
            while (!_end.IsCancellationRequested)
            {
                int count = await from.GetStream().ReadAsync(buffer.AsMemory(filled), _end.Token);
                Assert.NotEqual(0, count);
                filled += count;
                int used = 0;
                for (int length; (length = Relay.RecordLength(buffer.AsSpan(used..filled))) != 0; used += length)
                {
                    byte[] made = Relay.Pass(fromServer, buffer[used..(used + length)]);
                    await to.GetStream().WriteAsync(made, _end.Token);
                }

                buffer.AsSpan(used..filled).CopyTo(buffer);
                filled -= used;
            }
        }

        private byte[] PassAll(byte[] datagram, bool fromServer)
        {
            var made = new List<byte>();
            for (int used = 0; used < datagram.Length;)
            {
                int length = Relay.RecordLength(datagram.AsSpan(used));
                Assert.NotEqual(0, length);
                made.AddRange(Relay.Pass(fromServer, datagram[used..(used + length)]));
                used += length;
            }

            return [.. made];
        }

        private static int FreePort()
        {
            using var probe = new TcpListener(IPAddress.Loopback, 0);
            probe.Start();
            return ((IPEndPoint)probe.LocalEndpoint).Port;
        }
    }
}
